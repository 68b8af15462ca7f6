"""The command ``shoptrack wishes``."""

import click
from sqlalchemy import select

from shoptrack.cli import Environment

from .resources import Wish


@click.command()
@click.pass_obj
def wishes(environment: Environment) -> None:
    """Print all wishes."""
    with environment.database.read_engine.connect() as connection:
        for name in connection.scalars(select(Wish.name)):
            click.echo(name)
