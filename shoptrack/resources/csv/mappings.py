"""Ready mappings: how the files of other programs are read. They are data, in TOML."""

import tomllib
from dataclasses import dataclass, fields
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from shoptrack.resources.csv.options import ImportOptions
from shoptrack.settings import ConfigurationError


@dataclass(frozen=True)
class CsvMapping:
    """A ready mapping.

    :param title: for people, such as the name of the program
    :param options: of an import
    """

    title: str
    options: dict[str, Any]


class CsvMappings(dict[str, dict[str, CsvMapping]]):
    """The mappings of one application, by the paths of resources and by their names."""

    @classmethod
    def of(cls, registry: Any) -> "CsvMappings":
        """Return the application's."""
        return registry.setdefault(cls, cls())


def read_mapping(file: Traversable | Path) -> CsvMapping:
    """Return the mapping that a file describes: its ``title``, and options of an import.

    :raises ConfigurationError: it has another key, or an invalid option
    """
    options = tomllib.loads(file.read_text("utf-8"))
    title = options.pop("title", file.name)
    unknown = options.keys() - {one.name for one in fields(ImportOptions)}
    if unknown:
        raise ConfigurationError(f"{file} has unknown keys: {', '.join(sorted(unknown))}.")
    ImportOptions(**options)
    return CsvMapping(title, {"is_foreign": True, **options})
