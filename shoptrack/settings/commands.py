"""The command ``shoptrack settings``: every variable that there is, as a file to begin with."""

from collections.abc import Iterator
from itertools import groupby
from textwrap import fill
from typing import Any

import click

from shoptrack.cli import Environment
from shoptrack.settings import SettingsTables
from shoptrack.settings.table import SettingsTable


@click.command()
@click.pass_obj
def settings(environment: Environment) -> None:
    """Print an .env to begin with: all variables, those of plugins too, with what they take.

    Each stands behind a # with its default. The values of this installation are not told.
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
