"""The directive for ready mappings of CSV files."""

from importlib.resources.abc import Traversable
from pathlib import Path

from pyramid.config import PHASE0_CONFIG

from shoptrack.plugins.actions import add_action
from shoptrack.resources.csv.mappings import CsvMappings, read_mapping


def add_csv_mapping(config, path: str, name: str, file: Traversable | Path) -> None:
    """Add a ready mapping: how the CSV files of another program are read.

    ::

        config.add_csv_mapping("wishes", "shoplist", files("shoptrack_wishlist") / "shoplist.toml")

    The file has a ``title`` and options of an import in TOML, such as ``columns`` and ``date_format``. Clients name the
    mapping, and may override its options.

    :param path: of the resource
    :param name: stable, since scripts name it
    :raises ConfigurationError: the file has an unknown key, or an invalid option
    """
    mapping = read_mapping(file)

    def register():
        CsvMappings.of(config.registry).setdefault(path, {})[name] = mapping

    # The description of the resource has the names of its mappings.
    add_action(config, "mappings", f"{path}: {name}", register, mapping, order=PHASE0_CONFIG)
