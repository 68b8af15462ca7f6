"""What was measured."""

from dataclasses import dataclass, field

from benchmarks.alone import Alone
from benchmarks.scaling.backup import Backup
from benchmarks.scaling.service import Stage


@dataclass
class Size:
    """What was measured on a database of one size.

    :param fill_seconds: for writing the rows and their indexes
    :param bytes: of the database
    :param requests: by the work's key
    :param memory: bytes that the process had in the end
    """

    fill_seconds: float
    bytes: int
    requests: dict[str, Alone] = field(default_factory=dict)
    backup: Backup | None = None
    memory: int = 0


@dataclass
class Results:
    """Everything that a run measured.

    :param sizes: by backend and number of records
    :param stages: of people, on PostgreSQL
    """

    sizes: dict[tuple[str, int], Size] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
