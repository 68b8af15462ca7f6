"""The tables of one kind of database, with a column for each number of records."""

from collections.abc import Iterable, Iterator

from benchmarks import markdown
from benchmarks.alone import Alone
from benchmarks.backends import TITLES
from benchmarks.results import MEBIBYTE
from benchmarks.scaling import asked
from benchmarks.scaling.results import Size


def sections(title: str, sizes: dict[int, Size]) -> Iterator[str]:
    """Give the tables: what one client waits for, who works for it, and what the whole takes.

    :param sizes: by number of records
    """
    head = ("", *(f"{records:,} records" for records in sizes))
    on_server = title == TITLES["postgresql"]
    waited, worked = [], []
    for work in asked.ALL:
        found = [size.requests[work.key] for size in sizes.values()]
        waited.append([work.title, *map(_time, found)])
        worked.append([work.title, *(_cpu(alone, on_server) for alone in found)])
    yield markdown.section(
        f"{title}: milliseconds until an answer is there, for one client",
        markdown.table(head, waited),
    )
    who = "of the process + of PostgreSQL" if on_server else "of the process, SQLite's included"
    yield markdown.section(
        f"{title}: milliseconds of processor time for a request, {who}",
        markdown.table(head, worked),
    )
    yield markdown.section(f"{title}: the whole", markdown.table(head, _whole(sizes.values())))


def _time(alone: Alone) -> str:
    return alone.milliseconds.text() if alone.milliseconds else f"answered {alone.status}"


def _cpu(alone: Alone, on_server: bool) -> str:
    if alone.milliseconds is None:
        return ""
    return f"{alone.server:,.1f} + {alone.database:,.1f}" if on_server else f"{alone.server:,.1f}"


def _whole(sizes: Iterable[Size]) -> Iterator[list[str]]:
    sizes = list(sizes)
    backups = [size.backup for size in sizes if size.backup]
    yield ["The rows are written", *(f"{size.fill_seconds:,.0f} s" for size in sizes)]
    yield ["The database", *(_mebibytes(size.bytes) for size in sizes)]
    yield ["Memory of the process afterwards", *(_mebibytes(size.memory) for size in sizes)]
    yield ["A backup", *(f"{backup.seconds:,.1f} s" for backup in backups)]
    yield ["… its processor time", *(f"{backup.server:,.1f} s" for backup in backups)]
    yield ["… its file", *(_mebibytes(backup.bytes) for backup in backups)]


def _mebibytes(number: int) -> str:
    return f"{number / MEBIBYTE:,.0f} MiB"
