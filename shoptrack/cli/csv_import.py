"""The command ``shoptrack import``, which stores the rows of a CSV file."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from difflib import get_close_matches
from io import SEEK_END
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any

import click

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack.db.migrations import check_migrations
from shoptrack.i18n.translation import LANGUAGES, make_translator
from shoptrack.resources.csv.encodings import DELIMITERS
from shoptrack.resources.csv.mappings import CsvMappings
from shoptrack.resources.csv.options import ImportOptions
from shoptrack.resources.csv.planning import ImportPlan, plan_import
from shoptrack.resources.csv.reading import READABLE_ENCODINGS
from shoptrack.resources.csv.report import make_report
from shoptrack.resources.csv.writing import RefusedLines, store_plan
from shoptrack.resources.fields.cells import DATE_FORMATS
from shoptrack.resources.resource import ServedResources


class TableType(click.ParamType):
    """A JSON object of texts."""

    name = "JSON"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the object."""
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError:
            self.fail(
                'This is no JSON. Write an object such as {"日付": "purchase_date"}.', param, ctx
            )


@click.command("import")
@click.argument("resource")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only report what the import would do.")
@click.option("--mapping", help="How a program's files are read, such as zaim.")
@click.option("--columns", type=TableType(), help="Keys of columns by the file's headings.")
@click.option("--defaults", type=TableType(), help="Texts for empty or missing cells, by keys.")
@click.option("--date-format", type=click.Choice(DATE_FORMATS), help="Of all days in the file.")
@click.option("--language", help="Whose separators numbers have, such as de. Default: en.")
@click.option(
    "--encoding", type=click.Choice(list(READABLE_ENCODINGS)), help="Default: recognised."
)
@click.option("--delimiter", type=click.Choice(list(DELIMITERS)), help="Default: recognised.")
@click.option(
    "--ignore-ids", is_flag=True, default=None, help="The ids are those of another installation."
)
@click.pass_obj
def import_rows(
    environment: Environment,
    resource: str,
    file: IO[bytes],
    dry_run: bool,
    mapping: str | None,
    **options: Any,
) -> None:
    """Store the rows of a CSV file: all of them, or none. `-` reads the standard input.

    RESOURCE is a path of the API, such as shopping-records. The same file twice adds nothing.

    Exit codes: 0 if the rows were stored, 1 if the file has faults, and 2 for wrong arguments.
    """
    _check_resource(environment, resource)
    given = {name: value for name, value in options.items() if value is not None}
    with exit_on_domain_error():
        check_migrations(environment.registry)
        found = ImportOptions(**{**_get_mapping(environment, resource, mapping), **given})
        with (
            _make_seekable(file) as seekable,
            _plan(environment, resource, seekable, found) as plan,
        ):
            if plan.faults.lines or dry_run:
                _show(plan, environment, is_dry_run=dry_run)
            else:
                _store(environment, plan)


@contextmanager
def _plan(
    environment: Environment, resource: str, file: IO[bytes], options: ImportOptions
) -> Iterator[ImportPlan]:
    registry = environment.registry
    languages = [make_translator(registry, language) for language in LANGUAGES]
    with ExitStack() as stack:
        with _show_progress("Reading", file.seek(0, SEEK_END)) as advance:
            plan = stack.enter_context(
                plan_import(
                    registry, resource, file, options, languages=languages, on_progress=advance
                )
            )
        yield plan


@contextmanager
def _show_progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar, and return the function that gets how much is done."""
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)


def _store(environment: Environment, plan: ImportPlan) -> None:
    number = plan.counts["new"] + plan.counts["changed"]
    try:
        with _show_progress("Storing", number) as advance, environment.session() as db:
            store_plan(db, plan, advance)
    except RefusedLines as error:
        plan.faults = error.faults
        plan.counts["faulty"] = error.faults.lines
    _show(plan, environment, is_dry_run=False)


def _show(plan: ImportPlan, environment: Environment, *, is_dry_run: bool) -> None:
    """Print the report.

    :raises ClickException: the file has faults
    """
    report = make_report(plan, environment.registry, is_dry_run=is_dry_run)
    counts = ", ".join(
        f"{number:,} {outcome}" for outcome, number in report["counts"].items() if number
    )
    click.echo(f"Lines: {counts or 'none'}.")
    for group in report["new_rows"]:
        click.echo(f"New {group['resource']}: {group['count']:,}.")
        for row in group["rows"] if is_dry_run else ():
            near = ", ".join(one["label"] for one in row["near"])
            click.echo(
                f"  line {row['line']}: {row['name']}" + (f" (near: {near})" if near else "")
            )
    for fault in plan.faults.first:
        click.echo(str(fault), err=True)
    if plan.faults.lines:
        raise click.ClickException(f"{plan.faults.lines:,} lines are faulty. Nothing was stored.")
    if is_dry_run:
        click.echo("This was a dry run. Nothing was stored.")


@contextmanager
def _make_seekable(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Return a file that can be read several times, which a pipe cannot."""
    if file.seekable():
        yield file
        return
    with TemporaryFile() as copy:
        copyfileobj(file, copy)
        yield copy


def _check_resource(environment: Environment, path: str) -> None:
    served = ServedResources.of(environment.registry)
    if path not in served:
        near = get_close_matches(path, served, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise click.UsageError(
            f"There is no resource {path!r}.{hint} There are: {', '.join(sorted(served))}."
        )


def _get_mapping(environment: Environment, path: str, name: str | None) -> dict[str, Any]:
    if name is None:
        return {}
    found = CsvMappings.of(environment.registry).get(path, {})
    if name not in found:
        raise click.UsageError(
            f"There is no mapping {name!r} of {path}. There are: {', '.join(sorted(found)) or 'none'}."
        )
    return found[name].options
