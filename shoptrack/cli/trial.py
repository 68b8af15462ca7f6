"""The command ``shoptrack try``: a complete ShopTrack in one folder, for a first look.

The key is in its file ``.env`` and the rows are in ``shoptrack.sqlite3``. All other commands find both there.
"""

import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

import click
from pyramid.interfaces import IRoutesMapper

from shoptrack.cli import Environment, exit_on_domain_error
from shoptrack.cli.commands import get_lineages, upgrade_database
from shoptrack.events import DatabasePrepared, TrialPrepared
from shoptrack.settings import generate_secret_key

DATABASE = "shoptrack.sqlite3"
SETTINGS = ".env"
PAGES = {"API": "/api/", "Documentation": "/api/docs/", "Administration": "/admin/"}
ENV_HEADER = "# Made by `shoptrack try`. With this key anybody can sign in as any user.\n"


@click.command("try")
@click.argument(
    "folder",
    envvar="SHOPTRACK_TRY_FOLDER",
    default="shoptrack-try",
    type=click.Path(path_type=Path, resolve_path=True),
)
@click.option(
    "--host",
    envvar="SHOPTRACK_TRY_HOST",
    default="127.0.0.1",
    help="The address to serve at: this machine's own by default, 0.0.0.0 for every one.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, help="Default: 8000.")
@click.pass_obj
def try_out(environment: Environment, folder: Path, host: str, port: int) -> None:
    """Serve a complete ShopTrack from FOLDER, to try it.

    The first run creates the folder with a secret key and a SQLite database, and a first user whose
    password is printed. Later runs use them again. DATABASE_URL is ignored.
    Default: the folder shoptrack-try.
    """
    ini = Path(environment.path).resolve() if environment.path else None
    check_address(host, port)
    prepare_folder(folder)
    os.chdir(folder)
    os.environ["DATABASE_URL"] = f"sqlite:///{DATABASE}"
    trial = Environment(str(ini) if ini else None)
    try:
        with exit_on_domain_error():
            upgrade_database(trial, get_lineages(trial), beside_django=False, only_default=False)
            trial.registry.notify(DatabasePrepared(trial))
            trial.registry.notify(TrialPrepared(trial))
    finally:
        trial.close()
    routes = trial.registry.getUtility(IRoutesMapper).get_routes()
    for name, path in PAGES.items():
        if any(route.match(path) is not None for route in routes):
            click.echo(f"  {name:<14}  http://localhost:{port}{path}")
    serve(trial.ini, host, port)


def check_address(host: str, port: int) -> None:
    """End the command if the server could not listen, before anything is created."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        number = error.errno or 0  # negative if a name is unknown, with a message of its own
        reason = os.strerror(number) if number > 0 else error.strerror
        raise click.ClickException(
            f"ShopTrack cannot listen at {host} port {port}: {reason}. "
            f"Choose another port: shoptrack try --port {port + 1 if port < 65535 else 8000}"
        ) from None


def prepare_folder(folder: Path) -> None:
    """Create the folder and its key if missing; end the command if the folder is not usable."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass  # checks that the folder is writable, even if nothing is written
        foreign = find_foreign(folder)
        if not foreign and not (folder / SETTINGS).exists():
            write_key(folder / SETTINGS)
    except OSError as error:
        raise click.ClickException(
            f"The user {os.geteuid()} cannot write into the folder {folder}: {error.strerror}. "
            "Give it to that user, or name another folder: shoptrack try FOLDER"
        ) from None
    if foreign:
        raise click.ClickException(
            f"{folder / foreign} was not made by `shoptrack try`, and is left alone. "
            "Name another folder: shoptrack try FOLDER"
        )


def find_foreign(folder: Path) -> str | None:
    """Return the name of a file that belongs to another installation, ``None`` if there is none."""
    settings = folder / SETTINGS
    if settings.exists():
        return None if settings.read_bytes().startswith(ENV_HEADER.encode()) else SETTINGS
    return DATABASE if (folder / DATABASE).exists() else None


def write_key(path: Path) -> None:
    """Write a new key atomically, into a file that only its owner may read."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}-")  # with mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(f"{ENV_HEADER}SHOPTRACK_SECRET_KEY={generate_secret_key()}\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).rename(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def serve(ini: str, host: str, port: int) -> NoReturn:
    """Replace this process by pserve, the server of every installation."""
    sys.stdout.flush()
    pserve = str(Path(sys.executable).parent / "pserve")
    os.execv(pserve, [pserve, ini, f"http_host={host}", f"http_port={port}"])
