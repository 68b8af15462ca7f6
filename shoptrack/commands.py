"""The core's own commands: the database, the development server, a fresh key."""

import os
import sys
from pathlib import Path

import click

from shoptrack import migrations
from shoptrack.cli import Environment, domain_errors
from shoptrack.contributions import Contributions
from shoptrack.db import check_connection
from shoptrack.server import starting
from shoptrack.server.settings import ServerSettings
from shoptrack.settings import Settings, generate_secret_key
from shoptrack.settings.database_url import shown


def lineages(environment: Environment) -> list[migrations.Lineage]:
    """Return the application's lines of migrations, in the order in which they run."""
    return migrations.ordered(Contributions.of(environment.registry).migrations)


@click.command()
@click.option("--beside-django", is_flag=True, help="Also where a Django project's tables are.")
@click.option(
    "--only-default",
    is_flag=True,
    help="Only the default SQLite file; any other database is left alone, and must be up to date.",
)
@click.pass_obj
def migrate(environment: Environment, beside_django: bool, only_default: bool) -> None:
    """Bring the database up to date."""
    database = environment.database
    name = shown(database.url)
    lines = lineages(environment)
    with domain_errors():
        if not database.is_sqlite and not Settings.of(environment.registry).debug:
            seconds = ServerSettings.of(environment.registry).start_seconds
            starting.wait(environment.registry, check_connection, seconds)
        with database.reads.connect() as connection:
            behind = migrations.pending(connection, lines)
        if not behind:
            click.echo(f"{name} is up to date.")
            return
        if only_default and not Settings.of(environment.registry).database_is_default:
            raise click.ClickException(
                f"{name} is not up to date ({', '.join(behind)}), and only the default SQLite file "
                "is changed unasked. Run: shoptrack migrate"
            )
        tables = Contributions.of(environment.registry).tables
        migrations.migrate(database, lines, tables=tables, beside_django=beside_django)
    click.echo(f"{name} is up to date now: {', '.join(behind)}.")


@click.command()
@click.pass_obj
def check(environment: Environment) -> None:
    """Tell whether the models and the database agree."""
    lines = lineages(environment)
    with domain_errors(), environment.database.reads.connect() as connection:
        behind = migrations.pending(connection, lines)
        if behind:
            raise click.ClickException(
                f"Not up to date: {', '.join(behind)}. Run: shoptrack migrate"
            )
        differences = migrations.differences(connection, lines)
    for difference in differences:
        click.echo(difference, err=True)
    if differences:
        raise click.ClickException("The models and the database differ.")
    click.echo("The models and the database agree.")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def devserver(options: tuple[str, ...]) -> None:
    """Serve from this folder, and again after each change of the code.

    It is pserve development.ini --reload; further OPTIONS go to pserve, as in http_port=8123.
    """
    if not Path("development.ini").exists():
        raise click.ClickException("There is no development.ini in this folder.")
    pserve = str(Path(sys.executable).parent / "pserve")
    os.execv(pserve, [pserve, "--reload", "development.ini", *options])


@click.command()
def secret_key() -> None:
    """Print a fresh key for SHOPTRACK_SECRET_KEY."""
    click.echo(generate_secret_key())
