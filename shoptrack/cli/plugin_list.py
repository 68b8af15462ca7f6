"""The command ``shoptrack plugins``."""

from textwrap import TextWrapper
from typing import Any

import click
import orjson

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack.db.migrations.leftovers import make_delete_command
from shoptrack.plugins.plugin_list.plugin_info import PluginList

# Names contain hyphens, and lines must not break there.
WRAPPER = TextWrapper(
    100,
    initial_indent="  ",
    subsequent_indent="    ",
    break_on_hyphens=False,
    break_long_words=False,
)


@click.command()
@click.option(
    "--json", "as_json", is_flag=True, help="Print it as JSON, as /api/plugins/ answers it."
)
@click.pass_obj
def plugins(environment: Environment, as_json: bool) -> None:
    """List the plugins, what each brought, and how far its tables have come."""
    inventory = PluginList.of(environment.registry)
    with exit_on_domain_error(), environment.database.read_engine.connect() as connection:
        found = inventory.read(connection)
    if as_json:
        click.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return
    rows = [("PLUGIN", "PACKAGE", "VERSION", "MIGRATIONS")]
    rows += [
        (one["name"], one["package"], one["version"] or "-", _format_migrations(one["migrations"]))
        for one in found["plugins"]
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
    for one in found["plugins"]:
        click.echo(f"\n{one['name']}: {one['summary'] or 'no summary'}")
        for kind, names in one["brought"].items():
            click.echo(WRAPPER.fill(f"{kind.replace('_', ' ')}: {', '.join(names)}"))
    _print_others(found)


def _format_migrations(lines: list[dict[str, Any]]) -> str:
    return ", ".join(f"{line['state']} ({line['revision'] or 'none'})" for line in lines) or "-"


def _print_others(found: dict[str, Any]) -> None:
    if found["available"]:
        click.echo(f"\nInstalled, but not enabled: {', '.join(found['available'])}")
    for one in found["left_over"]:
        tables = ", ".join(one["tables"]) or "its version table"
        click.echo(f"\nLeft over from {one['name']}: {tables}")
        click.echo(f"  To delete the tables, run: {make_delete_command(one['name'])}")
