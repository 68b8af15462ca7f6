"""Security definitions become security schemes."""

from collections.abc import Mapping
from typing import Any

from .errors import NotConvertible
from .source import Object, extensions

FLOWS = {
    "implicit": "implicit",
    "password": "password",
    "application": "clientCredentials",
    "accessCode": "authorizationCode",
}


def convert_security(definition: Mapping[str, Any], pointer: str) -> Object:
    """Return a security scheme.

    :raises NotConvertible: it is of no known type, or OAuth with no known flow
    """
    kind = definition.get("type")
    converted: Object
    if kind == "basic":
        converted = {"type": "http", "scheme": "basic"}
    elif kind == "apiKey" and "x-scheme" in definition:
        converted = {"type": "http", "scheme": definition["x-scheme"]}
        if "x-bearer-format" in definition:
            converted["bearerFormat"] = definition["x-bearer-format"]
    elif kind == "apiKey":
        converted = {"type": "apiKey", "name": definition["name"], "in": definition["in"]}
    elif kind == "oauth2" and definition.get("flow") in FLOWS:
        flow = {
            key: definition[key] for key in ("authorizationUrl", "tokenUrl") if key in definition
        }
        flow["scopes"] = definition.get("scopes", {})
        converted = {"type": "oauth2", "flows": {FLOWS[definition["flow"]]: flow}}
    else:
        said = {key: definition[key] for key in ("type", "flow") if key in definition}
        raise NotConvertible(pointer, f"No such security definition: {said}.")
    if "description" in definition:
        converted["description"] = definition["description"]
    return converted | extensions(definition, "x-scheme", "x-bearer-format")
