"""Undoing the action of a history entry, as long as nothing since contradicts it.

An undo is the opposite change, with an entry of its own, which can be undone, too. A group such as a merge is undone as
a whole: its last change first. Rows that were deleted with the row to which they belong come back after it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, bindparam, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from shoptrack.errors import Conflict, Forbidden, ItemErrors, NotFound, ValidationError
from shoptrack.events import ChangeGroup, publish_group
from shoptrack.history.models import Action, GroupAction, HistoryEntry
from shoptrack.history.values import make_stored_value, read_stored_value
from shoptrack.i18n.translation import _
from shoptrack.resources.fields import Field, InvalidValue
from shoptrack.resources.repository import Repository
from shoptrack.resources.resource import Resource, ServedResources
from shoptrack.resources.schema import Errors, Values
from shoptrack.resources.serializers import StoredRow

OPPOSITES = {Action.ADDED: "delete", Action.CHANGED: "change", Action.DELETED: "add"}
BATCH_ENTRIES = 500  # in memory at a time

COLUMNS = HistoryEntry.__table__.columns
HasPermission = Callable[[str], Any]


class CannotBeUndone(Conflict):
    """The entry is about an action that has no opposite."""

    code = "cannot_be_undone"
    detail = _("This action cannot be undone.")


class AlreadyUndone(Conflict):
    """The action was undone before.

    :param entry_id: of the undo
    """

    code = "already_undone"

    def __init__(self, entry_id: int):
        super().__init__(_("This was undone already, by the history entry ${id}.", id=entry_id))


class PartOfGroup(Conflict):
    """The change belongs to an action, and can be undone only with it.

    :param entry_id: of the action
    """

    code = "part_of_group"

    def __init__(self, entry_id: int):
        super().__init__(
            _("This change is part of another action. Undo the history entry ${id}.", id=entry_id)
        )


class UndoConflict(Conflict):
    """Something has changed since, and contradicts the undo.

    :param label: of the row
    :param conflicts: what contradicts, by field
    """

    code = "undo_conflict"

    def __init__(self, label: str, conflicts: Mapping[str, Sequence[str]]):
        self.conflicts = {name: list(messages) for name, messages in conflicts.items()}
        messages = (message for messages in self.conflicts.values() for message in messages)
        reasons = reduce(lambda one, other: _("${one} ${other}", one=one, other=other), messages)
        super().__init__(
            _("“${label}” has changed since. ${reasons}", label=label, reasons=reasons)
        )

    def body(self) -> dict[str, Any]:
        """Return the message, and the conflicts by field."""
        return super().body() | {"conflicts": self.conflicts}


@dataclass
class Undo:
    """What was undone: the numbers of rows, by the path of their resource.

    :param undoes: the id of the undone entry
    :param entry_id: of the undo's own entry
    :param skipped: rows of a group that were left as they are, because they have changed since
    """

    undoes: int
    entry_id: int | None = None
    restored: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    deleted: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)


def undo(db: Session, registry: Any, id: int, has_permission: HasPermission) -> Undo:
    """Undo the action of a history entry.

    :param has_permission: returns whether the user has a permission; those of the opposite changes are required
    :raises NotFound: there is no such entry
    :raises Forbidden: a permission is missing
    :raises Conflict: the action cannot be undone, or something since contradicts
    """
    is_entry = HistoryEntry.id == literal(id, BigInteger)
    # Two requests cannot undo the same entry at once.
    entry = db.execute(select(*COLUMNS).where(is_entry).with_for_update()).first()
    if entry is None:
        raise NotFound(_("There is no history entry ${id}.", id=id))
    resource = ServedResources.of(registry).get(entry.path)
    if resource is None or entry.action not in (*OPPOSITES, *GroupAction):
        raise CannotBeUndone
    missing = _find_missing_permissions(db, registry, [entry], has_permission)[entry.id]
    if missing:
        names = ", ".join(missing)
        raise Forbidden(_("To undo this, you need the permissions ${names}.", names=names))
    if entry.part_of is not None:
        raise PartOfGroup(entry.part_of)
    undos = _find_undos(db.connection(), [entry.id])
    if entry.id in undos:
        raise AlreadyUndone(undos[entry.id])
    is_group = entry.action in list(GroupAction)
    is_part = exists().where(HistoryEntry.part_of == entry.id)
    has_parts = is_group or db.scalar(select(is_part))
    action = GroupAction.UNDONE if has_parts else ""
    group = ChangeGroup(db, action, resource, entry.row_id, entry.label, undoes=entry.id)
    undoing = _Undoing(db, registry, has_permission, Undo(entry.id), is_lenient=is_group)
    with publish_group(group):
        if not is_group:
            undoing.run([entry])
        for run in _read_runs(db, entry) if has_parts else ():
            undoing.run(run)
    undoing.result.entry_id = _find_newest_undo(db.connection(), entry.id)
    return undoing.result


def find_undoable(
    connection: Connection, registry: Any, entries: Iterable[Row], has_permission: HasPermission
) -> set[int]:
    """Return the ids of those entries that a user may try to undo, for pages with a button beside each.

    It takes two statements for any number of entries.
    """
    resources = ServedResources.of(registry)
    actions = (*OPPOSITES, *GroupAction)
    found = [
        entry
        for entry in entries
        if entry.action in actions and entry.path in resources and entry.part_of is None
    ]
    missing = _find_missing_permissions(connection, registry, found, has_permission)
    ids = {entry.id for entry in found if not missing[entry.id]}
    return ids - _find_undos(connection, ids).keys()


def _find_undos(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """Return the ids of the entries that undid others, by the ids of these, unless they were undone, too.

    An undo may be undone, and so on: one statement follows all of these chains. The action is undone if its chain is
    odd.
    """
    if not ids:
        return {}
    undo, later = aliased(HistoryEntry), aliased(HistoryEntry)
    is_wanted = undo.undoes.in_(bindparam("ids", type_=BigInteger, expanding=True))
    undone, newest = undo.undoes.label("undone"), func.max(undo.id).label("newest")
    chain = (
        select(undone, newest, newest.label("last"), literal(1).label("length"))
        .where(is_wanted)
        .group_by(undo.undoes)
        .cte("chain", recursive=True)
    )
    newer = select(func.max(later.id)).where(later.undoes == chain.c.last).scalar_subquery()
    chain = chain.union_all(
        select(chain.c.undone, chain.c.newest, newer, chain.c.length + 1).where(
            chain.c.last.is_not(None)
        )
    )
    # The last row of each chain has no undo.
    is_odd = chain.c.length % 2 == 0
    undos = select(chain.c.undone, chain.c.newest).where(chain.c.last.is_(None), is_odd)
    return dict(connection.execute(undos, {"ids": list(ids)}).all())


def _find_missing_permissions(
    db: Session | Connection,
    registry: Any,
    entries: Collection[Row],
    has_permission: HasPermission,
) -> dict[int, list[str]]:
    """Return the permissions that a user lacks for the opposite changes, by the ids of entries."""
    kinds = {entry.id: {(entry.path, entry.action)} for entry in entries}
    if kinds:
        columns = HistoryEntry.part_of, HistoryEntry.path, HistoryEntry.action
        is_part = HistoryEntry.part_of.in_(bindparam("ids", type_=BigInteger, expanding=True))
        parts = select(*columns).where(is_part).distinct()
        for part_of, path, action in db.execute(parts, {"ids": list(kinds)}):
            kinds[part_of].add((path, action))
    resources = ServedResources.of(registry)
    return {
        id: sorted(
            {
                name
                for path, action in found
                if path in resources
                and action in OPPOSITES
                and not has_permission(
                    name := resources[path].permission(OPPOSITES[Action(action)])
                )
            }
        )
        for id, found in kinds.items()
    }


def _find_newest_undo(connection: Connection, id: int) -> int | None:
    newest = select(HistoryEntry.id).where(HistoryEntry.undoes == id)
    return connection.scalar(newest.order_by(HistoryEntry.id.desc()).limit(1))


def _read_runs(db: Session, entry: Row) -> Iterator[list[Row]]:
    """Yield the changes of a group, the last one first, in runs of one kind in which no row occurs twice."""
    parts = select(*COLUMNS).where(HistoryEntry.part_of == entry.id)
    parts = parts.order_by(HistoryEntry.id.desc()).limit(BATCH_ENTRIES)
    batch = db.execute(parts).all()
    while batch:
        for _kind, entries in groupby(batch, lambda part: (part.path, part.action)):
            run: dict[int, Row] = {}
            for part in entries:
                if part.row_id in run:
                    yield list(run.values())
                    run = {}
                run[part.row_id] = part
            yield list(run.values())
        batch = db.execute(parts.where(HistoryEntry.id < batch[-1].id)).all()


@dataclass
class _Undoing:
    """Makes the opposite changes.

    :param is_lenient: whether changed rows that have changed again are left as they are
    """

    db: Session
    registry: Any
    has_permission: HasPermission
    result: Undo
    is_lenient: bool

    def run(self, entries: list[Row]) -> None:
        """Undo changes of one kind."""
        path, action = entries[0].path, entries[0].action
        if path not in ServedResources.of(self.registry):
            raise CannotBeUndone(
                _("This action cannot be undone: no enabled plugin has ${path}.", path=path)
            )
        repository = Repository.of(self.registry, path)
        if action == Action.CHANGED:
            self._revert(repository, entries)
        for entry in entries:
            if action == Action.DELETED:
                self._restore(repository, entry)
            elif action == Action.ADDED:
                self._delete(repository, entry)

    def _revert(self, repository: Repository, entries: Sequence[Row]) -> None:
        """Give rows back the values that they had."""
        resource = repository.resource
        rows = repository.lock_many(self.db, [entry.row_id for entry in entries])
        items: list[tuple[Row, Values]] = []
        for entry in entries:
            conflicts = _find_conflicts(resource, entry, rows.get(entry.row_id))
            if conflicts and not self.is_lenient:
                raise self._make_conflict(resource, entry, conflicts)
            if not conflicts:
                items.append((entry, self._make_body(resource, entry)))
        items = [(entry, body) for entry, body in items if body]
        if not items and not self.is_lenient:
            raise CannotBeUndone
        if items:
            try:
                bodies = [{"id": entry.row_id, **body} for entry, body in items]
                repository.update_many(self.db, bodies)
            except ItemErrors as error:
                number, errors = next(iter(error.items.items()))
                raise self._make_conflict(resource, items[int(number)][0], errors) from None
        self.result.changed[resource.path] += len(items)
        self.result.skipped[resource.path] += len(entries) - len(items)

    def _restore(self, repository: Repository, entry: Row) -> None:
        """Add a row that was deleted, with its id."""
        resource = repository.resource
        if repository.lock(self.db, entry.row_id) is not None:
            message = _(
                "There is a ${noun} with the ID ${id} again.", noun=resource.noun(), id=entry.row_id
            )
            raise self._make_conflict(resource, entry, {"id": [message]})
        values: Values = {}
        errors: Errors = {}
        own = resource.own_fields()
        for one in resource.fields:
            # An extension's package writes its read-only values, as soon as the row is there.
            is_written = one in own or not one.read_only
            if is_written and one.is_stored and one.name in entry.changes:
                try:
                    before = read_stored_value(one, entry.changes[one.name][0])
                    values[one.key] = one.load(before)
                except InvalidValue as error:
                    errors[one.key] = list(error.args)
        if errors:
            raise self._make_conflict(resource, entry, errors)
        try:
            repository.restore(self.db, entry.row_id, values)
        except ValidationError as error:
            raise self._make_conflict(resource, entry, error.errors) from None
        self.result.restored[resource.path] += 1

    def _delete(self, repository: Repository, entry: Row) -> None:
        """Delete a row that was added.

        :raises InUse: others refer to it, or belong to it and were not added with it
        """
        row = repository.lock(self.db, entry.row_id)
        conflicts = _find_conflicts(repository.resource, entry, row)
        if conflicts or row is None:
            raise self._make_conflict(repository.resource, entry, conflicts)
        repository.delete(self.db, row, is_alone=True)
        self.result.deleted[repository.resource.path] += 1

    def _make_body(self, resource: Resource, entry: Row) -> Values:
        """Return the values before a change, as in a body."""
        body: Values = {}
        for one in _get_fields(resource, entry):
            try:
                body[one.key] = read_stored_value(one, entry.changes[one.name][0])
            except InvalidValue as error:
                raise self._make_conflict(resource, entry, {one.key: error.args}) from None
        return body

    def _make_conflict(
        self, resource: Resource, entry: Row, conflicts: Mapping[str, Sequence[str]]
    ) -> UndoConflict:
        """Return the error, with the row's label if the user may view all of it."""
        is_visible = all(map(self.has_permission, resource.view_permissions()))
        label = entry.label if is_visible else f"{resource.noun()} {entry.row_id}"
        return UndoConflict(label, conflicts)


def _find_conflicts(resource: Resource, entry: Row, row: StoredRow | None) -> Errors:
    """Return messages about the fields that have another value than the action gave them."""
    if row is None:
        return {"id": [_("The row was deleted.")]}
    conflicts: Errors = {}
    for one in _get_fields(resource, entry):
        stored = make_stored_value(one, one.name, row.document[one.name])
        if _get_comparable(one, stored) != _get_comparable(one, entry.changes[one.name][1]):
            message = _("The ${field} is another one now.", field=one.verbose_name)
            conflicts[one.key] = [message]
    return conflicts


def _get_fields(resource: Resource, entry: Row) -> list[Field]:
    """Return the fields of an entry that can be changed."""
    return [
        one
        for one in resource.fields
        if one.is_stored and not one.read_only and one.name in entry.changes
    ]


def _get_comparable(one: Field, stored: Any) -> Any:
    """Return a stored value; of a row, only its id, since its label may have changed."""
    return stored["id"] if one.resource is not None and stored is not None else stored
