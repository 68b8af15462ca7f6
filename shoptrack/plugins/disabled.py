"""The settings of plugins that are installed, but not enabled. Their code is read, and not run."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

from shoptrack.packages import PLUGIN_GROUP, find_files, get_entry_points
from shoptrack.settings import Variable


def find_disabled_variables(enabled: Collection[str]) -> dict[str, list[Variable]]:
    """Return the variables that the settings tables of disabled plugins declare, by the plugin's short name.

    :param enabled: packages
    """
    return {
        name: [variable for file in find_files(entry.value) for variable in _read_variables(file)]
        for name, entry in sorted(get_entry_points(PLUGIN_GROUP).items())
        if entry.value not in enabled
    }


def _read_variables(file: Path) -> Iterator[Variable]:
    """Yield the variable of each call of ``setting`` in a module."""
    source = file.read_bytes()
    if b"setting(" not in source:
        return
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # maybe it is disabled because it is broken
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Name(id="setting") | ast.Attribute(attr="setting"), args=[_, *names]
            ):
                constants = (name.value for name in names if isinstance(name, ast.Constant))
                if texts := tuple(text for text in constants if isinstance(text, str)):
                    yield Variable("", texts, "", secret=False, overridden_by=())
