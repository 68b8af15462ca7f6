"""A request that is being answered."""

from typing import Any

import waitress.task
from waitress.task import WSGITask

from shoptrack.web.body_limits import REFUSAL
from shoptrack.web.health import LEAVING


class BodilessTask(waitress.task.Task):
    """Sends no byte after the headers of an answer to HEAD.

    waitress would send the body that it is given, and the end of one that it would have cut into chunks.
    """

    @property
    def is_head(self) -> bool:
        """Tell whether the request is a HEAD. Where answering it failed, the task has another request."""
        is_head: bool = self.channel.requests[0].is_head
        return is_head

    def build_response_header(self) -> bytes:
        """Return the answer's first line and headers."""
        head: bytes = super().build_response_header()
        if self.is_head:
            self.chunked_response = False  # there are no chunks, and no end of them
        return head

    def write(self, data: bytes) -> None:
        """Send a part of the body, after the headers where it is the first."""
        super().write(b"" if self.is_head else data)


class Task(BodilessTask, WSGITask):
    """Has the application answer.

    The connection ends with the answer where the server is to end, or did not take the request whole.
    """

    def get_environment(self) -> dict[str, Any]:
        """Return what the application is told."""
        environ: dict[str, Any] = super().get_environment()
        if self.channel.server.leaving:
            environ[LEAVING] = True
        if self.request.refusal is not None:
            self.channel.has_unread = True
            environ[REFUSAL] = self.request.refusal
        return environ

    def build_response_header(self) -> bytes:
        """Return the answer's first line and headers."""
        if self.channel.server.leaving or self.request.refusal is not None:
            self.set_close_on_finish()
        head: bytes = super().build_response_header()
        return head
