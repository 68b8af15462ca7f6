"""A request that is being answered."""

from typing import Any

from waitress.task import WSGITask

from shoptrack.web.health import LEAVING


class Task(WSGITask):
    """Has the application answer; where the server is to end, the connection ends with the answer."""

    def get_environment(self) -> dict[str, Any]:
        """Return what the application is told."""
        environ: dict[str, Any] = super().get_environment()
        if self.channel.server.leaving:
            environ[LEAVING] = True
        return environ

    def build_response_header(self) -> bytes:
        """Return the answer's first line and headers."""
        if self.channel.server.leaving:
            self.set_close_on_finish()
        head: bytes = super().build_response_header()
        return head
