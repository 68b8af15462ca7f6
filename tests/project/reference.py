"""Write docs/reference.md: every public name of the core, made from the docstrings. `make docs` runs it."""

import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGES = [
    "shoptrack.resources",
    "shoptrack.rest",
    "shoptrack.openapi",
    "shoptrack.plugins",
    "shoptrack.db",
    "shoptrack.db.migrations",
    "shoptrack.settings",
    "shoptrack.errors",
    "shoptrack.events",
    "shoptrack.permissions",
    "shoptrack.history",
    "shoptrack.jobs",
    "shoptrack.i18n",
    "shoptrack.web",
    "shoptrack.cli",
    "shoptrack.testing",
    "shoptrack.catalog.models",
    "shoptrack.catalog.resources",
    "shoptrack.records.models",
    "shoptrack.records.resources",
    "shoptrack.records.unit_prices",
    "shoptrack_auth",
]
HEADING = """# Reference

Every name that a plugin may import, made from the docstrings by `make docs`. Everything else of `shoptrack` may change
at any time. [The guide](plugins.md) explains how the names work together.
"""
TARGET = Path(__file__).parents[2] / "docs/reference.md"


def write_reference() -> str:
    """Return the text of the reference."""
    parts = [HEADING]
    for package in PACKAGES:
        module = importlib.import_module(package)
        parts.append(f"## `{package}`\n\n{_first_paragraph(module)}\n")
        parts += [_describe(module, name) for name in sorted(module.__all__, key=str.lower)]
    return "\n".join(parts)


def _describe(module: ModuleType, name: str) -> str:
    value = getattr(module, name)
    if isinstance(value, ModuleType):
        return f"- **`{name}`**, a module: {_first_paragraph(value)}"
    if inspect.isclass(value):
        lines = [f"- **`{name}`**, {_kind(value)}: {_first_paragraph(value)}"]
        lines += [
            f"  - `{method}{_signature(function)}`: {_first_paragraph(function)}"
            for method, function in _get_methods(value)
        ]
        return "\n".join(lines)
    if callable(value):
        return f"- **`{name}{_signature(value)}`**: {_first_paragraph(value)}"
    return f"- **`{name}`**, a value of type `{_type_name(value)}`"


def _get_methods(kind: type) -> list[tuple[str, Any]]:
    """Return the public methods that a class of ours defines itself and documents."""
    if not kind.__module__.startswith("shoptrack"):
        return []
    found = []
    for name, value in vars(kind).items():
        function = getattr(value, "__func__", value)
        if name[0] != "_" and inspect.isfunction(function) and function.__doc__:
            found.append((name, function))
    return found


def _kind(kind: type) -> str:
    return "an error" if issubclass(kind, Exception) else "a class"


def _signature(function: Any) -> str:
    try:
        text = str(inspect.signature(function))
    except (TypeError, ValueError):
        return "(…)"
    text = re.sub(r" at 0x[0-9a-f]+", "", text)
    text = re.sub(
        r"\b(?:typing|collections\.abc|sqlalchemy\.[\w.]+|shoptrack[\w.]*)\.(?=\w)", "", text
    )
    text = re.sub(r"<function [^>]*>|<object object>", "…", text)
    return (
        text.replace("(self, ", "(")
        .replace("(self)", "()")
        .replace("(cls, ", "(")
        .replace("(cls)", "()")
    )


def _type_name(value: Any) -> str:
    return type(value).__name__


def _first_paragraph(value: Any) -> str:
    text = inspect.getdoc(value) or ""
    first = text.partition("\n\n")[0].partition("\n::")[0]
    return " ".join(first.split()) or "see the guide."


if __name__ == "__main__":
    TARGET.write_text(write_reference())
