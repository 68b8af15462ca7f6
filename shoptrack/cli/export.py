"""The command ``shoptrack export``, which writes the rows of a resource as a CSV file."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack.i18n.translation import make_translator
from shoptrack.resources.csv import DELIMITERS, ENCODINGS, HEADINGS, KEYS, CsvExport
from shoptrack.resources.csv.writer import CHUNK_ROWS
from shoptrack.resources.repository import Repository
from shoptrack.resources.resource import ServedResources


def parse_filter(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Return the name and the text of each filter."""
    pairs = [value.partition("=") for value in values]
    for name, sign, _text in pairs:
        if not sign:
            raise click.BadParameter(f"{name!r} has no value. Write it as price__gte=500.")
    return [(name, text) for name, _sign, text in pairs]


@click.command()
@click.argument("resource")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write. Default: the terminal.",
)
@click.option(
    "--encoding",
    type=click.Choice(ENCODINGS),
    default=ENCODINGS[0],
    show_default=True,
    help="utf-8-sig is what Excel needs, cp932 Windows' Shift_JIS.",
)
@click.option("--delimiter", type=click.Choice(list(DELIMITERS)), default=",", show_default=True)
@click.option(
    "--headings",
    type=click.Choice(HEADINGS),
    default="en",
    show_default=True,
    help="A language, or the columns' stable names for scripts.",
)
@click.option(
    "--filter",
    "-f",
    "filters",
    multiple=True,
    callback=parse_filter,
    metavar="NAME=VALUE",
    help="A filter of the list, such as purchase_date__gte=2025-04-01. Repeatable.",
)
@click.option("--search", metavar="WORDS", help="Words that each row has.")
@click.option("--ordering", metavar="FIELDS", help="As in -purchase_date,-id.")
@click.option("--fields", metavar="NAMES", help="The fields to write, separated by commas.")
@click.pass_obj
def export(
    environment: Environment,
    resource: str,
    output: Path | None,
    filters: list[tuple[str, str]],
    **options: str | None,
) -> None:
    """Write the rows of RESOURCE, such as shopping-records, as a CSV file.

    The file is the one of /api/RESOURCE/export/: all rows of one moment, whatever others change
    meanwhile. FILE appears only once it is complete.
    """
    registry, database = environment.registry, environment.database
    resources = ServedResources.of(registry)
    if resource not in resources:
        raise click.UsageError(f"Unknown resource {resource!r}. Available: {', '.join(resources)}.")
    file_export = CsvExport(Repository.of(registry, resource))
    sent = [(name, text) for name, text in options.items() if text is not None]
    with exit_on_domain_error():
        query = file_export.parameters.parse([*filters, *sent])
        headings = query.options["headings"]
        translate = None if headings == KEYS else make_translator(registry, headings)
        with database.snapshot(CHUNK_ROWS) as connection:
            count = file_export.repository.count(connection, query)
            chunks = file_export.write(connection, query, translate=translate)
            with _open_output(output) as file, _make_progress_bar(count, output) as bar:
                file.write(next(chunks))  # the headings
                for chunk in chunks:
                    file.write(chunk)
                    bar.update(CHUNK_ROWS)
    if output is not None:
        click.echo(f"{output} has {count:,} rows.", err=True)


@contextmanager
def _open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Open a new file that appears under its name only once it is complete, or what is there if that is no file."""
    if path is None:
        yield sys.stdout.buffer
        return
    is_device = path.exists() and not path.is_file()  # as /dev/null
    part = path if is_device else path.with_name(f"{path.name}.part")
    try:
        with open(part, "wb") as file:
            yield file
            file.flush()
            if not is_device:
                os.fsync(file.fileno())
        if not is_device:
            part.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from None
    finally:
        if not is_device:
            part.unlink(missing_ok=True)


def _make_progress_bar(length: int, output: Path | None) -> Any:
    # A terminal that shows the file cannot show the bar as well.
    is_hidden = not sys.stderr.isatty() or (output is None and sys.stdout.isatty())
    return click.progressbar(length=length, label="Writing", file=sys.stderr, hidden=is_hidden)
