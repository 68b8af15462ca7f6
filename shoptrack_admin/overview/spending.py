"""The overview's panel of what the household spends: by month, and by category."""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, extract, func, select

from shoptrack import charts
from shoptrack.catalog.models import Category, Product
from shoptrack.catalog.resources import CategoryResource, ProductResource
from shoptrack.db.calendar_days import get_today
from shoptrack.records.models import ShoppingRecord
from shoptrack.rest.visibility import find_hidden
from shoptrack_admin.overview.months import Month
from shoptrack_admin.panels import Panel, add_panel

MONTHS = 12
MOST_CATEGORIES = 8  # the others are added up


class Share(NamedTuple):
    """What was spent on a category, and the length of its bar in percent."""

    name: str | None  # None for all others together
    amount: int
    length: float


def read(request) -> dict:
    """Return what was spent in a year of months that ends with the newest record's.

    Categories are told to users who may view them, and the products that belong to them.
    """
    today = get_today(request.registry)
    newest = request.reader.scalar(_newest.where(ShoppingRecord.purchase_date <= today))
    if newest is None:
        return {"months": []}
    last = Month.of(newest)
    months = [last.shifted(-back) for back in reversed(range(MONTHS))]
    by_month, by_category = _spent(request.reader, months[0], last)
    amounts = [by_month[month] for month in months]
    return {
        "months": list(zip(months, amounts, strict=True)),
        "is_current": last == Month.of(today),
        "average": _average(amounts),
        "chart": charts.columns(amounts),
        "categories": [] if _hides_categories(request) else _categories(by_category),
        "total": sum(amounts),
    }


def _hides_categories(request) -> bool:
    needed = {ProductResource.permission("view"), CategoryResource.permission("view")}
    return not needed.isdisjoint(find_hidden(request, ProductResource))


# A day that lies ahead is a slip of the keyboard: it must not move the whole year.
_newest = select(func.max(ShoppingRecord.purchase_date))


def _spent(
    connection: Connection, first: Month, last: Month
) -> tuple[dict[Month, int], dict[str, int]]:
    """Return what was spent by month and by category, read by one statement."""
    year = extract("year", ShoppingRecord.purchase_date)
    month = extract("month", ShoppingRecord.purchase_date)
    statement = (
        select(year, month, Category.name, func.sum(ShoppingRecord.price))
        .join(Product, Product.id == ShoppingRecord.product_id)
        .join(Category, Category.id == Product.category_id)
        .where(ShoppingRecord.purchase_date.between(first.first_day, _last_day(last)))
        .group_by(year, month, Category.name)
    )
    by_month: dict[Month, int] = defaultdict(int)
    by_category: dict[str, int] = defaultdict(int)
    for in_year, in_month, category, amount in connection.execute(statement):
        by_month[Month(int(in_year), int(in_month))] += int(amount)
        by_category[category] += int(amount)
    return by_month, by_category


def _last_day(month: Month) -> date:
    if month == Month.of(date.max):
        return date.max
    return month.shifted(1).first_day - timedelta(days=1)


def _average(amounts: list[int]) -> int:
    """Return what a month costs: from the first in which something was bought, to the last."""
    while len(amounts) > 1 and not amounts[0]:
        amounts = amounts[1:]
    return round(sum(amounts) / len(amounts))


def _categories(by_category: dict[str, int]) -> list[Share]:
    """Return the categories on which most was spent, and the others together."""
    ordered = sorted(by_category.items(), key=lambda item: (-item[1], item[0]))
    shown: list[tuple[str | None, int]] = [*ordered[:MOST_CATEGORIES]]
    if rest := ordered[MOST_CATEGORIES:]:
        shown.append((None, sum(amount for _, amount in rest)))
    lengths = charts.shares([amount for _, amount in shown])
    return [
        Share(name, amount, length) for (name, amount), length in zip(shown, lengths, strict=True)
    ]


def includeme(config):
    """Show the panel to whoever may see shopping records."""
    template = "shoptrack_admin:templates/panels/spending.jinja2"
    add_panel(config, Panel("spending", template, read, "shopping-records:view", order=0))
