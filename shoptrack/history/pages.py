"""Pages of the history: its entries, the newest first, and the parts of those that consist of several changes.

A part is listed on its own only if the entry of its action does not meet the filters.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    FromClause,
    Integer,
    Row,
    Select,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from shoptrack.history.models import Action, GroupAction, HistoryEntry
from shoptrack.history.queries import Condition, Filters, LabelSearch, select_entries

MAX_COUNTED = 1000
MAX_SEARCHED = (
    10_000  # entries whose labels are compared for one page, since no database can fold them
)
CHUNK_ENTRIES = 1000
LABEL, BEFORE = "label", "before"  # filters: a search, and the id before which a page begins
DAYS = {"from", "to"}
COMMON_FILTERS = {"way", "user", *DAYS}  # a part meets them if the entry of its action does

COLUMNS = HistoryEntry.__table__.columns


@dataclass
class EntryPage:
    """A page of entries.

    Each row also has ``part_count``, the number of its parts, and ``last_action``, the last action on its row, which
    is ``None`` if the history has none. Numbers above ``MAX_COUNTED`` are ``MAX_COUNTED + 1``.

    :param last_id: the id of the entry after which the next page begins, ``None`` on the last page
    :param total: the number of all entries that meet the filters, ``None`` if it is not known
    :param is_searched: whether the labels of all older entries were searched
    """

    entries: Sequence[Row]
    last_id: int | None = None
    total: int | None = None
    is_searched: bool = True


@dataclass
class Parts:
    """Some of the changes that belong to the entries of a page, by the ids of these.

    :param first: the first ones, in the order in which they were made
    :param merged: those that deleted merged rows
    """

    first: dict[int, list[Row]] = field(default_factory=dict)
    merged: dict[int, list[Row]] = field(default_factory=dict)


def read_page(
    connection: Connection, filters: Filters, params: Mapping[str, str], size: int
) -> EntryPage:
    """Read a page of the entries that meet the filters, by one statement, or by two if labels are searched.

    :param params: valid ones
    """
    if LABEL in params:
        return _search_page(connection, filters, params, size)
    wanted = _drop_place(params)
    conditions = [*_make_conditions(filters, wanted), _make_whole_condition(filters, wanted)]
    total = _count(select(HistoryEntry.id).where(*conditions))
    if wanted and wanted.keys() <= DAYS:
        # The index of times finds a day at once, and has its order. Ids have the same one, unless a clock was wrong.
        statement = _select_by_time(conditions, params.get(BEFORE))
        entries = _read(connection, statement.limit(size + 1), total, _order_by_time)
    else:
        place = {name: text for name, text in params.items() if name == BEFORE}
        statement = select_entries(*conditions, *_make_conditions(filters, place))
        entries = _read(connection, statement.limit(size + 1), total)
    return _make_page(entries, size, entries[0].total if entries else 0)


def read_latest(connection: Connection, limit: int) -> Sequence[Row]:
    """Read the latest actions on rows, without their parts, like the entries of a page."""
    # The index of actions would find most entries, and SQLite would sort them.
    action = HistoryEntry.action + ""
    is_of_row = action.in_([*Action, *GroupAction])
    statement = select_entries(HistoryEntry.part_of.is_(None), is_of_row)
    return _read(connection, statement.limit(limit))


def read_entry(connection: Connection, id: int) -> Row | None:
    """Read one entry like those of a page."""
    is_it = HistoryEntry.id == literal(id, BigInteger)
    return next(iter(_read(connection, select_entries(is_it))), None)


def read_parts_page(connection: Connection, entry: Row, after: int, size: int) -> EntryPage:
    """Read a page of an entry's parts, in the order in which they were made.

    :param after: the ``last_id`` of the page before, 0 for the first one
    """
    is_next = HistoryEntry.id > literal(after, BigInteger)
    parts = select(*COLUMNS).where(HistoryEntry.part_of == entry.id, is_next)
    statement = parts.order_by(HistoryEntry.id).limit(size + 1)
    rows = _read(connection, statement, order=lambda page: [page.id])
    return _make_page(rows, size, entry.part_count)


def read_parts(connection: Connection, entries: Iterable[Row], limit: int) -> Parts:
    """Read the first parts of each entry that has any, and those that deleted merged rows, by one statement."""
    statements: list[Select[Any]] = []
    columns = (*COLUMNS, *_make_details(HistoryEntry.__table__))
    for entry in (entry for entry in entries if entry.part_count):
        is_part = HistoryEntry.part_of == entry.id
        first = select(*columns, null().cast(Integer).label("merged_into"))
        statements.append(first.where(is_part).order_by(HistoryEntry.id).limit(limit))
        if merged := get_merged_ids(entry):
            rows = select(*columns, HistoryEntry.part_of.label("merged_into"))
            is_merged = (
                HistoryEntry.path == entry.path,
                HistoryEntry.row_id.in_(merged),
                HistoryEntry.action == Action.DELETED,
            )
            statements.append(rows.where(is_part, *is_merged))
    found = Parts()
    if statements:
        parts = union_all(*(select(statement.subquery()) for statement in statements))
        for part in connection.execute(parts):
            where = found.first if part.merged_into is None else found.merged
            where.setdefault(part.part_of, []).append(part)
    return found


def get_merged_ids(entry: Row) -> Collection[int]:
    """Return the ids of the rows that were merged into the row of an entry."""
    pair = entry.changes.get("merged") if entry.action == GroupAction.MERGED else None
    return pair[1] if pair else ()


def iterate_entries(
    connection: Connection, filters: Filters, params: Mapping[str, str]
) -> Iterator[Row]:
    """Yield all entries that meet the filters, parts included, few of them in memory at a time."""
    search = LabelSearch(params.get(LABEL, ""))
    entries = select_entries(*_make_conditions(filters, params))
    for chunk in connection.execute(entries).partitions(CHUNK_ENTRIES):
        yield from (entry for entry in chunk if search.matches(entry.label))


def _search_page(
    connection: Connection, filters: Filters, params: Mapping[str, str], size: int
) -> EntryPage:
    search = LabelSearch(params[LABEL])
    group = aliased(HistoryEntry)
    group_label = select(group.label).where(
        group.id == HistoryEntry.part_of,
        *_make_conditions(filters, _drop_place(params), group),
    )
    labels = (
        select(HistoryEntry.id, HistoryEntry.label, group_label.scalar_subquery())
        .where(*_make_conditions(filters, params))
        .order_by(HistoryEntry.id.desc())
        .limit(MAX_SEARCHED)
    )
    rows = connection.execute(labels).all()
    matching = (
        id
        for id, label, whole in rows
        if search.matches(label) and not (whole is not None and search.matches(whole))
    )
    ids = list(islice(matching, size + 1))
    is_found = HistoryEntry.id.in_(ids[:size])
    entries = _read(connection, select_entries(is_found)) if ids else []
    if len(ids) > size:
        return EntryPage(entries, ids[size - 1])
    if len(rows) == MAX_SEARCHED:
        return EntryPage(entries, rows[-1].id, is_searched=False)
    return EntryPage(entries, total=None if BEFORE in params else len(entries))


def _select_by_time(conditions: Iterable[Condition], before: str | None) -> Select[Any]:
    """Return the statement of entries by their time."""
    statement = select(*COLUMNS).where(*conditions).order_by(*_order_by_time(HistoryEntry))
    if before is None:
        return statement
    id, last = literal(int(before), BigInteger), aliased(HistoryEntry)
    at = select(last.at).where(last.id == id).scalar_subquery()
    return statement.where(tuple_(HistoryEntry.at, HistoryEntry.id) < tuple_(at, id))


def _order_by_time(entry: Any) -> Sequence[Any]:
    return [entry.at.desc(), entry.id.desc()]


def _read(
    connection: Connection,
    statement: Select[Any],
    total: Any = None,
    order: Callable[[Any], Sequence[Any]] = lambda page: [page.id.desc()],
) -> Sequence[Row[Any]]:
    """Read entries with the numbers of their parts and the last actions on their rows."""
    # Of the entries of the page only, whatever is read to find them.
    page = statement.subquery("page")
    columns = [page, *_make_details(page)]
    if total is not None:
        columns.append(total.label("total"))
    return connection.execute(select(*columns).order_by(*order(page.c))).all()


def _make_page(entries: Sequence[Row], size: int, total: int | None) -> EntryPage:
    last_id = entries[size - 1].id if len(entries) > size else None
    return EntryPage(entries[:size], last_id, total)


def _make_details(entries: FromClause) -> list[Any]:
    """Return the number of an entry's parts, and the last action on its row, as columns."""
    part, later, entry = aliased(HistoryEntry), aliased(HistoryEntry), entries.c
    parts = _count(select(part.id).where(part.part_of == entry.id).correlate(entries))
    is_of_row = (later.path == entry.path) & (later.row_id == entry.row_id)
    actions = select(later.action).where(is_of_row, later.action.in_([*Action]))
    last_action = actions.order_by(later.id.desc()).limit(1).correlate(entries).scalar_subquery()
    return [parts.label("part_count"), last_action.label("last_action")]


def _count(ids: Select[Any]) -> Any:
    """Return the number of rows as an expression; it counts no more than it has to."""
    few = ids.limit(MAX_COUNTED + 1).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


def _make_conditions(
    filters: Filters, params: Mapping[str, str], entry: Any = HistoryEntry
) -> list[Condition]:
    conditions, invalid = filters.make_conditions(dict(params), entry)
    assert not invalid, "the caller has checked the filters"
    return conditions


def _make_whole_condition(filters: Filters, params: Mapping[str, str]) -> Condition:
    """Return the condition that leaves out the parts of listed entries."""
    is_whole = HistoryEntry.part_of.is_(None)
    if params.keys() <= COMMON_FILTERS:
        return is_whole
    group = aliased(HistoryEntry)
    of_group = _make_conditions(filters, params, group)
    # Not by EXISTS: for a few parts, PostgreSQL would read all entries that meet the filters.
    listed = select(group.id).where(group.id == HistoryEntry.part_of, *of_group)
    return or_(is_whole, listed.scalar_subquery().is_(None))


def _drop_place(params: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in params.items() if name != BEFORE}
