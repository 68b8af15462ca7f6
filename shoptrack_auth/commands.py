"""Commands that create users and set their passwords."""

import click

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack.db.migrations import check_migrations
from shoptrack.events import DatabasePrepared
from shoptrack.settings import Settings
from shoptrack_auth import password_change, prompts, users
from shoptrack_auth.first_user import FIRST_USERNAME, make_first_user
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import User
from shoptrack_auth.password_validators import Profile
from shoptrack_auth.profiles import make_profile
from shoptrack_auth.settings import AuthSettings
from shoptrack_auth.user_management import OPERATOR


@click.command()
@click.option("--username", help="Prompted for if missing.")
@click.option("--email", help="Prompted for if missing.")
@click.option(
    "--noinput",
    is_flag=True,
    help="Do not prompt. Read the password from SHOPTRACK_SUPERUSER_PASSWORD.",
)
@prompts.password_stdin
@prompts.force
@click.option(
    "--first",
    is_flag=True,
    help=f"In debug mode, if there are no users: create {FIRST_USERNAME!r} and print the password.",
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
    """Create a superuser, who has all permissions.

    The password is prompted for twice. It is no argument, because other users of the machine could see it.
    """
    require_auth_tables(environment)
    if first:
        if Settings.of(environment.registry).debug:
            make_first_user(environment)
        return
    if noinput and not password_stdin:
        username, email, password = _get_account_from_settings(environment, username, email)
    else:
        username, email, password = _prompt_account(
            environment, username, email, password_stdin=password_stdin, force=force
        )
    user = _create_superuser(environment, username, email, password, force=force)
    click.echo(f"Created the superuser {user.username}.")
    environment.registry.notify(DatabasePrepared(environment))


@click.command()
@click.option("--username", help="Prompted for if missing.")
@click.option("--email", help="Prompted for if missing.")
@click.option(
    "--staff",
    is_flag=True,
    help="Allow the user to open pages for staff: users, groups, the history.",
)
@click.option("--group", "groups", multiple=True, help="Add the user to this group. Repeatable.")
@prompts.password_stdin
@prompts.force
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
    """Create a user, whose permissions come from groups.

    The password is prompted for twice. It is no argument, because other users of the machine could see it.
    """
    require_auth_tables(environment)
    with environment.session() as db:
        prompts.get_group_ids(db, groups)
    username, email, password = _prompt_account(
        environment, username, email, password_stdin=password_stdin, force=force
    )
    with environment.session() as db:
        user = users.create(
            db,
            environment.registry[UserPasswordHasher],
            username,
            password,
            by=OPERATOR,
            force=force,
            email=email,
            is_staff=staff,
            groups=prompts.get_group_ids(db, groups),
        )
    click.echo(f"Created the user {user.username}.")


@click.command()
@click.argument("username")
@prompts.password_stdin
@prompts.force
@click.option("--revoke-tokens", is_flag=True, help="Revoke the user's API tokens, too.")
@click.pass_obj
def changepassword(
    environment: Environment, username: str, password_stdin: bool, force: bool, revoke_tokens: bool
) -> None:
    """Change a user's password, and end all sessions of the user."""
    require_auth_tables(environment)
    with environment.session() as db:
        user = prompts.get_user(db, username)
    profile = make_profile(user)
    password = (
        prompts.read_password() if password_stdin else prompts.prompt_password(profile, force=force)
    )
    with environment.session() as db:
        hasher = environment.registry[UserPasswordHasher]
        password_change.set_password(
            db,
            hasher,
            user.id,
            password,
            by=OPERATOR,
            force=force,
            with_tokens=revoke_tokens,
        )
    click.echo(f"Changed the password of {user.username}.")


def require_auth_tables(environment: Environment) -> None:
    """Exit with an error unless the plugin is enabled and its migrations are applied."""
    environment.require_plugin("shoptrack_auth")
    with exit_on_domain_error():
        check_migrations(environment.registry)


def _prompt_account(
    environment: Environment,
    username: str | None,
    email: str | None,
    *,
    password_stdin: bool,
    force: bool,
) -> tuple[str, str, str]:
    """Return username, email and password. An invalid username exits at once."""
    if password_stdin:
        if username is None:
            raise click.UsageError("--password-stdin requires --username.")
        username = prompts.prompt_username(environment, username)
        return username, email or "", prompts.read_password()
    username = prompts.prompt_username(environment, username)
    if email is None:
        email = click.prompt("Email", default="", show_default=False)
    profile = Profile(username, email=email)
    return username, email, prompts.prompt_password(profile, force=force)


def _get_account_from_settings(
    environment: Environment, username: str | None, email: str | None
) -> tuple[str, str, str]:
    """Return username, email and password without prompting."""
    password = AuthSettings.of(environment.registry).superuser_password
    if username is None or email is None or password is None:
        values = {
            "--username": username,
            "--email": email,
            "SHOPTRACK_SUPERUSER_PASSWORD": password,
        }
        missing = " and ".join(name for name, value in values.items() if value is None)
        raise click.UsageError(f"--noinput requires {missing}.")
    return prompts.prompt_username(environment, username), email, password.get_secret_value()


def _create_superuser(
    environment: Environment, username: str, email: str, password: str, *, force: bool
) -> User:
    with environment.session() as db:
        return users.create(
            db,
            environment.registry[UserPasswordHasher],
            username,
            password,
            by=OPERATOR,
            force=force,
            email=email,
            is_staff=True,
            is_superuser=True,
        )
