"""The command ``shoptrack new-plugin``."""

from pathlib import Path

import click

from shoptrack.cli import exit_on_domain_error
from shoptrack.cli.new_plugin.existing_names import ExistingNames, check_names_are_free
from shoptrack.cli.new_plugin.names import PluginNames
from shoptrack.cli.new_plugin.parts import PARTS, parse_parts
from shoptrack.cli.new_plugin.renderer import render_plugin

NEXT_STEPS = """\
Created a plugin with the resource /api/{names.path}/ and the model {names.model} in {folder}. Next:

  cd {folder}
  pip install --editable '.[dev]'
  pytest
"""
PART_SUMMARIES = "; ".join(f"{part.name}, {part.summary}" for part in PARTS.values())


@click.command()
@click.argument("name")
@click.option(
    "--directory",
    type=click.Path(path_type=Path),
    metavar="D",
    help="The folder to write, new or empty. Default: shoptrack-NAME in this folder.",
)
@click.option(
    "--model",
    metavar="CLASS",
    prompt="Class name of one row, in the singular, as in WishList",
    help="Class name of one row, in the singular, as in WishList. Default: prompt.",
)
@click.option("--path", help="Path of the resource, as in wish-lists. Default: NAME.")
@click.option(
    "--japanese",
    default="",
    metavar="TEXT",
    help="Japanese name of the rows. Default: the English one.",
)
@click.option(
    "--with",
    "listed_parts",
    metavar="PARTS",
    help=f"Further parts, as in settings,command: {PART_SUMMARIES}.",
)
def new_plugin(
    name: str,
    directory: Path | None,
    model: str,
    path: str | None,
    japanese: str,
    listed_parts: str | None,
) -> None:
    """Create a plugin to start from: a resource with its table, migration and tests.

    NAME is the plural of what it stores, as in wish-lists. The package is then called shoptrack_wish_lists.
    """
    with exit_on_domain_error():
        parts = [] if listed_parts is None else parse_parts(listed_parts)
        names = PluginNames.from_input(name, model, path)
        check_names_are_free(names, ExistingNames.from_environment(), parts)
    folder = directory or Path(names.distribution)
    try:
        if folder.exists() and any(folder.iterdir()):
            raise click.ClickException(
                f"The folder {folder} already exists and is not empty. Choose another folder with --directory."
            )
        render_plugin(names, folder, japanese, parts)
    except OSError as error:
        raise click.ClickException(f"Cannot write {folder}: {error.strerror}.") from None
    click.echo(NEXT_STEPS.format(folder=folder, names=names), nl=False)
