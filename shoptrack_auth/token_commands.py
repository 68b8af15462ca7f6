"""``shoptrack create-token``: create an API token for a script."""

from datetime import timedelta

import click

from shoptrack.cli import Environment
from shoptrack.resources import InvalidValue
from shoptrack_auth import api_tokens, prompts
from shoptrack_auth.api_token_views import NAME
from shoptrack_auth.api_tokens import DEFAULT_TOKEN_DAYS, NewToken
from shoptrack_auth.commands import require_auth_tables
from shoptrack_auth.models import TokenScope, get_utc_now

MAX_DAYS = 36_500


@click.command()
@click.argument("username")
@click.option("--name", required=True, help="What the token is for.")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in TokenScope]),
    default=TokenScope.READ.value,
    show_default=True,
    help="Whether the token may also change data.",
)
@click.option(
    "--days",
    type=click.IntRange(1, MAX_DAYS),
    default=DEFAULT_TOKEN_DAYS,
    show_default=True,
    help="Days until the token expires.",
)
@click.option("--never-expires", is_flag=True, help="Create a token that never expires.")
@click.option(
    "--permission",
    "permissions",
    multiple=True,
    help="Allow only this permission of the user, such as stores:view. Repeatable.",
)
@click.pass_obj
def create_token(
    environment: Environment,
    username: str,
    name: str,
    scope: str,
    days: int,
    never_expires: bool,
    permissions: tuple[str, ...],
) -> None:
    """Create an API token, with which a script uses the API as a user, and print it.

    It is printed only now, alone on standard output. Users revoke their tokens on their account page.
    """
    require_auth_tables(environment)
    try:
        name = NAME.load(name)
    except InvalidValue as error:
        raise click.BadParameter(" ".join(map(str, error.args)), param_hint="--name") from None
    expires_at = None if never_expires else get_utc_now() + timedelta(days=days)
    new = NewToken(name, TokenScope(scope), expires_at, permissions or None)
    with environment.session() as db:
        user = prompts.get_user(db, username)
        if not user.is_active:
            raise click.ClickException(f"{user.username} is inactive. Activate the user first.")
        _token, secret = api_tokens.create_token(db, user.id, new)
    expiry = f"expires on {expires_at:%Y-%m-%d}" if expires_at else "never expires"
    click.echo(f"Created an API token of {user.username}, which {expiry}:", err=True)
    click.echo(secret)
