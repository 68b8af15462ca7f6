"""The feed of changes with a long history: ``python -m benchmarks.changes``, or ``make bench-changes``.

The history is filled twice: before the migration that brings the feed, which is timed, and after it. Then a server is
asked for changes, and for new rows with and without what the feed needs of each entry.
"""

import itertools
import json
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import click
from sqlalchemy import Connection

from benchmarks import dataset, machine, markdown
from benchmarks.backends import BACKENDS
from benchmarks.dataset import Dataset
from benchmarks.options import backend_option, out_option
from benchmarks.peers import SHOPTRACK
from benchmarks.results import Spread
from benchmarks.server import Server, serving
from benchmarks.workplace import workplace
from shoptrack.db.migrations import Lineage
from shoptrack.history import HistoryEntry

BEFORE, REVISION = "shoptrack_0008", "shoptrack_0009"
CORE = Lineage("shoptrack", "shoptrack:revisions")
TABLE = HistoryEntry.__tablename__
INDEX = f"ix_{TABLE}_feed"
RECORDS = 1_000
ASKED = 25  # times in a row
ADDED = 200  # rows of a round
URL = "/api/changes/"
HEAD = """# Results of the feed of changes

`make bench-changes` wrote this on {day}: whole HTTP requests to `pserve production.ini`, one after the other, with
{entries:,} history entries older than the feed and as many after. 95 of 100 are about shopping records, 4 about
products, and one about stores. Figures are milliseconds: medians, with the least and the largest in brackets.

"""
FILL = f"""
INSERT INTO {TABLE} (at, username, address, way, job, action, path, row_id, label, changes)
SELECT {{at}}, 'ken', '203.0.113.9', 'api', '', 'changed',
    CASE WHEN n % 100 < 95 THEN 'shopping-records' WHEN n % 100 < 99 THEN 'products' ELSE 'stores' END,
    n % 1000 + 1, 'Beef, Life', {{changes}}
FROM {{numbers}}
"""
CHANGES = """'{"price": [1000, 1200], "quantity": ["500.000", "250.000"]}'"""
SERIES = {
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)",
    "postgresql": "generate_series(1, {count}) AS s(n)",
}
INSTANTS = {"sqlite": "'2025-04-01 09:30:00.000000'", "postgresql": "'2025-04-01T09:30:00Z'"}


def fill(connection: Connection, entries: int) -> None:
    """Write entries, inside the database."""
    kind = connection.dialect.name
    numbers = SERIES[kind].format(count=entries)
    changes = CHANGES if kind == "sqlite" else f"{CHANGES}::json"
    statement = FILL.format(at=INSTANTS[kind], numbers=numbers, changes=changes)
    connection.exec_driver_sql(statement if kind == "sqlite" else statement.replace("%", "%%"))


def migrate(data: Dataset, entries: int) -> float:
    """Return how many milliseconds the migration takes with this many entries."""
    with data.engine.begin() as connection:
        CORE.downgrade(connection, BEFORE)
        fill(connection, entries)
    data.tidy()
    with data.engine.begin() as connection:
        started = time.perf_counter()
        CORE.upgrade(connection, REVISION)
    return (time.perf_counter() - started) * 1000


def ask(server: Server, data: Dataset, old: dict[str, str]) -> Iterator[tuple[str, Spread]]:
    """Yield how long the feed takes.

    :param old: cursors before the second half of the entries, by resource
    """
    newest = get_cursor(server, data)
    requests = {
        "the newest cursor": {},
        "nothing new": {"since": newest},
        "the oldest 100 changes": {"since": old[""], "limit": 100},
        "the oldest 1,000 changes": {"since": old[""]},
        "the oldest 1,000 changes, with documents": {"since": old[""], "include": "document"},
        "nothing new of a resource that never changes": {
            "since": old["origins"],
            "resource": "origins",
        },
    }
    with server.client(data.token) as client:
        for title, params in requests.items():
            path = f"{URL}?{urlencode(params)}"
            taken = [client.timed("GET", path) for _ in range(ASKED + 1)][1:]
            if {times.status for times in taken} != {200}:
                raise click.ClickException(f"{path} failed:\n{server.said()}")
            yield title, Spread.of(times.whole * 1000 for times in taken)


def get_cursor(server: Server, data: Dataset, **params: str) -> str:
    """Return the newest cursor."""
    with server.client(data.token) as client:
        return client.send("GET", f"{URL}?{urlencode(params)}").document["cursor"]


def add(server: Server, data: Dataset, rounds: int) -> Iterator[tuple[str, Spread]]:
    """Yield how long adding a row takes, with and without what the feed needs, in turn."""
    is_sqlite = data.engine.dialect.name == "sqlite"
    where = "" if is_sqlite else " WHERE xid IS NOT NULL"
    with data.engine.connect() as connection:
        default = (
            ""
            if is_sqlite
            else connection.exec_driver_sql(
                "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute ON attnum = adnum "
                f"AND attrelid = adrelid WHERE attname = 'xid' AND adrelid = '{TABLE}'::regclass"
            ).scalar()
        )
    names, found = itertools.count(), {"with": [], "without": []}
    for number in range(-1, rounds):
        for name, figures in found.items():
            with data.engine.begin() as connection:
                connection.exec_driver_sql(f"DROP INDEX IF EXISTS {INDEX}")
                if name == "with":
                    connection.exec_driver_sql(
                        f"CREATE INDEX {INDEX} ON {TABLE} (path, xid, id){where}"
                    )
                if not is_sqlite:
                    change = f"SET DEFAULT {default}" if name == "with" else "DROP DEFAULT"
                    connection.exec_driver_sql(f"ALTER TABLE {TABLE} ALTER COLUMN xid {change}")
            taken = []
            with server.client(data.token) as client:
                for _ in range(ADDED):
                    body = json.dumps({"name": f"u{next(names)}"})
                    times = client.timed("POST", "/api/units/", body)
                    if times.status != 201:
                        raise click.ClickException(f"A row was not added:\n{server.said()}")
                    taken.append(times.whole * 1000)
            if number >= 0:
                figures.append(Spread.of(taken).median)
    for name, figures in found.items():
        yield f"adding a row, {name} the column's default and the index", Spread.of(figures)


@click.command()
@click.option("--entries", type=click.IntRange(1000), default=1_000_000, show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=9, show_default=True)
@backend_option
@out_option("RESULTS-changes.md")
def main(entries: int, rounds: int, backends: Sequence[str], out: Path) -> None:
    """Measure the feed of changes with a long history."""
    facts = machine.description(machine.OURS)
    rows: list[list[str]] = []
    with workplace() as place:
        facts["Cores"] = str(place.cores)
        for name in backends or BACKENDS:
            with BACKENDS[name](place.folder, place.cores.database) as backend:
                facts[backend.title] = backend.version
                data = dataset.create(backend, RECORDS, dataset.demo)
                rows.append([backend.title, "the migration", f"{migrate(data, entries):.0f}"])
                folder = place.folder / f"{backend.title}-changes"
                folder.mkdir()
                with serving(SHOPTRACK, place.cores.server, data.settings, folder) as server:
                    old = {
                        path: get_cursor(server, data, **({"resource": path} if path else {}))
                        for path in ("", "origins")
                    }
                    with data.engine.begin() as connection:
                        fill(connection, entries)
                    data.tidy()
                    for title, spread in (*ask(server, data, old), *add(server, data, rounds)):
                        rows.append([backend.title, title, spread.text()])
                data.dispose()
    facts["Rounds"] = f"{rounds} of {ADDED} new rows, after a first one"
    table = markdown.table(("", "", "milliseconds"), rows)
    click.echo(table)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "RESULTS-changes.md"
    head = HEAD.format(day=date.today(), entries=entries)
    path.write_text(f"{head}{markdown.facts(facts)}\n{table}", encoding="utf-8")
    click.echo(f"The whole is in {path}.")


if __name__ == "__main__":
    main()
