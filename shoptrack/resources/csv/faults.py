"""Faults of a file: where they are, and what would do. Only the first hundred are kept."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shoptrack.errors import DomainError
from shoptrack.i18n.translation import _

MAX_FAULTS = 100  # that are kept; the others are only counted


class Fault(NamedTuple):
    """A fault of a file.

    :ivar line: counted from 1, with the header; of a row with line breaks the first one
    :ivar column: its heading in the file, ``None`` for the whole line
    """

    line: int
    column: str | None
    message: str

    def __str__(self) -> str:
        """Return the place and the message."""
        place = f"line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{place}: {self.message}"


@dataclass
class Faults:
    """The faults of a file.

    :ivar lines: how many lines are faulty
    """

    first: list[Fault] = field(default_factory=list)
    lines: int = 0

    def add(self, *faults: Fault) -> None:
        """Add the faults of one line."""
        self.lines += 1
        self.first += faults[: MAX_FAULTS - len(self.first)]


class UnreadableFile(Exception):
    """A file that is no table at all, by its only fault."""

    def __init__(self, message: str, line: int = 1, column: str | None = None):
        self.fault = Fault(line, column, message)
        super().__init__(str(self.fault))


class FaultyFile(DomainError):
    """Lines of a file are invalid, and nothing was stored.

    :param report: what the plan reports
    """

    component_name = "FaultyFile"
    code = "faulty_file"
    detail = _("The file has faults. Nothing was stored.")

    def __init__(self, report: dict[str, Any]):
        self.report = report
        super().__init__()

    def body(self) -> dict[str, Any]:
        """Return the report."""
        return super().body() | self.report
