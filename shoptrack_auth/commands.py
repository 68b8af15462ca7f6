"""Commands that make users, and set their passwords."""

import click

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack.db.migrations import check_migrations
from shoptrack.settings import Settings
from shoptrack_auth import asking, user_passwords, users
from shoptrack_auth.delegation import OPERATOR
from shoptrack_auth.first_user import NAME, make_first_user
from shoptrack_auth.models import User
from shoptrack_auth.passwords import Passwords
from shoptrack_auth.profiles import profile_of
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.validators import Profile


@click.command()
@click.option("--username", help="Asked for where it is missing.")
@click.option("--email", help="Asked for where it is missing.")
@click.option(
    "--noinput",
    is_flag=True,
    help="Ask nothing: the password comes from SHOPTRACK_SUPERUSER_PASSWORD.",
)
@asking.password_stdin
@asking.force
@click.option(
    "--first",
    is_flag=True,
    help=f"In debug mode, for a database without users: make {NAME!r} and print its password.",
)
@click.pass_obj
def createsuperuser(
    environment: Environment,
    username: str | None,
    email: str | None,
    noinput: bool,
    password_stdin: bool,
    force: bool,
    first: bool,
) -> None:
    """Make a user who may do everything.

    The password is asked for twice and never taken as an argument, which others could see.
    """
    prepare(environment)
    if first:
        if Settings.of(environment.registry).debug:
            make_first_user(environment)
        return
    if noinput and not password_stdin:
        username, email, password = _from_settings(environment, username, email)
    else:
        username, email, password = _asked_for(
            environment, username, email, password_stdin=password_stdin, force=force
        )
    user = _create_superuser(environment, username, email, password, force=force)
    click.echo(f"The superuser {user.username} was made.")


@click.command()
@click.option("--username", help="Asked for where it is missing.")
@click.option("--email", help="Asked for where it is missing.")
@click.option("--staff", is_flag=True, help="Let the user into the administration's pages.")
@click.option("--group", "groups", multiple=True, help="A group to put the user into; repeatable.")
@asking.password_stdin
@asking.force
@click.pass_obj
def createuser(
    environment: Environment,
    username: str | None,
    email: str | None,
    staff: bool,
    groups: tuple[str, ...],
    password_stdin: bool,
    force: bool,
) -> None:
    """Make a user who may do what groups and permissions allow.

    The password is asked for twice and never taken as an argument, which others could see.
    """
    prepare(environment)
    with environment.session() as db:
        asking.named_groups(db, groups)
    username, email, password = _asked_for(
        environment, username, email, password_stdin=password_stdin, force=force
    )
    with environment.session() as db:
        user = users.create(
            db,
            environment.registry[Passwords],
            username,
            password,
            by=OPERATOR,
            force=force,
            email=email,
            is_staff=staff,
            groups=asking.named_groups(db, groups),
        )
    click.echo(f"The user {user.username} was made.")


@click.command()
@click.argument("username")
@asking.password_stdin
@asking.force
@click.pass_obj
def changepassword(
    environment: Environment, username: str, password_stdin: bool, force: bool
) -> None:
    """Give a user another password, which signs the user out everywhere."""
    prepare(environment)
    with environment.session() as db:
        user = asking.named_user(db, username)
    profile = profile_of(user)
    password = (
        asking.piped_password() if password_stdin else asking.typed_password(profile, force=force)
    )
    with environment.session() as db:
        passwords = environment.registry[Passwords]
        user_passwords.set_password(db, passwords, user.id, password, by=OPERATOR, force=force)
    click.echo(f"The password of {user.username} was changed.")


def prepare(environment: Environment) -> None:
    """End the command unless the plugin is enabled and its tables are there."""
    environment.require_plugin("shoptrack_auth")
    with exit_on_domain_error():
        check_migrations(environment.registry)


def _asked_for(
    environment: Environment,
    username: str | None,
    email: str | None,
    *,
    password_stdin: bool,
    force: bool,
) -> tuple[str, str, str]:
    """Return name, email and password; a name that will not do ends the command at once."""
    if password_stdin:
        if username is None:
            raise click.UsageError("--password-stdin needs --username too.")
        username = asking.free_username(environment, username)
        return username, email or "", asking.piped_password()
    username = asking.free_username(environment, username)
    if email is None:
        email = click.prompt("Email", default="", show_default=False)
    profile = Profile(username, email=email)
    return username, email, asking.typed_password(profile, force=force)


def _from_settings(
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
    return asking.free_username(environment, username), email, password.get_secret_value()


def _create_superuser(
    environment: Environment, username: str, email: str, password: str, *, force: bool
) -> User:
    with environment.session() as db:
        return users.create(
            db,
            environment.registry[Passwords],
            username,
            password,
            by=OPERATOR,
            force=force,
            email=email,
            is_staff=True,
            is_superuser=True,
        )
