"""The JSON renderer."""

from typing import Any

import orjson


def dumps(document: Any) -> bytes:
    """Return a document as JSON; dates become ISO 8601 text, decimals must be text already."""
    return orjson.dumps(document)


def json_renderer(info):
    """Return a Pyramid renderer that writes JSON."""

    def render(document, system) -> bytes:
        system["request"].response.content_type = "application/json"
        return dumps(document)

    return render


def includeme(config):
    """Replace Pyramid's own JSON renderer."""
    config.add_renderer("json", json_renderer)
