"""The ``shoptrack`` command. Packages add subcommands with the entry point group ``shoptrack.commands``."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import EntryPoint
from pathlib import Path

import click
import transaction
from pyramid.paster import get_appsettings
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError
from sqlalchemy.orm import Session

from shoptrack import make_app
from shoptrack.db import Database
from shoptrack.db.diagnosis import format_error
from shoptrack.errors import DomainError
from shoptrack.i18n.text_input import InvalidText, check_text
from shoptrack.packages import COMMAND_GROUP, get_entry_points
from shoptrack.plugins.contributions import Contributions
from shoptrack.settings import ConfigurationError, Sources

__all__ = ["INSTALLED_INI", "Environment", "exit_on_domain_error", "main"]

INSTALLED_INI = Path(sys.prefix, "share", "shoptrack", "production.ini")


@contextmanager
def exit_on_domain_error() -> Iterator[None]:
    """End the command with a message when the domain or the database raises an error."""
    try:
        yield
    except (DomainError, ConfigurationError) as error:
        raise click.ClickException(str(error)) from None
    except DatabaseError as error:
        if isinstance(error, (IntegrityError, DataError)):
            raise  # the values are invalid; the database works
        raise click.ClickException(f"The database cannot be used: {format_error(error)}") from None


class Environment:
    """The application that an .ini file describes, loaded when a command needs it.

    :param path: the .ini file; by default one in the working folder, else the installed one
    """

    def __init__(self, path: str | None):
        self.path = path

    @property
    def ini(self) -> str:
        """Return the .ini file's path."""
        if self.path:
            return self.path
        choices = (Path("development.ini"), Path("production.ini"), INSTALLED_INI)
        return str(next((path for path in choices if path.exists()), INSTALLED_INI))

    @cached_property
    def registry(self):
        """Return the application's registry. This opens no connection."""
        try:
            registry = make_app(Sources(ini=get_appsettings(self.ini))).registry
        except (ConfigurationError, FileNotFoundError) as error:
            raise click.ClickException(str(error)) from None
        Database.of(registry).statement_seconds = None  # no browser waits for a command
        return registry

    @property
    def database(self) -> Database:
        """Return the application's database."""
        return Database.of(self.registry)

    def close(self) -> None:
        """Close the connections if the application was loaded."""
        if "registry" in self.__dict__:
            self.database.dispose()

    def require_plugin(self, package: str) -> None:
        """End the command unless this plugin is enabled.

        :param package: the package of the command
        """
        if package not in Contributions.of(self.registry).plugins:
            raise click.ClickException(
                f"This command requires the plugin {package}, which is not enabled. Add it to "
                f"shoptrack.plugins in {self.ini} or to SHOPTRACK_PLUGINS."
            )

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session that commits at the end; an error ends the command and rolls back."""
        manager = transaction.TransactionManager(explicit=True)
        with exit_on_domain_error(), manager:
            yield self.database.session(manager)


class PluginCommandGroup(click.Group):
    """The commands of the core and of installed packages."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reject arguments that are not UTF-8, for all commands: Python decodes these to lone surrogates."""
        for number, argument in enumerate(args, 1):
            try:
                check_text(argument)
            except InvalidText:
                raise click.UsageError(f"Argument {number} is not UTF-8 text.", ctx) from None
        return super().parse_args(ctx, args)

    @property
    def _entries(self) -> dict[str, EntryPoint]:
        try:
            return get_entry_points(COMMAND_GROUP)
        except ConfigurationError as error:
            raise click.ClickException(str(error)) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(self._entries)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command, or one that reports the error if its package cannot be loaded."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        try:
            return entry.load()
        except Exception as error:  # in another package; the other commands still work
            return _make_broken_command(entry, error)


def _make_broken_command(entry: EntryPoint, error: Exception) -> click.Command:
    """Return a command that only reports why it cannot be loaded."""
    package = entry.dist.name if entry.dist else entry.module
    reason = f"It cannot be loaded from {package}: {type(error).__name__}: {error}"

    def refuse() -> None:
        raise click.ClickException(reason)

    anything = {"ignore_unknown_options": True, "allow_extra_args": True}
    return click.Command(entry.name, callback=refuse, help=reason, context_settings=anything)


@click.group(cls=PluginCommandGroup)
@click.option(
    "--config",
    "-c",
    envvar="SHOPTRACK_CONFIG",
    metavar="FILE",
    help="The .ini file. Default: development.ini or production.ini in this folder, else the installed one.",
)
@click.version_option(package_name="shoptrack")
@click.pass_context
def main(ctx: click.Context, config: str | None) -> None:
    """Run ShopTrack and look after its database."""
    environment = ctx.obj = Environment(config)
    ctx.call_on_close(environment.close)
