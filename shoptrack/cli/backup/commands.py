"""The commands ``shoptrack backup`` and ``shoptrack restore``."""

import sys
from pathlib import Path

import click

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack.cli.backup.archive import open_archive
from shoptrack.cli.backup.restore import restore_rows
from shoptrack.cli.backup.signature import read_key
from shoptrack.cli.backup.writer import BATCH_ROWS, BackupWriter
from shoptrack.db import migrations
from shoptrack.db.migrations import Lineages
from shoptrack.resources.resource import ServedResources
from shoptrack.settings import format_url

KEY_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.option("--key-file", type=KEY_FILE, help="Sign FILE with the key in this file.")
@click.pass_obj
def backup(environment: Environment, file: Path, force: bool, key_file: Path | None) -> None:
    """Write all rows, including those of plugins, to FILE. The server may keep running.

    The file is a consistent snapshot. It can be restored into SQLite and PostgreSQL, whichever database
    it came from. Keep it as secret as the database. It contains no sessions.

    A database of an earlier release need not be migrated first.
    """
    if file.exists() and not force:
        raise click.ClickException(f"{file} is there already. Name another file, or add --force.")
    with exit_on_domain_error():
        key = read_key(key_file) if key_file else None
        lineages = migrations.sort_lineages(Lineages.of(environment.registry))
        with environment.database.snapshot(BATCH_ROWS) as connection:
            dump = BackupWriter(connection, lineages)
            with _make_progress_bar(dump.rows, "Writing") as bar:
                dump.write(file, bar.update, key)
            left_over = migrations.find_leftovers(connection, lineages)
    for one in left_over:
        click.echo(f"Warning: {one}. The backup is without them.", err=True)
    click.echo(f"{file} holds {dump.rows:,} rows ({file.stat().st_size:,} bytes).")
    if not key:
        click.echo(
            "It is not signed, so that restoring it takes --unsigned. With --key-file it is signed.",
            err=True,
        )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key-file", type=KEY_FILE, help="The file with the key that signed FILE.")
@click.option(
    "--unsigned", is_flag=True, help="Restore FILE without a signature check, because you trust it."
)
@click.option(
    "--without",
    metavar="NAME",
    multiple=True,
    help="Skip the rows of a plugin that is not enabled. Repeatable.",
)
@click.option(
    "--beside-django",
    is_flag=True,
    help="Continue even if the database has a Django project's tables.",
)
@click.pass_obj
def restore(
    environment: Environment,
    file: Path,
    key_file: Path | None,
    unsigned: bool,
    without: tuple[str, ...],
    beside_django: bool,
) -> None:
    """Restore a backup into an empty database: all rows, or none.

    The whole file is checked first. Missing tables are created. FILE must be signed by the key, unless
    --unsigned is given. All users have to sign in again, since a backup contains no sessions.
    """
    if key_file and unsigned:
        raise click.UsageError("--key-file and --unsigned exclude each other.")
    with exit_on_domain_error():
        key = read_key(key_file) if key_file else None
        archive, manifest = open_archive(file, key, is_trusted=unsigned)
        lineages = migrations.sort_lineages(Lineages.of(environment.registry))
        rows = sum(table.rows for table in manifest.tables)
        with archive, migrations.open_exclusive_transaction(environment.database) as connection:
            migrations.check_no_django_tables(connection, beside_django)
            with _make_progress_bar(rows, "Reading") as bar:
                written = restore_rows(connection, archive, manifest, lineages, bar.update, without)
            migrations.refresh_derived_tables(
                connection, lineages, ServedResources.of(environment.registry).tables
            )
    name = format_url(environment.database.url)
    click.echo(f"{name} has the {written:,} rows of {manifest.made_at} now.")


def _make_progress_bar(length: int, label: str):
    return click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    )
