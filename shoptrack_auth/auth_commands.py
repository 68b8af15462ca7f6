"""``shoptrack auth``: manage sessions, failed attempts and password hashes."""

from collections.abc import Sequence
from datetime import datetime
from time import perf_counter

import click
from sqlalchemy import Row, select

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack_auth import sessions
from shoptrack_auth.commands import require_auth_tables
from shoptrack_auth.events import SessionEnded, publish
from shoptrack_auth.hash_limiter import MIB
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import User
from shoptrack_auth.names import make_username_key
from shoptrack_auth.purging import purge_all
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.stored_hashes import StoredHashes
from shoptrack_auth.throttle import Throttle

ID = click.IntRange(1, 2**63 - 1)


@click.group()
def auth() -> None:
    """Manage sessions, throttled sign-ins and password hashes.

    Exit codes: 0 for success, 1 for an error, and 2 for wrong arguments.
    """


@auth.command()
@click.argument("username", required=False)
@click.option("--address", help="Failed attempts from this IP address, or from its IPv6 network.")
@click.option("--all", "all_users", is_flag=True, help="All failed attempts.")
@click.pass_obj
def unlock(
    environment: Environment, username: str | None, address: str | None, all_users: bool
) -> None:
    """Allow a throttled user or IP address to sign in again at once.

    With both, only the failed attempts of this username from this address are deleted.
    """
    if all_users == bool(username or address):
        raise click.UsageError("Name a user, an address (--address), both, or --all.")
    require_auth_tables(environment)
    throttle = Throttle.of(environment.registry)
    with environment.session() as db:
        count = throttle.delete_failures(db, username=username, address=address)
    click.echo(f"Deleted {_format_count(count, 'failed attempt')}.")


@auth.command()
@click.pass_obj
def purge(environment: Environment) -> None:
    """Delete expired sessions, failed attempts that no longer count, and API tokens that expired 30 days ago.

    Each sign-in deletes a few of them, and the job auth.purge all of them each night.
    """
    require_auth_tables(environment)
    expired, failures, tokens = purge_all(environment.session, Throttle.of(environment.registry))
    click.echo(
        f"Deleted {_format_count(expired, 'expired session')}, {_format_count(failures, 'failed attempt')} "
        f"and {_format_count(tokens, 'expired API token')}."
    )


@auth.command("sessions")
@click.option("--username", help="Only sessions of this user.")
@click.option(
    "--end", "ids", type=ID, multiple=True, metavar="ID", help="End this session. Repeatable."
)
@click.option("--end-all", is_flag=True, help="End all sessions, of the user or of all users.")
@click.option("--yes", is_flag=True, help="Sign out all users without confirmation.")
@click.pass_obj
def list_or_end_sessions(
    environment: Environment,
    username: str | None,
    ids: tuple[int, ...],
    end_all: bool,
    yes: bool,
) -> None:
    """List the active sessions, last used first, or end sessions."""
    if ids and end_all:
        raise click.UsageError("--end and --end-all cannot be combined.")
    require_auth_tables(environment)
    user_id = _get_user_id(environment, username) if username is not None else None
    if end_all and user_id is None and not yes:
        click.confirm("This signs out all users. Continue?", abort=True)
    if not ids and not end_all:
        _print_sessions(environment, user_id)
        return
    with environment.session() as db:
        ended = (
            sessions.end_all_sessions(db, user_id)
            if end_all
            else sessions.end_sessions(db, ids, user_id)
        )
        missing = sorted(set(ids) - {row.id for row in ended})
        if missing:
            names = ", ".join(map(str, missing))
            raise click.ClickException(
                f"No active session with this ID: {names}. Nothing was ended."
            )
        for row in ended:
            publish(SessionEnded.from_row(row, environment.registry, db))
    click.echo(f"Ended {_format_count(len(ended), 'session')}.")


@auth.command()
@click.pass_obj
def hashes(environment: Environment) -> None:
    """List the kinds of stored password hashes, with what each costs.

    Hashes of Django or of another cost are replaced when their users sign in. For users who never do, set a new
    password (`shoptrack changepassword`), or delete them.
    """
    require_auth_tables(environment)
    hasher = environment.registry[UserPasswordHasher]
    stored = StoredHashes.of(environment.registry)
    with exit_on_domain_error(), environment.database.read_engine.connect() as connection:
        overview = stored.load_overview(connection)
    lines = [("ALGORITHM", "COST", "USERS", "MEMORY", "TIME", "")]
    for hash, users in overview.kinds:
        started = perf_counter()
        with exit_on_domain_error():
            hasher.verify(hash.dummy, "a password")
        milliseconds = (perf_counter() - started) * 1000
        age = "" if hash[:2] == hasher.dummy_hash[:2] else "old"
        memory = f"{hash.memory / MIB:.0f} MiB" if hash.memory >= MIB else "-"
        lines.append((hash.algorithm, hash.cost, str(users), memory, f"{milliseconds:.0f} ms", age))
    if overview.kinds:
        _print_table(lines)
    else:
        click.echo("No passwords are stored.")
    if overview.without_password:
        click.echo(f"{_format_count(overview.without_password, 'user')} without a password.")
    if overview.unreadable:
        click.echo(
            f"{_format_count(overview.unreadable, 'user')} with an unknown hash, which matches no password."
        )


def _print_sessions(environment: Environment, user_id: int | None) -> None:
    idle = AuthSettings.of(environment.registry).browser_idle_seconds
    with exit_on_domain_error(), environment.database.read_engine.connect() as connection:
        rows = sessions.get_active_sessions(connection, idle, user_id)
    if not rows:
        click.echo("No active sessions.")
        return
    lines = [
        ("ID", "USER", "KIND", "LAST USED", "SINCE", "ADDRESS", "DEVICE"),
        *map(_make_row, rows),
    ]
    _print_table(lines)
    if len(rows) == sessions.MAX_LISTED_SESSIONS:
        click.echo(
            f"Only the {sessions.MAX_LISTED_SESSIONS} sessions that were used last are listed.",
            err=True,
        )


def _print_table(lines: Sequence[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (text.ljust(width) for text, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def _make_row(row: Row) -> tuple[str, ...]:
    return (
        str(row.id),
        _replace_unprintable(row.username),
        row.kind,
        _format_datetime(row.last_used_at),
        _format_datetime(row.created_at),
        row.address or "-",
        _replace_unprintable(row.device) or "-",
    )


def _replace_unprintable(text: str) -> str:
    """Replace characters that could control the terminal: clients choose the text."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _format_datetime(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M:%SZ}"


def _get_user_id(environment: Environment, username: str) -> int:
    found = select(User.id).where(User.username_key == make_username_key(username))
    with exit_on_domain_error(), environment.database.read_engine.connect() as connection:
        id = connection.scalar(found)
    if id is None:
        raise click.ClickException(f"User {username!r} not found.")
    return id


def _format_count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
