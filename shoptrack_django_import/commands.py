"""The command ``shoptrack import-django``."""

import sys
from time import perf_counter

import click
from sqlalchemy import URL

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack.db.migrations import check_migrations
from shoptrack.events import DatabasePrepared
from shoptrack.settings import format_url, parse_url
from shoptrack_django_import import report, source
from shoptrack_django_import.importer import DjangoImporter, check_empty
from shoptrack_django_import.report import format_count


class RowsRejected(click.ClickException):
    """Some rows cannot be imported, and ``--skip-invalid`` was not given."""

    exit_code = 3


def address(context: click.Context, parameter: click.Parameter, value: str) -> URL:
    """Return the URL of a database."""
    try:
        return parse_url(value)
    except ValueError as error:
        raise click.BadParameter(
            f"{error} Write it as sqlite:///db.sqlite3 or postgresql://user@host:5432/name."
        ) from None


@click.command()
@click.argument("url", callback=address)
@click.option("--dry-run", is_flag=True, help="Check and count every row, and write nothing.")
@click.option(
    "--skip-invalid",
    is_flag=True,
    help="Skip rows that cannot be imported, and rows that refer to them.",
)
@click.pass_obj
def import_django(environment: Environment, url: URL, dry_run: bool, skip_invalid: bool) -> None:
    """Import users and rows from the Django backend.

    URL names the database of the Django backend that ShopTrack replaces:
    sqlite:///FILE or postgresql://USER@HOST:5432/NAME. Give a password by PGPASSWORD or
    ~/.pgpass, so that others cannot see it. It may be ShopTrack's own database.

    Users keep their passwords, groups and permissions, and every row keeps its id. The old database
    is only read. Every row is checked first. Rows that cannot be imported are listed with the
    reason, and nothing is written unless --skip-invalid is given. ShopTrack's own tables must be
    empty. Either all accepted rows are written or none.

    Exit status: 0 when done, 1 for an error, 2 for wrong arguments, 3 if rows cannot be
    imported.
    """
    environment.require_plugin("shoptrack_auth")
    started = perf_counter()
    database = environment.database
    with exit_on_domain_error():
        check_migrations(environment.registry)
        with database.read_engine.connect() as target:
            check_empty(target)
        with source.open_source(url) as old:
            importer = DjangoImporter(old)
            if sys.stderr.isatty():
                click.echo(f"Checking {format_url(url)} …", err=True)
            found = importer.check(lambda row: click.echo(str(row), err=True))
            for line in (
                *report.format_counts(found),
                *report.format_unmapped_permissions(importer.find_unmapped_permissions()),
                *report.format_unusable_passwords(importer.find_unusable_passwords()),
            ):
                click.echo(line)
            rejected = sum(count.rejected for count in found)
            if rejected and not skip_invalid:
                raise RowsRejected(report.format_rejected(rejected))
            rows = sum(count.accepted for count in found)
            if dry_run:
                click.echo(f"Nothing was written. Without --dry-run, {rows:,} rows would be.")
                return
            bar = click.progressbar(
                length=rows, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()
            )
            with database.engine.begin() as target, bar:
                importer.write(target, bar.update)
    seconds = perf_counter() - started
    click.echo(
        f"{format_count(rows, 'row', 'rows')} of {format_url(url)} are in "
        f"{format_url(database.url)} now. It took {seconds:.1f} s."
    )
    environment.registry.notify(DatabasePrepared(environment))
