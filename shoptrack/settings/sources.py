"""Where settings come from, and in which order."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from shoptrack.settings.dotenv_file import read_dotenv
from shoptrack.settings.errors import (
    ConfigurationError,
    format_invalid_values,
    format_unknown_names,
)
from shoptrack.settings.levels import IniSource, PydanticSource, Source, SourceValue
from shoptrack.settings.table import SOURCES_ARGUMENT, SettingsTable

Table = TypeVar("Table", bound=SettingsTable)


class Sources:
    """The process environment, then ``.env``, then the .ini; a table's defaults come last.

    A value replaces those of the sources below, it never adds to them. Within one source the
    variable's own name wins over its older names. An empty value counts as not set. Nothing is
    written into the environment.
    """

    def __init__(
        self,
        ini: Mapping[str, Any] | None = None,
        environ: Mapping[str, str] | None = None,
        dotenv_path: Path | None = Path(".env"),
    ):
        """Read the sources.

        :param ini: the ``[app:main]`` section, default none
        :param environ: default the environment of the process
        :param dotenv_path: a file that need not exist, default ``.env`` in the working folder
        :raises ConfigurationError: ``.env`` cannot be read
        """
        self.ini = ini or {}
        self._levels = (
            Source("the environment", os.environ if environ is None else environ),
            Source(".env", read_dotenv(dotenv_path) if dotenv_path else {}),
            IniSource("the .ini", self.ini),
        )

    def read(self, table: type[Table]) -> Table:
        """Return the table with the values of the sources.

        :raises ConfigurationError: values are wrong; the message lists all of them
        """
        sources = [PydanticSource(table, level) for level in self._levels]
        handed_in: dict[str, Any] = {SOURCES_ARGUMENT: sources}
        try:
            return table(**handed_in)
        except ValidationError as error:
            errors = error.errors(include_url=False, include_input=False)
        found: dict[str, SourceValue] = {}
        for source in reversed(sources):
            found.update(source.found)
        # Raised outside of the handler: pydantic's error holds the values, secrets among them.
        raise ConfigurationError(format_invalid_values(table.get_variables(), errors, found))

    def check_unknown(self, tables: Iterable[type[SettingsTable]]) -> None:
        """Refuse names with ShopTrack's prefix that none of the tables declares.

        :raises ConfigurationError: the message has them, the nearest known ones and all known ones
        """
        variables = [variable for table in tables for variable in table.get_variables()]
        unknown = [(level, name) for level in self._levels for name in level.unknown(variables)]
        if unknown:
            raise ConfigurationError(format_unknown_names(unknown, variables))
