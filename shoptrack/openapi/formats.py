"""The formats of the OpenAPI document: YAML and JSON."""

from collections.abc import Callable
from typing import Any

import orjson
import yaml

from shoptrack.openapi.spec import ApiSpec


class Dumper(yaml.SafeDumper):
    """Writes YAML for people and for their tools."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write repeated values in full: few readers of OpenAPI support YAML's aliases."""
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """Write a text of several lines as a block."""
        style = "|" if "\n" in data else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


Dumper.add_representer(str, Dumper.represent_str)


def write_yaml(document: Any) -> bytes:
    """Return a document as YAML, with its keys in their order."""
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
