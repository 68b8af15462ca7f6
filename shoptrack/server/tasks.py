"""How requests are answered: by the application, or by the server where no readable request has come."""

import logging
from typing import Any

import orjson
import waitress.task
from waitress.task import ErrorTask, WSGITask

from shoptrack.web import request_id
from shoptrack.web.body_limit import REFUSAL_KEY
from shoptrack.web.headers import add_default_headers
from shoptrack.web.health import DRAINING_KEY
from shoptrack.web.request_path import is_api_path

log = logging.getLogger(__name__)


class BodilessTask(waitress.task.Task):
    """Sends only headers in response to HEAD.

    waitress would send the body that it is given, and the end of a chunked one.
    """

    @property
    def is_head(self) -> bool:
        """Return whether the request is a HEAD. After a failure, the task has another request."""
        is_head: bool = self.channel.requests[0].is_head
        return is_head

    def build_response_header(self) -> bytes:
        """Return the answer's first line and headers."""
        head: bytes = super().build_response_header()
        if self.is_head:
            self.chunked_response = False  # no chunks follow, nor their end
        return head

    def write(self, data: bytes) -> None:
        """Send a part of the body, after the headers where it is the first."""
        super().write(b"" if self.is_head else data)


class RequestTask(BodilessTask, WSGITask):
    """Lets the application respond.

    The connection closes after the response if the server drains, or did not read the whole request.
    """

    def get_environment(self) -> dict[str, Any]:
        """Return the WSGI environ."""
        environ: dict[str, Any] = super().get_environment()
        if self.channel.server.is_draining:
            environ[DRAINING_KEY] = True
        if self.request.refusal is not None:
            self.channel.has_unread = True
            environ[REFUSAL_KEY] = self.request.refusal
        return environ

    def build_response_header(self) -> bytes:
        """Return the answer's first line and headers."""
        if self.channel.server.is_draining or self.request.refusal is not None:
            self.set_close_on_finish()
        head: bytes = super().build_response_header()
        return head


class ErrorResponseTask(BodilessTask, ErrorTask):
    """Responds with a status and a message, as JSON below ``/api/``, and closes the connection."""

    def execute(self) -> None:
        """Send the response."""
        request, error = self.request, self.request.error
        message = f"{error.reason}: {error.body}."
        environ = {
            "PATH_INFO": getattr(request, "wsgi_path", ""),
            "HTTP_X_REQUEST_ID": request.headers.get("X_REQUEST_ID", ""),
        }
        kind, body = self._body(environ, error.code, message)
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", kind), ("Cache-Control", "no-store")]
        if error.code == 503:
            self.response_headers.append(("Retry-After", str(error.retry_after)))
        add_default_headers(environ, self.response_headers)
        request_id.add_header(environ, self.response_headers)
        request.headers.pop("CONNECTION", None)  # else an HTTP/1.0 connection would be kept alive
        self.channel.has_unread = True
        self.set_close_on_finish()
        self.content_length = len(body)
        with request_id.bind_request_id(request_id.get_request_id(environ)):
            # Some messages quote the client.
            log.info("%s from %s", ascii(message), self.channel.addr[0])
        self.write(body)

    @staticmethod
    def _body(environ: dict[str, Any], code: int, message: str) -> tuple[str, bytes]:
        if not is_api_path(environ):
            return "text/plain; charset=utf-8", f"{message}\n".encode()
        body = {"detail": message}
        if code >= 500:
            body["request_id"] = request_id.get_request_id(environ)
        return "application/json", orjson.dumps(body)
