"""The ordering of a list, and the cursors of its pages."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, or_, tuple_
from sqlalchemy.orm import aliased

from shoptrack.resources.conditions import Condition
from shoptrack.resources.fields import INVALID_CURSOR, Field, InvalidValue, SortKey, parse_id
from shoptrack.resources.resource import AnyResource

MAX_CURSOR_LENGTH = 4000


def get_sort_keys(resource: AnyResource) -> dict[str, SortKey]:
    """Return the keys that can order a resource's list: those of columns that are never null."""
    keys = {"id": SortKey("id", resource.model.id, parse_id)}
    own = (field.make_sort_key(resource.model) for field in resource.own_fields())
    added = (key for one in resource.extensions for key in one.make_sort_keys(resource.model))
    return keys | {key.name: key for key in (*own, *added) if key is not None}


def find_reference_keys(resource: AnyResource) -> Iterator[tuple[Field, SortKey, SortKey]]:
    """Yield the references by whose rows a list can be ordered, with the keys of their first text and of their ids.

    With both, all rows that refer to the same one follow each other. References that may be null have no keys.
    """
    for field in resource.own_fields():
        if field.resource is None or not field.required:
            continue
        other = aliased(field.resource.model)
        labels = (one.make_sort_key(other) for one in field.resource.fields if one.is_label)
        label = next((key for key in labels if key is not None), None)
        if label is None:
            continue
        joined = {"other": other, "reference": getattr(resource.model, field.key)}
        column = label.column.label(field.name)
        id = SortKey(field.key, other.id.label(field.key), parse_id, **joined)
        yield field, replace(label, name=field.name, column=column, **joined), id


def make_after_condition(order: Sequence[SortKey], *, is_backwards: bool = False) -> Condition:
    """Return the condition that rows come after a cursor.

    If all keys are of one table and have the same direction, it can use an index on them. Otherwise, an index on the
    first one helps.
    """
    first = order[0]
    descends = first.is_descending != is_backwards
    is_one_table = all(key.other is None for key in order)
    if is_one_table and len({key.is_descending for key in order}) == 1:
        columns = tuple_(*(key.column for key in order))
        bounds = tuple_(*(key.bind_parameter for key in order))
        return columns < bounds if descends else columns > bounds
    ways = []
    for position, key in enumerate(order):
        same = [k.column == k.bind_parameter for k in order[:position]]
        ways.append(and_(*same, key.after_condition(is_backwards=is_backwards)))
    # Implied by the other conditions, but only this one can use an index.
    bound = first.bind_parameter
    edge = first.column <= bound if descends else first.column >= bound
    return and_(edge, or_(*ways))


@dataclass(frozen=True)
class Cursor:
    """A position in a list: after a row with these values, or before it.

    :param fingerprint: of the cursor's ordering and filters
    """

    fingerprint: str
    values: tuple[Any, ...]
    is_backwards: bool = False

    def get_bind_values(self, order: Sequence[SortKey]) -> dict[str, Any]:
        """Return the values by the names of their placeholders."""
        return {key.bind_name: value for key, value in zip(order, self.values, strict=True)}

    def encode(self, order: Sequence[SortKey]) -> str:
        """Return the cursor as text for clients."""
        dumped = [key.dump(value) for key, value in zip(order, self.values, strict=True)]
        values = [value if isinstance(value, int | str) else str(value) for value in dumped]
        text = json.dumps([self.fingerprint, self.is_backwards, values], separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, fingerprint: str, order: Sequence[SortKey]) -> "Cursor":
        """Parse a client's cursor.

        :raises InvalidValue: the cursor is malformed, or belongs to another ordering or other filters
        """
        try:
            if len(text) > MAX_CURSOR_LENGTH:
                raise ValueError
            padded = text + "=" * (-len(text) % 4)
            own, backwards, values = json.loads(urlsafe_b64decode(padded.encode("ascii")))
        except (ValueError, TypeError, RecursionError):
            raise InvalidValue(INVALID_CURSOR) from None
        if own != fingerprint or not isinstance(values, list) or len(values) != len(order):
            raise InvalidValue(
                "This cursor belongs to another query. Keep ordering and filters unchanged while paging."
            )
        loaded = tuple(key.load(value) for key, value in zip(order, values, strict=True))
        return cls(fingerprint, loaded, backwards is True)
