"""The commands ``shoptrack backup`` and ``shoptrack restore``."""

import sys
from pathlib import Path

import click

from shoptrack import migrations
from shoptrack.backup.archive import opened
from shoptrack.backup.dump import PART, Dump
from shoptrack.backup.load import load
from shoptrack.cli import Environment, domain_errors
from shoptrack.contributions import Contributions
from shoptrack.settings.database_url import shown


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
@click.pass_obj
def backup(environment: Environment, file: Path, force: bool) -> None:
    """Write all rows, those of plugins too, into FILE, while others may go on working.

    The file holds what the database held at one moment. It can be taken back into SQLite and into
    PostgreSQL, whichever it came from. It is as secret as the database.

    A database of an earlier release need not be migrated first.
    """
    if file.exists() and not force:
        raise click.ClickException(f"{file} is there already. Name another file, or add --force.")
    with domain_errors():
        lineages = migrations.ordered(Contributions.of(environment.registry).migrations)
        with environment.database.snapshot(PART) as connection:
            dump = Dump(connection, lineages)
            with _bar(dump.rows, "Writing") as bar:
                dump.write(file, bar.update)
            left_over = migrations.left_over(connection, lineages)
    for one in left_over:
        click.echo(f"Warning: {one}. The backup is without them.", err=True)
    click.echo(f"{file} holds {dump.rows:,} rows ({file.stat().st_size:,} bytes).")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--beside-django", is_flag=True, help="Also where a Django project's tables are.")
@click.pass_obj
def restore(environment: Environment, file: Path, beside_django: bool) -> None:
    """Fill an empty database with the rows of a backup: with all of them, or none.

    The whole file is checked before anything is written. A database without tables gets them.
    """
    brought = Contributions.of(environment.registry)
    with domain_errors():
        archive, manifest = opened(file)
        lineages = migrations.ordered(brought.migrations)
        rows = sum(table.rows for table in manifest.tables)
        with archive, migrations.exclusive(environment.database) as connection:
            migrations.refuse_django(connection, beside_django)
            with _bar(rows, "Reading") as bar:
                load(connection, archive, manifest, lineages, bar.update)
            migrations.look_after(connection, lineages, brought.tables)
    name = shown(environment.database.url)
    click.echo(f"{name} has the {rows:,} rows of {manifest.made_at} now.")


def _bar(length: int, label: str):
    return click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    )
