"""``shoptrack auth``: looking after sign-ins, failures and hashes."""

from collections.abc import Callable, Sequence
from datetime import datetime
from time import perf_counter

import click
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack_auth import sign_ins
from shoptrack_auth.commands import prepare
from shoptrack_auth.events import SessionEnded, tell
from shoptrack_auth.models import User
from shoptrack_auth.names import key
from shoptrack_auth.passwords import Passwords
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.stored_hashes import StoredHashes
from shoptrack_auth.throttle import Throttle
from shoptrack_auth.turns import MIB

ID = click.IntRange(1, 2**63 - 1)
PURGED_AT_ONCE = 1000  # rows a transaction, so that nobody waits for long


@click.group()
def auth() -> None:
    """Look after sessions, after who has to wait, and after hashes of old kinds.

    Each ends with 0 when it is done, with 1 when it cannot be, and with 2 when it is called wrongly.
    """


@auth.command()
@click.argument("username", required=False)
@click.option("--address", help="Those from this address, or from its IPv6 network.")
@click.option("--all", "everybody", is_flag=True, help="Those of everybody.")
@click.pass_obj
def unlock(
    environment: Environment, username: str | None, address: str | None, everybody: bool
) -> None:
    """Let USERNAME, or an address, try again at once, after having failed too often.

    With both, what counts is forgotten for this name at this address only.
    """
    if everybody == bool(username or address):
        raise click.UsageError("Name a user, an address (--address), both, or --all.")
    prepare(environment)
    throttle = Throttle.of(environment.registry)
    with environment.session() as db:
        count = throttle.forget(db, username=username, address=address)
    click.echo(f"Forgot {_counted(count, 'failure')}.")


@auth.command()
@click.pass_obj
def purge(environment: Environment) -> None:
    """Delete sessions that have expired, and failures that no longer count.

    A few are deleted at each sign-in anyway; this is for a nightly job.
    """
    prepare(environment)
    throttle = Throttle.of(environment.registry)
    sessions = _in_parts(environment, lambda db: sign_ins.purge(db, PURGED_AT_ONCE))
    failures = _in_parts(environment, lambda db: throttle.purge(db, PURGED_AT_ONCE))
    click.echo(f"Deleted {_counted(sessions, 'session')} and {_counted(failures, 'failure')}.")


def _in_parts(environment: Environment, purge: Callable[[Session], int]) -> int:
    count = 0
    while True:
        with environment.session() as db:
            part = purge(db)
        count += part
        if part < PURGED_AT_ONCE:
            return count


@auth.command()
@click.option("--username", help="Those of this user only.")
@click.option("--end", "ids", type=ID, multiple=True, metavar="ID", help="End one; repeatable.")
@click.option("--end-all", is_flag=True, help="End all: the user's, or everybody's.")
@click.option("--yes", is_flag=True, help="Do not ask before everybody is signed out.")
@click.pass_obj
def sessions(
    environment: Environment,
    username: str | None,
    ids: tuple[int, ...],
    end_all: bool,
    yes: bool,
) -> None:
    """List the sessions that go on, those used last first, or end some."""
    if ids and end_all:
        raise click.UsageError("--end and --end-all say different things.")
    prepare(environment)
    user_id = _user_id(environment, username) if username is not None else None
    if end_all and user_id is None and not yes:
        click.confirm("Everybody will be signed out. Go on?", abort=True)
    if not ids and not end_all:
        _list(environment, user_id)
        return
    with environment.session() as db:
        ended = sign_ins.end_all(db, user_id) if end_all else sign_ins.end(db, ids, user_id)
        missing = sorted(set(ids) - {row.id for row in ended})
        if missing:
            names = ", ".join(map(str, missing))
            raise click.ClickException(f"No such session goes on, so that none was ended: {names}.")
        for row in ended:
            tell(SessionEnded.of(row, environment.registry, db))
    click.echo(f"Ended {_counted(len(ended), 'session')}.")


@auth.command()
@click.pass_obj
def hashes(environment: Environment) -> None:
    """List the kinds of password hashes that are stored, with what each takes.

    Old ones, of Django or of another cost, are replaced when their users sign in. Who never does keeps theirs: give
    those another password (`shoptrack changepassword`), or delete them.
    """
    prepare(environment)
    passwords = environment.registry[Passwords]
    stored = StoredHashes.of(environment.registry)
    with exit_on_domain_error(), environment.database.read_engine.connect() as connection:
        overview = stored.read(connection)
    lines = [("ALGORITHM", "COST", "USERS", "MEMORY", "TIME", "")]
    for hash, users in overview.kinds:
        started = perf_counter()
        with exit_on_domain_error():
            passwords.verify(hash.stand_in, "a password")
        milliseconds = (perf_counter() - started) * 1000
        age = "" if hash[:2] == passwords.own[:2] else "old"
        memory = f"{hash.memory / MIB:.0f} MiB" if hash.memory >= MIB else "-"
        lines.append((hash.algorithm, hash.cost, str(users), memory, f"{milliseconds:.0f} ms", age))
    if overview.kinds:
        _table(lines)
    else:
        click.echo("No password is stored.")
    if overview.without:
        click.echo(f"{_counted(overview.without, 'user')} without a password.")
    if overview.unreadable:
        click.echo(f"{_counted(overview.unreadable, 'user')} with a hash that fits no password.")


def _list(environment: Environment, user_id: int | None) -> None:
    idle = AuthSettings.of(environment.registry).browser_idle_seconds
    with exit_on_domain_error(), environment.database.read_engine.connect() as connection:
        rows = sign_ins.ongoing(connection, idle, user_id)
    if not rows:
        click.echo("No session goes on.")
        return
    lines = [("ID", "USER", "KIND", "LAST USED", "SINCE", "ADDRESS", "DEVICE"), *map(_line, rows)]
    _table(lines)
    if len(rows) == sign_ins.LISTED:
        click.echo(f"These are the {sign_ins.LISTED} that were used last.", err=True)


def _table(lines: Sequence[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (text.ljust(width) for text, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def _line(row: Row) -> tuple[str, ...]:
    return (
        str(row.id),
        _printable(row.username),
        row.kind,
        _instant(row.last_used_at),
        _instant(row.created_at),
        row.address or "-",
        _printable(row.device) or "-",
    )


def _printable(text: str) -> str:
    """Return a text that strangers chose without what a terminal would obey."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _instant(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M:%SZ}"


def _user_id(environment: Environment, username: str) -> int:
    found = select(User.id).where(User.username_key == key(username))
    with exit_on_domain_error(), environment.database.read_engine.connect() as connection:
        id = connection.scalar(found)
    if id is None:
        raise click.ClickException(f"There is no user {username!r}.")
    return id


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
