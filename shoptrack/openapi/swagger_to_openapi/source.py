"""The document that is converted, and what its parts need to know about the rest of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .errors import NotConvertible

Object = dict[str, Any]

SECTIONS = {"definitions": "schemas", "parameters": "parameters", "responses": "responses"}
IN_BODIES = ("body", "formData")


class Source:
    """A Swagger 2.0 document; it is never changed."""

    def __init__(self, document: Mapping[str, Any]):
        self.document = document
        self.consumes: Sequence[str] = document.get("consumes", ())
        self.produces: Sequence[str] = document.get("produces", ())
        self._names = {section: _names(document.get(section, ())) for section in SECTIONS}

    def name(self, section: str, name: str) -> str:
        """Return what a component is called, since OpenAPI allows fewer characters in names."""
        return self._names[section][name]

    def reference(self, reference: str, pointer: str) -> str:
        """Return a reference's new target.

        :raises NotConvertible: it leads out of the document, or to nothing
        """
        section, name = self._target(reference, pointer)
        return f"#/components/{SECTIONS[section]}/{self.name(section, name)}"

    def resolved(self, part: Mapping[str, Any], pointer: str) -> Mapping[str, Any]:
        """Return a parameter or a response, or what it refers to."""
        seen: set[str] = set()
        while "$ref" in part:
            if part["$ref"] in seen:
                raise NotConvertible(pointer, f"{part['$ref']} refers to itself.")
            seen.add(part["$ref"])
            section, name = self._target(part["$ref"], pointer)
            part = self.document[section][name]
        return part

    def _target(self, reference: str, pointer: str) -> tuple[str, str]:
        match = re.fullmatch(r"#/(definitions|parameters|responses)/([^/]+)", reference)
        if match is None:
            raise NotConvertible(
                pointer, f"Only definitions, parameters and responses of the document: {reference}"
            )
        section, name = match[1], match[2].replace("~1", "/").replace("~0", "~")
        if name not in self._names[section]:
            raise NotConvertible(pointer, f"{reference} leads to nothing.")
        return section, name


def _names(names: Iterable[str]) -> dict[str, str]:
    """Return a name of allowed characters for each, all of them different."""
    new: dict[str, str] = {}
    names = sorted(names, key=lambda name: not _is_allowed(name))  # those keep theirs
    for name in names:
        wanted = candidate = re.sub(r"[^A-Za-z0-9._-]+", "_", name)
        number = 2
        while candidate in new.values():
            candidate, number = f"{wanted}_{number}", number + 1
        new[name] = candidate
    return new


def _is_allowed(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9._-]+", name) is not None


def extensions(part: Mapping[str, Any], *known: str) -> Object:
    """Return the ``x-`` members of a part, without those that are converted."""
    return {key: part[key] for key in part if key.startswith("x-") and key not in known}


def step(pointer: str, *keys: str | int) -> str:
    """Return the JSON pointer of a member."""
    return "/".join((pointer, *(str(key).replace("~", "~0").replace("/", "~1") for key in keys)))
