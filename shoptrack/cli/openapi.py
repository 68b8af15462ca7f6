"""The command ``shoptrack openapi``, which writes the OpenAPI document."""

from pathlib import Path

import click

from shoptrack.cli import Environment
from shoptrack.openapi.formats import WRITERS
from shoptrack.openapi.spec import ApiSpec


@click.command()
@click.option(
    "--format",
    "name",
    type=click.Choice(list(WRITERS)),
    default="yaml",
    help="OpenAPI 3.1 as YAML (the default) or as JSON, or Swagger 2.0 as JSON.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="The file to write. Default: the terminal.",
)
@click.pass_obj
def openapi(environment: Environment, name: str, output: Path | None) -> None:
    """Write the OpenAPI document."""
    written = WRITERS[name](environment.registry[ApiSpec])
    if output is None:
        click.echo(written, nl=False)
        return
    try:
        output.write_bytes(written)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from None
    click.echo(f"{output} is written.", err=True)
