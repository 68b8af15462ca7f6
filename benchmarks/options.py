"""The options that every measurement has: on which databases, and where the results go."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from benchmarks import machine
from benchmarks.backends import BACKENDS

backend_option = click.option(
    "--backend", "backends", type=click.Choice(BACKENDS), multiple=True, help="Default: both."
)


def out_option(files: str) -> Callable[[Any], Any]:
    """Return the option of the folder for the results.

    :param files: what is written there, such as ``RESULTS-bulk.md``
    """
    return click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        default=machine.ROOT / "benchmarks",
        help=f"The folder for {files}. Default: benchmarks.",
    )
