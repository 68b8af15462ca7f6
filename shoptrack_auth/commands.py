"""Commands that look after users."""

import secrets

import click
from sqlalchemy import select

from shoptrack.cli import Environment, domain_errors
from shoptrack.migrations import check_migrations
from shoptrack.settings import Settings
from shoptrack_auth import users
from shoptrack_auth.delegation import OPERATOR
from shoptrack_auth.models import User
from shoptrack_auth.passwords import Passwords
from shoptrack_auth.settings import AuthSettings

FIRST = "admin"


@click.command()
@click.option("--username", help="Asked for where it is missing.")
@click.option("--email", help="Asked for where it is missing.")
@click.option(
    "--noinput",
    is_flag=True,
    help="Ask nothing: the password comes from SHOPTRACK_SUPERUSER_PASSWORD.",
)
@click.option(
    "--first",
    is_flag=True,
    help=f"In debug mode, for a database without users: make {FIRST!r} and print its password.",
)
@click.pass_obj
def createsuperuser(
    environment: Environment, username: str | None, email: str | None, noinput: bool, first: bool
) -> None:
    """Make a user who may do everything.

    The password is asked for twice and never taken as an argument, which others could see.
    """
    environment.require("shoptrack_auth")
    with domain_errors():
        check_migrations(environment.registry)
    if first:
        _create_first(environment)
        return
    values = _given if noinput else _asked_for
    user = _create(environment, *values(environment, username, email))
    click.echo(f"The superuser {user.username} was made.")


def _asked_for(
    environment: Environment, username: str | None, email: str | None
) -> tuple[str, str, str]:
    """Return name, email and password; a name that will not do ends the command at once."""
    if username is None:
        username = click.prompt("Username", type=str)
    with environment.session() as db:
        username = users.available(db, username)
    if email is None:
        email = click.prompt("Email", default="", show_default=False)
    password = click.prompt("Password", hide_input=True, confirmation_prompt="Password again")
    return username, email, password


def _given(
    environment: Environment, username: str | None, email: str | None
) -> tuple[str, str, str]:
    """Return name, email and password without asking."""
    password = AuthSettings.of(environment.registry).superuser_password
    if username is None or email is None or password is None:
        values = {
            "--username": username,
            "--email": email,
            "SHOPTRACK_SUPERUSER_PASSWORD": password,
        }
        missing = " and ".join(name for name, value in values.items() if value is None)
        raise click.UsageError(f"--noinput needs {missing} too.")
    return username, email, password.get_secret_value()


def _create(environment: Environment, username: str, email: str, password: str) -> User:
    passwords = environment.registry[Passwords]
    with environment.session() as db:
        return users.create(
            db,
            passwords,
            username,
            password,
            by=OPERATOR,
            email=email,
            is_staff=True,
            is_superuser=True,
        )


def _create_first(environment: Environment) -> None:
    """Make the first superuser of a database in development; elsewhere nothing happens."""
    if not Settings.of(environment.registry).debug:
        return
    with environment.session() as db:
        if db.scalar(select(User.id).limit(1)):
            return
    password = secrets.token_urlsafe(12)
    _create(environment, FIRST, "", password)
    click.echo(f"\n  The first user is {FIRST!r} with the password {password!r}.")
    click.echo("  It is shown only now; `shoptrack createsuperuser` makes others.\n")
