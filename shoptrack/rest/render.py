"""Writing JSON."""

from typing import Any

import orjson


def dumps(document: Any) -> bytes:
    """Return a document as JSON; dates are written as they read, decimals must be text already."""
    return orjson.dumps(document)


def json_renderer(info):
    """Render a view's document as JSON, Pyramid's way."""

    def render(document, system) -> bytes:
        system["request"].response.content_type = "application/json"
        return dumps(document)

    return render


def includeme(config):
    """Take the name of Pyramid's own JSON renderer."""
    config.add_renderer("json", json_renderer)
