"""The formats in which an API's description is written."""

from collections.abc import Callable
from typing import Any

import orjson
import yaml

from shoptrack.openapi.spec import ApiSpec


class Dumper(yaml.SafeDumper):
    """Writes what people and their tools read."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write what occurs twice twice: few readers of OpenAPI follow YAML's aliases."""
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """Write a text of several lines as it reads."""
        style = "|" if "\n" in data else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


Dumper.add_representer(str, Dumper.represent_str)


def write_yaml(document: Any) -> bytes:
    """Return a document as YAML, its members in their order."""
    return yaml.dump(
        document,
        Dumper=Dumper,
        sort_keys=False,
        allow_unicode=True,
        encoding="utf-8",
        width=100,
    )


def write_json(document: Any) -> bytes:
    """Return a document as indented JSON."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


WRITERS: dict[str, Callable[[ApiSpec], bytes]] = {
    "yaml": lambda documents: write_yaml(documents.openapi),
    "json": lambda documents: write_json(documents.openapi),
    "swagger2": lambda documents: write_json(documents.swagger),
}
