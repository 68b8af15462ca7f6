"""The core's own commands: migrations, checks, the development server, a new key."""

import os
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import Any

import click

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack.db import check_connection, migrations
from shoptrack.db.file_check import check_file
from shoptrack.db.migrations import Lineages
from shoptrack.db.unfit import check_database
from shoptrack.events import DatabasePrepared
from shoptrack.plugins import deploy_checks
from shoptrack.resources.resource import ServedResources
from shoptrack.server import startup
from shoptrack.server.settings import ServerSettings
from shoptrack.settings import (
    Settings,
    SettingsTable,
    SettingsTables,
    format_url,
    generate_secret_key,
)


def get_lineages(environment: Environment) -> list[migrations.Lineage]:
    """Return the application's lineages, in the order in which they run."""
    return migrations.sort_lineages(Lineages.of(environment.registry))


@click.command()
@click.option(
    "--beside-django",
    is_flag=True,
    help="Continue even if the database has a Django project's tables.",
)
@click.option(
    "--only-default",
    is_flag=True,
    help="Migrate only the default SQLite file. Any other database must be up to date already.",
)
@click.option(
    "--plugin",
    metavar="NAME",
    help="Migrate only this plugin's tables, and those that they require.",
)
@click.option(
    "--down",
    metavar="REVISION",
    help="Downgrade the plugin to an earlier revision. `base` deletes its tables.",
)
@click.option("--yes", is_flag=True, help="Delete tables without confirmation.")
@click.pass_obj
def migrate(
    environment: Environment,
    beside_django: bool,
    only_default: bool,
    plugin: str | None,
    down: str | None,
    yes: bool,
) -> None:
    """Upgrade the database, or downgrade a plugin's tables.

    A failure rolls everything back. Several processes may start this at once: one works, the others wait.
    """
    lines = get_lineages(environment)
    with exit_on_domain_error():
        if down:
            if not plugin or only_default:
                raise click.UsageError("--down takes --plugin, and no --only-default.")
            downgrade_plugin(environment, lines, plugin, down, yes)
            return
        if plugin:
            lines = migrations.select_with_prerequisites(lines, plugin)
        upgrade_database(environment, lines, beside_django, only_default)
        if not plugin and (
            not only_default or Settings.of(environment.registry).database_is_default
        ):
            environment.registry.notify(DatabasePrepared(environment))
        warn_about_leftovers(environment)


def upgrade_database(
    environment: Environment,
    lines: list[migrations.Lineage],
    beside_django: bool,
    only_default: bool,
) -> None:
    """Apply the pending revisions of these lineages, and print the result."""
    database = environment.database
    name = format_url(database.url)
    settings = Settings.of(environment.registry)
    if not database.is_sqlite and not settings.debug:
        seconds = ServerSettings.of(environment.registry).start_seconds
        startup.wait_for_check(environment.registry, check_connection, seconds)
    with database.read_engine.connect() as connection:
        check_database(connection)
        behind = migrations.find_pending(connection, lines)
    if not behind:
        click.echo(f"{name} is up to date.")
        return
    if only_default and not settings.database_is_default:
        raise click.ClickException(
            f"{name} is not up to date ({', '.join(behind)}), and only the default SQLite file "
            "is changed unasked. Run: shoptrack migrate"
        )
    tables = ServedResources.of(environment.registry).tables & {
        table.name for table in migrations.get_tables(lines)
    }
    migrations.migrate(database, lines, tables=tables, beside_django=beside_django)
    click.echo(f"{name} is up to date now: {', '.join(behind)}.")


def downgrade_plugin(
    environment: Environment, lines: list[migrations.Lineage], plugin: str, to: str, yes: bool
) -> None:
    """Downgrade a plugin, after a preview of what is deleted and a confirmation."""
    database = environment.database
    taking = migrations.Downgrade(database, lines, migrations.get_lineage_name(lines, plugin), to)
    loss = taking.preview()
    click.echo(
        f"This takes {taking.name!r} back to {to} in {format_url(database.url)}, and removes:"
    )
    for table, rows in loss.tables.items():
        click.echo(f"  {table} ({rows:,} {'row' if rows == 1 else 'rows'})")
    for column in loss.columns:
        click.echo(f"  {column}")
    if not (loss.tables or loss.columns):
        click.echo("  no table and no column")
    if not yes:
        if not sys.stdin.isatty():
            raise click.ClickException(
                "Nothing was changed: no terminal to ask for confirmation. Use --yes to confirm."
            )
        click.confirm("This can only be undone from a backup. Continue?", abort=True)
    taking.run()
    click.echo(f"{taking.name!r} is at {to} now.")


def warn_about_leftovers(environment: Environment) -> None:
    """Warn about leftovers: tables of plugins that are disabled or uninstalled."""
    with environment.database.read_engine.connect() as connection:
        for one in migrations.find_leftovers(connection, get_lineages(environment)):
            click.echo(f"Warning: {one}", err=True)


@click.command()
@click.option("--deploy", is_flag=True, help="Check the installation instead: keys, proxies, ….")
@click.option(
    "--fail", is_flag=True, help="With --deploy: exit with status 1 if there are findings."
)
@click.pass_obj
def check(environment: Environment, deploy: bool, fail: bool) -> None:
    """Check that the models and the database agree, or check the installation.

    SQLite's file is read completely, and must not be damaged.
    """
    if deploy:
        check_deployment(environment, fail)
        return
    if fail:
        raise click.UsageError("--fail takes --deploy.")
    lines = get_lineages(environment)
    with exit_on_domain_error():
        if environment.database.is_sqlite and (warning := check_file(environment.database)):
            click.echo(f"Warning: {warning}", err=True)
    with exit_on_domain_error(), environment.database.read_engine.connect() as connection:
        check_database(connection)
        behind = migrations.find_pending(connection, lines)
        if behind:
            raise click.ClickException(
                f"Not up to date: {', '.join(behind)}. Run: shoptrack migrate"
            )
        differences = migrations.find_differences(connection, lines)
        warn_about_leftovers(environment)
    for difference in differences:
        click.echo(migrations.format_difference(difference), err=True)
    if differences:
        raise click.ClickException(
            "The models and the database differ. Either a package lacks a revision, or somebody has "
            "changed the database."
        )
    click.echo("The models and the database agree.")


def check_deployment(environment: Environment, fail: bool) -> None:
    """Print a line for each finding.

    :param fail: whether findings make the command exit with 1
    """
    options = deploy_checks.read_server_options(environment.ini)
    with exit_on_domain_error():
        found = list(
            deploy_checks.find_findings(deploy_checks.Deployment(environment.registry, options))
        )
    for finding in found:
        click.echo(f"{finding.name}: {finding.sentence}")
    if not found:
        click.echo("Nothing was found.")
    elif fail:
        sys.exit(1)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def devserver(options: tuple[str, ...]) -> None:
    """Serve from this folder, and restart after each change of the code.

    Runs pserve development.ini --reload. Further OPTIONS are passed to pserve, such as http_port=8123.
    """
    if not Path("development.ini").exists():
        raise click.ClickException("There is no development.ini in this folder.")
    pserve = str(Path(sys.executable).parent / "pserve")
    os.execv(pserve, [pserve, "--reload", "development.ini", *options])


@click.command()
def secret_key() -> None:
    """Print a fresh key for SHOPTRACK_SECRET_KEY."""
    click.echo(generate_secret_key())


@click.command("settings")
@click.pass_obj
def print_settings(environment: Environment) -> None:
    """Print a template for .env: all variables, also of plugins, with their valid values.

    Each is commented out and has its default. The values of this installation are not printed.
    """
    tables = SettingsTables.of(environment.registry)
    for package, group in groupby(tables, lambda table: table.__module__.partition(".")[0]):
        click.echo(f"# ---- {package} {'-' * (90 - len(package))}\n")
        for table in group:
            for line in _format_table(table):
                click.echo(line)


def _format_table(table: type[SettingsTable]) -> Iterator[str]:
    for variable in table.get_variables():
        older = f" (Also read as {', '.join(variable.names[1:])}.)" if variable.names[1:] else ""
        says = f"It takes {variable.expected}.{older}"
        yield fill(says, 98, initial_indent="# ", subsequent_indent="# ", break_long_words=False)
        yield f"# {variable.name}={_format_default(table.model_fields[variable.field].default)}\n"


def _format_default(default: Any) -> str:
    if default is None:
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    return ", ".join(map(str, default)) if isinstance(default, tuple) else str(default)
