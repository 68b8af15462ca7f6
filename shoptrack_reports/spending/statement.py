"""The statement that sums up records: one, whatever it groups by."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, select
from sqlalchemy.orm import aliased

from shoptrack.catalog.models import Product
from shoptrack.records.models import ShoppingRecord
from shoptrack_reports.cuts import Cut
from shoptrack_reports.spending.groups import Group
from shoptrack_reports.spending.question import Question

SUMS = ("total", "records", "first", "last")  # the columns behind those of the keys


def statement(question: Question, limit: int) -> Select[Any]:
    """Return the statement whose rows are: the keys, the sums, and the texts of what was grouped by.

    Records are summed up by numbers first, and the few sums then get their names.

    :param limit: rows at most
    """
    # Filters look into products by subqueries of their own, which must not take this one for theirs.
    product = aliased(Product)
    day, price = ShoppingRecord.purchase_date, ShoppingRecord.price
    days = _days(question) if question.cuts else None
    columns: list[ColumnElement[Any]] = []
    for key, name in question.named:
        if isinstance(key, Group):
            owner = product if key.is_products else ShoppingRecord
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
    if any(isinstance(key, Group) and key.is_products for key in question.keys):
        summed = summed.join(product, product.id == ShoppingRecord.product_id)
    summed = summed.where(*question.clauses).group_by(*(name for _, name in question.named))
    return _with_texts(question, summed.limit(limit).subquery())


def _days(question: Question) -> Subquery:
    """Return the days on which something was bought, with their periods.

    There are few, so that what takes a database long, to tell the month of a day, is done once for each and not for
    each record.
    """
    day = ShoppingRecord.purchase_date
    periods = (key.column(day).label(name) for key, name in question.named if isinstance(key, Cut))
    days = select(day.label("day"), *periods).group_by(day)
    if question.earliest:
        days = days.where(day >= question.earliest)
    if question.latest:
        days = days.where(day <= question.latest)
    return days.subquery()


def _with_texts(question: Question, summed: Subquery) -> Select[Any]:
    statement = select(summed)
    for key, name in question.named:
        if isinstance(key, Group):
            member = aliased(key.model)
            same = member.id == summed.c[name]
            statement = statement.join(member, same, isouter=key.is_optional)
            statement = statement.add_columns(*(getattr(member, text) for text in key.texts))
    return statement
