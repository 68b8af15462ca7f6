"""What the server answers itself, since nothing that the application could be asked has come."""

import logging
from typing import Any

import orjson
from waitress.task import ErrorTask

from shoptrack.server.task import BodilessTask
from shoptrack.web import request_id
from shoptrack.web.address import is_api
from shoptrack.web.headers import complete

log = logging.getLogger(__name__)


class Refusal(BodilessTask, ErrorTask):
    """Answers with a status and a sentence, as JSON where the path is known as the API's; then the connection ends."""

    def execute(self) -> None:
        """Write the answer."""
        request, error = self.request, self.request.error
        sentence = f"{error.reason}: {error.body}."
        sent = {
            "PATH_INFO": getattr(request, "wsgi_path", ""),
            "HTTP_X_REQUEST_ID": request.headers.get("X_REQUEST_ID", ""),
        }
        kind, body = self._body(sent, error.code, sentence)
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", kind), ("Cache-Control", "no-store")]
        if error.code == 503:
            self.response_headers.append(("Retry-After", str(error.retry_after)))
        complete(sent, self.response_headers)
        request_id.mark(sent, self.response_headers)
        request.headers.pop("CONNECTION", None)  # else one of HTTP/1.0 would be promised to go on
        self.channel.has_unread = True
        self.set_close_on_finish()
        self.content_length = len(body)
        with request_id.carried(request_id.of(sent)):
            # What a stranger sent stands in some of these sentences.
            log.info("%s from %s", ascii(sentence), self.channel.addr[0])
        self.write(body)

    @staticmethod
    def _body(sent: dict[str, Any], code: int, sentence: str) -> tuple[str, bytes]:
        if not is_api(sent):
            return "text/plain; charset=utf-8", f"{sentence}\n".encode()
        said = {"detail": sentence}
        if code >= 500:
            said["request_id"] = request_id.of(sent)
        return "application/json", orjson.dumps(said)
