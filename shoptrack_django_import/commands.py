"""The command ``shoptrack import-django``."""

import sys
from time import perf_counter

import click
from sqlalchemy import URL

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack.db.migrations import check_migrations
from shoptrack.settings import format_url, parse_url
from shoptrack_django_import import report, source
from shoptrack_django_import.importer import DjangoImporter, check_empty
from shoptrack_django_import.report import format_count


class RowsRejected(click.ClickException):
    """Some rows cannot be taken, and nobody said to leave them out."""

    exit_code = 3


def address(context: click.Context, parameter: click.Parameter, value: str) -> URL:
    """Return a database's address."""
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
    help="Leave out rows that cannot be taken, and those that refer to them.",
)
@click.pass_obj
def import_django(environment: Environment, url: URL, dry_run: bool, skip_invalid: bool) -> None:
    """Bring users and rows over from Django.

    URL is the address of the database of the Django backend that ShopTrack replaces:
    sqlite:///FILE or postgresql://USER@HOST:5432/NAME. A password is better left to PGPASSWORD or
    ~/.pgpass than shown to others. It may be ShopTrack's own database.

    Users keep their passwords, groups and permissions, and every row keeps its id. The old database
    is only read. Every row is checked first, and each that cannot be taken is named with the
    reason; then nothing is written, unless --skip-invalid is given. Otherwise everything is written
    into ShopTrack's database, whose own tables have to be empty, or nothing.

    Exit status: 0 when done, 1 when it cannot be done, 2 for wrong arguments, 3 when rows cannot be
    taken.
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
