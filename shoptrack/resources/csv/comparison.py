"""Comparing the lines of a file with the rows of the database, by digests of their values."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import orjson
from sqlalchemy import Connection, select

from shoptrack.db.folding import fold
from shoptrack.resources.csv.layout import Layout
from shoptrack.resources.csv.matching import get_natural_key
from shoptrack.resources.csv.spool import BATCH, Spool
from shoptrack.resources.resource import Resource


class Digest:
    """Digests of rows, by which lines are compared with the database: of those values that the file has.

    :ivar fields: that are compared
    :ivar ordered: the first field of the list's order, if it is compared
    """

    def __init__(self, resource: Resource, layout: Layout):
        root = layout.root
        given = {leaf.field for leaf in root.leafs} | {one.field for one in root.references}
        self.fields = [one for one in resource.own_fields() if one in given and one.is_stored]
        key = self.fields if resource.has_equal_rows else get_natural_key(resource)
        self._key = [one.key for one in self.fields if one in key]
        self._rest = [one.key for one in self.fields if one not in key]
        self._fold = str if resource.has_equal_rows else fold
        first = resource.default_order[0]
        # Texts are ordered by the database's collation, and compared by their folded forms.
        self.ordered = next(
            (
                one.key
                for one in self.fields
                if one.name == first and _is_ordered_alike(resource.model, one.key)
            ),
            None,
        )

    def make(self, values: dict[str, Any]) -> tuple[bytes, bytes]:
        """Return the digests of a row: of the values that tell it apart, and of the others."""
        key = [self._simplify(values.get(key), self._fold) for key in self._key]
        rest = [self._simplify(values.get(key), str) for key in self._rest]
        return _digest(key), _digest(rest)

    @staticmethod
    def _simplify(value: Any, fold_text: Callable[[str], str]) -> Any:
        if isinstance(value, str):
            return fold_text(value)
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        if isinstance(value, date | datetime | int | None):
            return value
        return str(value)


def _is_ordered_alike(model: Any, key: str) -> bool:
    """Return whether Python and every database order the values of a column alike."""
    return getattr(model, key).type.python_type in (int, date, datetime, Decimal)


def _digest(values: list[Any]) -> bytes:
    return blake2b(orjson.dumps(values), digest_size=16).digest()


class Range:
    """The smallest and the largest value of a column, between which rows are compared."""

    def __init__(self, key: str | None):
        self.key = key
        self.first: Any = None
        self.last: Any = None

    def include(self, values: dict[str, Any]) -> None:
        """Extend the range by the values of a line."""
        if self.key is not None and (value := values.get(self.key)) is not None:
            self.first = value if self.first is None else min(self.first, value)
            self.last = value if self.last is None else max(self.last, value)


class Comparison:
    """Compares the lines of a file with the rows of the database: once for the plan, and again if they change."""

    def __init__(self, resource: Resource, digest: Digest, days: Range, spool: Spool):
        self._spool = spool
        self._digest = digest
        model = resource.model
        self._keys = keys = [one.key for one in digest.fields]
        statement = select(model.id, *(getattr(model, key) for key in keys))
        if days.key is not None:
            statement = statement.where(getattr(model, days.key).between(days.first, days.last))
        self._is_empty = days.key is not None and days.first is None
        self._statement = statement.execution_options(yield_per=BATCH)

    def run(self, connection: Connection) -> None:
        """Compare the lines with the rows as they are now."""
        self._spool.compare(() if self._is_empty else self._read(connection))

    def _read(self, connection: Connection) -> Iterator[tuple[bytes, bytes]]:
        make, is_claimed, keys = self._digest.make, self._spool.is_claimed, self._keys
        for id, *values in connection.execute(self._statement):
            if not is_claimed(id):
                yield make(dict(zip(keys, values, strict=True)))
