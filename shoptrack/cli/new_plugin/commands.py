"""The command ``shoptrack new-plugin``."""

from importlib.util import find_spec
from pathlib import Path

import click

from shoptrack.cli import exit_on_domain_error
from shoptrack.cli.new_plugin.existing_names import ExistingNames, check_names_are_free
from shoptrack.cli.new_plugin.names import PluginNames
from shoptrack.cli.new_plugin.renderer import render_plugin

NEXT_STEPS = """\
{folder} holds a plugin with the resource /api/{names.path}/, whose rows are called {names.model}. Next:

  cd {folder}
  pip install --editable '.[dev]'
  pytest
"""


@click.command()
@click.argument("name")
@click.option(
    "--directory",
    type=click.Path(path_type=Path),
    metavar="D",
    help="The folder to write, which is new or empty. Default: shoptrack-NAME in this folder.",
)
@click.option("--model", metavar="CLASS", help="What one row is called, as in WishList.")
@click.option("--path", help="The resource's path, as in wish-lists.")
@click.option("--japanese", default="", metavar="TEXT", help="What rows are called in Japanese.")
def new_plugin(
    name: str, directory: Path | None, model: str | None, path: str | None, japanese: str
) -> None:
    """Write a plugin to start from: a resource with its table, migration and tests.

    NAME is what its rows are called, as in wish-lists. They are kept by the package shoptrack_wish_lists.
    """
    if find_spec("babel") is None:
        raise click.ClickException(
            "A plugin has translations, which Babel compiles, and that is not installed. Install what plugins are "
            "written with: pip install 'shoptrack[testing]'"
        )
    with exit_on_domain_error():
        names = PluginNames.from_input(name, model, path)
        check_names_are_free(names, ExistingNames.from_environment())
    folder = directory or Path(names.distribution)
    try:
        if folder.exists() and any(folder.iterdir()):
            raise click.ClickException(
                f"{folder} is there already, and not empty. Name another folder by --directory."
            )
        render_plugin(names, folder, japanese)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}.") from None
    click.echo(NEXT_STEPS.format(folder=folder, names=names), nl=False)
