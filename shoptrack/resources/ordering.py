"""The order of a list, and the cursors that say where in it a page begins."""

import dataclasses
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Integer, and_, bindparam, or_, tuple_

from shoptrack.i18n.text_input import InvalidText, check_text
from shoptrack.resources.conditions import Clause
from shoptrack.resources.fields import Reference, Refused, Text, parse_id
from shoptrack.resources.resource import Resource

MAX_CURSOR = 4000  # characters
INVALID_CURSOR = "This is no cursor. Take it from the last answer's Link header."


@dataclass(frozen=True)
class Key:
    """One of the columns that a list is ordered by.

    :param load: turns what a cursor holds into the column's value, or raises ``Refused``
    """

    name: str
    column: Any = dataclasses.field(compare=False)
    load: Callable[[Any], Any] = dataclasses.field(compare=False)
    descending: bool = False

    def clause(self, *, backwards: bool = False) -> Any:
        """Return the column for ORDER BY."""
        return self.column.desc() if self.descending != backwards else self.column.asc()

    @property
    def placeholder(self) -> str:
        """Return the name by which a statement takes the value that a page begins after."""
        return f"after_{self.name}"

    @property
    def bound(self) -> Any:
        """Return the placeholder for the value that a page begins after."""
        # A client may write any 64-bit number into a cursor; PostgreSQL would refuse it as a 32-bit one.
        kind = BigInteger() if isinstance(self.column.type, Integer) else self.column.type
        return bindparam(self.placeholder, type_=kind)

    def beyond(self, *, backwards: bool = False) -> Clause:
        """Return the condition that a row comes after the value in this order."""
        descends = self.descending != backwards
        return self.column < self.bound if descends else self.column > self.bound


def keys_of(resource: Resource) -> dict[str, Key]:
    """Return the columns that a resource's list may be ordered by: all that are never null."""
    keys = {"id": Key("id", resource.model.id, parse_id)}
    for field in resource.fields:
        if isinstance(field, Text) and field.required:
            keys[field.name] = Key(field.name, field.folded(resource.model), _text)
        elif field.required and not isinstance(field, Reference):
            keys[field.name] = Key(field.name, getattr(resource.model, field.key), field.parse)
    return keys


def after(order: Sequence[Key], *, backwards: bool = False) -> Clause:
    """Return the condition that rows come after a place; where all keys go one way, an index finds it."""
    first = order[0]
    descends = first.descending != backwards
    if len({key.descending for key in order}) == 1:
        columns = tuple_(*(key.column for key in order))
        bounds = tuple_(*(key.bound for key in order))
        return columns < bounds if descends else columns > bounds
    ways = []
    for position, key in enumerate(order):
        same = [k.column == k.bound for k in order[:position]]
        ways.append(and_(*same, key.beyond(backwards=backwards)))
    # Implied by the ways, but this an index can use.
    edge = first.column <= first.bound if descends else first.column >= first.bound
    return and_(edge, or_(*ways))


@dataclass(frozen=True)
class Cursor:
    """A place in a list: after a row with these values, or before it.

    :param fingerprint: of the order and the filters that it belongs to
    """

    fingerprint: str
    values: tuple[Any, ...]
    backwards: bool = False

    def placed(self, order: Sequence[Key]) -> dict[str, Any]:
        """Return the values by the names of their placeholders."""
        return {key.placeholder: value for key, value in zip(order, self.values, strict=True)}

    def dump(self) -> str:
        """Return the cursor as clients carry it."""
        values = [v if isinstance(v, int | str) else str(v) for v in self.values]
        text = json.dumps([self.fingerprint, self.backwards, values], separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str, fingerprint: str, order: Sequence[Key]) -> "Cursor":
        """Return the cursor that a client sent.

        :raises Refused: it is none, or belongs to another order or other filters
        """
        try:
            if len(text) > MAX_CURSOR:
                raise ValueError
            padded = text + "=" * (-len(text) % 4)
            its_own, backwards, values = json.loads(urlsafe_b64decode(padded.encode("ascii")))
        except (ValueError, TypeError, RecursionError):
            raise Refused(INVALID_CURSOR) from None
        if its_own != fingerprint or not isinstance(values, list) or len(values) != len(order):
            raise Refused(
                "This cursor belongs to another list. Keep the order and the filters while paging."
            )
        loaded = tuple(key.load(value) for key, value in zip(order, values, strict=True))
        return cls(fingerprint, loaded, backwards is True)


def _text(value: Any) -> str:
    try:
        if isinstance(value, str):
            return check_text(value)
    except InvalidText:
        pass
    raise Refused(INVALID_CURSOR)
