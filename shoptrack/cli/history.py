"""The command ``shoptrack history``, which deletes old entries."""

import click

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack.history.purging import delete_old_entries


@click.group()
def history() -> None:
    """Manage the history."""


@history.command()
@click.option(
    "--older-than",
    type=click.IntRange(1, 36_500),
    required=True,
    metavar="DAYS",
    help="The number of days to keep.",
)
@click.pass_obj
def purge(environment: Environment, older_than: int) -> None:
    """Delete old entries permanently. Pages and the API cannot delete entries."""
    with exit_on_domain_error(), environment.database.engine.begin() as connection:
        count = delete_old_entries(connection, older_than)
    click.echo(f"Entries deleted: {count}.")
