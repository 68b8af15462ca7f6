"""A request that is being answered."""

from typing import Any

from waitress.task import WSGITask

from shoptrack.web.body_limits import REFUSAL
from shoptrack.web.health import LEAVING


class Task(WSGITask):
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
