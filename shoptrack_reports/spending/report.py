"""The spending report: its statement, and its rows with the periods without purchases."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, product
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, Subquery, func, select
from sqlalchemy.orm import aliased

from shoptrack.catalog.models import Product
from shoptrack.db import fold
from shoptrack.errors import ValidationError
from shoptrack.records.models import ShoppingRecord
from shoptrack.resources import Hidden
from shoptrack_reports.granularities import Granularity, iterate_periods
from shoptrack_reports.spending.dimensions import Dimension, DimensionRow
from shoptrack_reports.spending.query import SpendingQuery

SUMS = ("total", "records", "first", "last")  # the columns after those of the keys


def make_statement(query: SpendingQuery, limit: int) -> Select[Any]:
    """Return the statement whose columns are the keys, the sums and the texts of the dimensions.

    Records are added up by ids first; the few sums are then joined with names.

    :param limit: the maximum number of rows
    """
    # The filters' subqueries of products must not be correlated with this one.
    product = aliased(Product)
    day, price = ShoppingRecord.purchase_date, ShoppingRecord.price
    days = _select_days(query) if query.granularities else None
    columns: list[ColumnElement[Any]] = []
    for key, name in query.labelled_keys:
        if isinstance(key, Dimension):
            owner = product if key.is_of_product else ShoppingRecord
            columns.append(getattr(owner, key.key).label(name))
        elif days is not None:
            columns.append(days.c[name])
    sums: tuple[ColumnElement[Any], ...] = (
        func.sum(price),
        func.count(),
        func.min(day),
        func.max(day),
    )
    columns += [column.label(name) for column, name in zip(sums, SUMS, strict=True)]
    summed = select(*columns).select_from(ShoppingRecord)
    if days is not None:
        summed = summed.join(days, days.c.day == day)
    if any(isinstance(key, Dimension) and key.is_of_product for key in query.keys):
        summed = summed.join(product, product.id == ShoppingRecord.product_id)
    summed = summed.where(*query.clauses).group_by(*(name for _, name in query.labelled_keys))
    return _join_texts(query, summed.limit(limit).subquery())


def _select_days(query: SpendingQuery) -> Subquery:
    """Select the days with purchases and their periods.

    A period is computed once for each of these few days, not for each record, which would be slow.
    """
    day = ShoppingRecord.purchase_date
    periods = (
        key.make_number_column(day).label(name)
        for key, name in query.labelled_keys
        if isinstance(key, Granularity)
    )
    days = select(day.label("day"), *periods).group_by(day)
    if query.earliest:
        days = days.where(day >= query.earliest)
    if query.latest:
        days = days.where(day <= query.latest)
    return days.subquery()


def _join_texts(query: SpendingQuery, summed: Subquery) -> Select[Any]:
    statement = select(summed)
    for key, name in query.labelled_keys:
        if isinstance(key, Dimension):
            member = aliased(key.model)
            same = member.id == summed.c[name]
            statement = statement.join(member, same, isouter=key.is_optional)
            statement = statement.add_columns(*(getattr(member, text) for text in key.texts))
    return statement


MAX_ROWS = 10_000
TOO_LONG = (
    f"The report would have more than {MAX_ROWS} rows. Filter it, for example by purchase_date__gte "
    "and purchase_date__lte, or group by fewer keys."
)

RowKey = tuple[int | None, ...]  # numbers of periods and ids of dimensions; None for no reference
# By the name of the key and the id.
DimensionRows = dict[str, dict[int | None, DimensionRow | None]]


class Total(NamedTuple):
    """The sum of prices and the number of records."""

    total: int
    records: int


ZERO = Total(0, 0)


@dataclass(frozen=True)
class Report:
    """The rows of a spending report, and the rows of its dimensions.

    :param totals: in the order of the report, by their keys
    :param dimension_rows: the referenced rows of the dimensions, in their order
    :param first: the first day of the report; ``None`` without records and without a filter
    """

    query: SpendingQuery
    totals: dict[RowKey, Total]
    dimension_rows: DimensionRows
    first: date | None
    last: date | None

    @property
    def grand_total(self) -> Total:
        """Return the totals of all rows."""
        totals, records = zip(ZERO, *self.totals.values(), strict=True)
        return Total(sum(totals), sum(records))

    def format_key(self, key: Granularity | Dimension, number: int | None) -> Any:
        """Return a key's value as in JSON."""
        if isinstance(key, Dimension):
            return self.dimension_rows[key.name][number]
        assert number is not None, "every record has a day"
        return key.format_number(number)


def load_report(connection: Connection, query: SpendingQuery) -> Report:
    """Load the report by one statement.

    Periods without purchases are included, from the first to the last day of the filters or else of the records.
    Periods are in their order, dimensions by total, highest first.

    :raises ValidationError: too many rows
    """
    select = make_statement(query, MAX_ROWS + 1)
    rows = _limit_rows(connection.execute(select, query.values))
    width = len(query.keys)
    spent = {tuple(row[:width]): Total(int(row[width]), row[width + 1]) for row in rows}
    first = query.earliest or min((row[width + 2] for row in rows), default=None)
    last = query.latest or max((row[width + 3] for row in rows), default=None)
    dimension_rows = _get_dimension_rows(query, rows)
    row_keys = _limit_rows(_make_row_keys(query, spent, dimension_rows, first, last))
    return Report(
        query,
        {row_key: spent.get(row_key, ZERO) for row_key in row_keys},
        dimension_rows,
        first,
        last,
    )


def _limit_rows(rows: Iterable[Any]) -> list[Any]:
    limited = list(islice(rows, MAX_ROWS + 1))
    if len(limited) > MAX_ROWS:
        raise ValidationError({"group_by": [TOO_LONG]})
    return limited


def _get_dimension_rows(query: SpendingQuery, rows: Sequence[Row[Any]]) -> DimensionRows:
    """Return the referenced rows of each dimension."""
    keys = query.keys
    dimension_rows: DimensionRows = {}
    position = len(keys) + len(SUMS)
    for index, key in enumerate(keys):
        if isinstance(key, Dimension):
            texts = slice(position, position + len(key.texts))
            dimension_rows[key.name] = _sort_dimension_rows(
                key, rows, index, len(keys), texts, query.hidden
            )
            position = texts.stop
    return dimension_rows


def _sort_dimension_rows(
    key: Dimension, rows: Sequence[Row[Any]], index: int, total: int, texts: slice, hidden: Hidden
) -> dict[int | None, DimensionRow | None]:
    """Return the referenced rows of one dimension by total, highest first."""
    rows_by_id: dict[int | None, DimensionRow | None] = {}
    totals: Counter[int | None] = Counter()
    for row in rows:
        id = row[index]
        rows_by_id[id] = None if id is None else key.make_row(id, row[texts], hidden)
        totals[id] += int(row[total])

    def order(id: int | None) -> tuple[int, bool, str, int]:
        row = rows_by_id[id]
        name = fold(key.label(row)) if row else ""
        return -totals[id], row is None, name, id or 0

    return {id: rows_by_id[id] for id in sorted(rows_by_id, key=order)}


def _make_row_keys(
    query: SpendingQuery,
    spent: Mapping[RowKey, Total],
    dimension_rows: DimensionRows,
    first: date | None,
    last: date | None,
) -> Iterable[RowKey]:
    """Return the keys of the report's rows, in their order."""
    periods: Sequence[RowKey] = ()
    if query.granularities and first is not None and last is not None:
        periods = sorted(_limit_rows(iterate_periods(query.granularities, first, last)))
    match query.keys:
        case (Granularity(), Dimension(name=name)):
            return ((*period, id) for period, id in product(periods, dimension_rows[name]))
        case (Dimension(name=name), Granularity()):
            return ((id, *period) for id, period in product(dimension_rows[name], periods))
        case (Dimension(), *_):
            positions = [_get_positions(dimension_rows[key.name]) for key in query.keys]
            return sorted(
                spent,
                key=lambda row_key: [at[id] for at, id in zip(positions, row_key, strict=True)],
            )
    return periods


def _get_positions(ids: Iterable[int | None]) -> dict[int | None, int]:
    return {id: position for position, id in enumerate(ids)}
