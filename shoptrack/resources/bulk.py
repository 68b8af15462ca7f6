"""Changing many rows at once: all of them or none, by a number of statements that does not grow with the rows.

As for single rows (`shoptrack.resources.changes`), the database decides, and is asked for messages only after it has
rejected a change.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, delete, select, update
from sqlalchemy.orm import Session

from shoptrack.errors import ItemErrors
from shoptrack.events import (
    BeforeRowsAdded,
    BeforeRowsChanged,
    BeforeRowsDeleted,
    BeforeRowsEvent,
    RowAdded,
    RowChange,
    RowChanged,
    RowEvent,
    has_subscribers,
    publish_batch,
)
from shoptrack.i18n.translation import _
from shoptrack.resources.bulk_inserts import BulkInserts
from shoptrack.resources.bulk_rules import BulkRules, Item
from shoptrack.resources.changes import RowWriter, connect, execute
from shoptrack.resources.fields import InvalidValue, make_unknown_id_error, parse_id
from shoptrack.resources.row_statements import Document, Row
from shoptrack.resources.schema import Errors, Values

MAX_ITEMS = 1000


class BulkWriter:
    """Changes many rows of one resource at once.

    Errors are by the position of an item, and of all items at once.
    """

    def __init__(self, writer: RowWriter):
        self._writer = writer
        self._resource = writer.resource
        self._rules = BulkRules(writer.resource)
        self._inserts = BulkInserts(writer.table)
        id = writer.table.c.id == bindparam("row_id", type_=BigInteger)
        self._update_statement = update(writer.table).where(id)
        # An id in a request may exceed the column's type.
        ids = bindparam("ids", type_=BigInteger, expanding=True)
        locked = select(writer.table.c.id).where(writer.table.c.id.in_(ids))
        self._lock_statement = locked.order_by(writer.table.c.id).with_for_update()

    def create(self, db: Session, bodies: Sequence[Any]) -> list[Row]:
        """Add rows, and return them in the order of their bodies.

        :raises ItemErrors: naming each invalid value of each item
        """
        writer = self._writer
        items, errors = [], {}
        for number, body in enumerate(bodies):
            values, errors[number] = self._load(body, is_partial=False)
            items.append(Item(number, None, writer.defaults | values, values.keys()))
        self._raise_errors(errors, db.connection(), items)
        if writer.is_checked(db, BeforeRowsAdded):
            empty = writer.empty
            new = {item.number: RowChange(None, {}, empty | item.values) for item in items}
            self._check(db, BeforeRowsAdded, new)
        connection = connect(db, self._resource.model)
        ids = execute(db, lambda: self._insert(connection, items), self._explain(items))
        rows = self._read(db, ids)
        self._publish_additions(db, rows)
        return rows

    def update(self, db: Session, bodies: Sequence[Any]) -> list[Row]:
        """Change rows, and return them in the order of their bodies. Each body has the row's ``id``.

        :raises ItemErrors: naming each invalid value of each item
        """
        ids, errors = self._parse_ids(
            [body.get("id") if isinstance(body, dict) else None for body in bodies]
        )
        before = self._lock(db, ids, errors)
        items = []
        changes: dict[int, RowChange] = {}
        changed: dict[int, Values] = {}  # by id
        for number, body in enumerate(bodies):
            values, found = self._load(body, is_partial=True)
            errors[number] = errors.get(number, {}) | found
            id = ids.get(number)
            if id in before:
                old = self._writer.get_values(before[id])
                items.append(Item(number, id, old | values, values.keys()))
                if new := {key: value for key, value in values.items() if old[key] != value}:
                    changes[number] = RowChange(id, old, old | new)
                    changed[id] = new
        self._raise_errors(errors, db.connection(), items)
        self._check(db, BeforeRowsChanged, changes)
        connection = connect(db, self._resource.model)
        execute(db, lambda: self.write(connection, changed), self._explain(items))
        rows = self._read(db, list(ids.values()))
        self._publish_changes(db, [before[id] for id in ids.values()], rows)
        return rows

    def lock(self, db: Session, ids: Sequence[Any]) -> list[Row]:
        """Return rows in the order of their ids, locked until the transaction ends.

        :raises ItemErrors: naming each row that does not exist
        """
        parsed, errors = self._parse_ids(ids)
        rows = self._lock(db, parsed, errors)
        self._raise_errors(errors, db.connection(), [])
        return [rows[id] for id in parsed.values()]

    def delete(
        self,
        db: Session,
        rows: Sequence[Row],
        explain: Callable[..., None],
        delete_owned: Callable[[Mapping[int, int]], None],
        *,
        is_kept_by_constraint: bool,
    ) -> None:
        """Delete locked rows. Their events are the caller's.

        :param explain: called with a connection and the ids by position; raises the error about referrers
        :param delete_owned: called with the ids by position; deletes the rows that belong to these rows
        :param is_kept_by_constraint: whether constraints reject the deletion of referenced rows
        """
        ids = {number: row[0] for number, row in enumerate(rows)}
        self.check_deletion(db, rows)
        connection = connect(db, self._resource.model)
        if not is_kept_by_constraint:
            explain(connection, ids, is_refused=False)
        delete_owned(ids)
        table = self._writer.table
        statement = delete(table).where(table.c.id.in_(list(ids.values())))
        execute(
            db, lambda: connection.execute(statement), lambda connection: explain(connection, ids)
        )

    def check_deletion(self, db: Session, rows: Sequence[Row]) -> None:
        """Let plugins check the deletion of rows."""
        values = self._writer.get_values
        changes = {number: RowChange(row[0], values(row), {}) for number, row in enumerate(rows)}
        self._check(db, BeforeRowsDeleted, changes)

    # Reading what was sent

    def _load(self, body: Any, *, is_partial: bool) -> tuple[Values, Errors]:
        if not isinstance(body, dict):
            kind = type(body).__name__
            message = f"Invalid data. Expected a dictionary, but got {kind}."
            return {}, {"non_field_errors": [message]}
        return self._resource.schema.load(body, is_partial=is_partial)

    def _parse_ids(self, values: Sequence[Any]) -> tuple[dict[int, int], dict[int, Errors]]:
        """Return the valid ids and the messages about others, by the positions of their items."""
        ids: dict[int, int] = {}
        errors: dict[int, Errors] = {}
        seen: set[int] = set()
        for number, value in enumerate(values):
            try:
                id = parse_id(value)
                if id in seen:
                    raise InvalidValue(_("Another item has this id."))
                seen.add(id)
                ids[number] = id
            except InvalidValue as error:
                errors[number] = {"id": list(error.args)}
        return ids, errors

    def _lock(
        self, db: Session, ids: Mapping[int, int], errors: dict[int, Errors]
    ) -> dict[int, Row]:
        """Return the rows by id, locked in one order so that two requests cannot deadlock."""
        found = set(db.scalars(self._lock_statement, {"ids": list(ids.values())}))
        for number, id in ids.items():
            if id not in found:
                errors[number] = {"id": list(make_unknown_id_error(id).args)}
        return {row[0]: row for row in self._writer.read(db, found)} if found else {}

    # Errors

    def _raise_errors(
        self, errors: Mapping[int, Errors], connection: Connection, items: Sequence[Item]
    ) -> None:
        """Raise the errors of all items at once, with those that only the database can tell."""
        if not any(errors.values()):
            return
        of_rules = self._rules.find_errors(connection, items)
        numbers = sorted(errors.keys() | of_rules.keys())
        merged = {n: of_rules.get(n, {}) | errors.get(n, {}) for n in numbers}
        raise ItemErrors({number: found for number, found in merged.items() if found})

    def _explain(self, items: Sequence[Item]) -> Callable[[Connection], None]:
        def explain(connection: Connection) -> None:
            if errors := self._rules.find_errors(connection, items):
                raise ItemErrors(errors)

        return explain

    def _check(
        self, db: Session, kind: type[BeforeRowsEvent], changes: Mapping[int, RowChange]
    ) -> None:
        """Let plugins check changes, by the positions of their items."""
        if changes and self._writer.is_checked(db, kind):
            self._writer.check(db, kind, *changes.values())
            errors = {number: one.errors for number, one in changes.items() if one.errors}
            if errors:
                raise ItemErrors(errors)

    # Writing

    def _insert(self, connection: Connection, items: Sequence[Item]) -> list[int]:
        ids: dict[int, int] = {}
        for group in _group(items, lambda item: item.values):
            stored = [self._writer.store(item.values) for item in group]
            for item, id in zip(group, self._inserts.insert(connection, stored), strict=True):
                ids[item.number] = id
        for extension in self._writer.extensions:
            values = [(ids[item.number], item.values) for item in items]
            extension.write(connection, values, is_new=True)
        return [ids[item.number] for item in items]

    def write(self, connection: Connection, changed: Mapping[int, Values]) -> None:
        """Store the changed values of rows, by their ids."""
        for group in _group(changed.items(), lambda pair: self._writer.store(pair[1])):
            parameters = [{**self._writer.store(values), "row_id": id} for id, values in group]
            if len(parameters[0]) > 1:
                connection.execute(self._update_statement, parameters)
        for extension in self._writer.extensions:
            extension.write(connection, list(changed.items()), is_new=False)

    def _read(self, db: Session, ids: Sequence[int]) -> list[Row]:
        rows = {row[0]: row for row in self._writer.read(db, ids)}
        return [rows[id] for id in ids]

    # Events

    def _publish_additions(self, db: Session, rows: Sequence[Row]) -> None:
        if not has_subscribers(db, RowAdded):
            return
        make_document = self._writer.serializer.make_row_serializer()
        documents = [make_document(row) for row in rows]
        publish_batch([self._event(RowAdded, db, one, {}, one) for one in documents])

    def _publish_changes(self, db: Session, before: Sequence[Row], after: Sequence[Row]) -> None:
        if not has_subscribers(db, RowChanged):
            return
        make_old, make_new = (self._writer.serializer.make_row_serializer() for _ in range(2))
        events = []
        for row, changed in zip(before, after, strict=True):
            old, new = make_old(row), make_new(changed)
            names = [name for name in new if new[name] != old[name]]
            if names:
                parts = [{name: one[name] for name in names} for one in (old, new)]
                events.append(self._event(RowChanged, db, new, *parts))
        publish_batch(events)

    def _event(
        self,
        kind: type[RowEvent],
        db: Session,
        document: Document,
        before: Document,
        after: Document,
    ) -> RowEvent:
        label = self._resource.label(document)
        return kind(db, self._resource, document["id"], label, before, after, True)


def _group(items: Iterable[Any], get_values: Callable[[Any], Values]) -> list[list[Any]]:
    """Return the items in groups with the same keys, of which each is one statement."""
    groups: dict[frozenset[str], list[Any]] = defaultdict(list)
    for item in items:
        groups[frozenset(get_values(item))].append(item)
    return list(groups.values())
