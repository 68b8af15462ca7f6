"""The panel on the administration's overview: a year's spending, by month and by category."""

from collections import defaultdict
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from shoptrack.catalog.models import Category, Product
from shoptrack.catalog.resources import CategoryResource, ProductResource
from shoptrack.db import get_today
from shoptrack.plugins import AdminPanel
from shoptrack.records.models import ShoppingRecord
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.rest import find_hidden
from shoptrack_reports.charts import get_bar_lengths, make_column_chart
from shoptrack_reports.granularities import Months

MAX_MONTHS = 12
MAX_CATEGORIES = 8  # the others are added up
FIRST_MONTH = 12  # January of the year 1, with which the calendar begins

TEMPLATE = "shoptrack_reports:templates/spending_panel.jinja2"
MONTHS = Months()


class CategoryBar(NamedTuple):
    """The spending on a category, and the length of its bar in percent."""

    name: str | None  # None for all others together
    amount: int
    length: float


def load_panel(request) -> dict[str, Any]:
    """Return the spending in the year of calendar months that ends with the newest record's month.

    Categories are shown to users who may view them, and the products that belong to them.
    """
    today = get_today(request.registry)
    newest = request.reader.scalar(_newest.where(ShoppingRecord.purchase_date <= today))
    if newest is None:
        return {"months": []}
    last = MONTHS.get_number(newest)
    months = [max(last - back, FIRST_MONTH) for back in reversed(range(MAX_MONTHS))]
    by_month, by_category = _sum_up(request.reader, months[0], last)
    amounts = [by_month[month] for month in months]
    return {
        "months": [
            (MONTHS.format_number(month), amount)
            for month, amount in zip(months, amounts, strict=True)
        ],
        "is_current": last == MONTHS.get_number(today),
        "average": _get_average(amounts),
        "chart": make_column_chart(amounts),
        "categories": [] if _hides_categories(request) else _make_bars(by_category),
    }


def _hides_categories(request) -> bool:
    needed = {ProductResource.permission("view"), CategoryResource.permission("view")}
    return not needed.isdisjoint(find_hidden(request, ProductResource))


# A future date is a typing error: it must not move the whole year.
_newest = select(func.max(ShoppingRecord.purchase_date))


def _sum_up(connection: Connection, first: int, last: int) -> tuple[dict[int, int], dict[str, int]]:
    """Return the spending by month and by category, read by one statement."""
    month = MONTHS.make_number_column(ShoppingRecord.purchase_date)
    first_day, last_day = MONTHS.get_date_range(first)[0], MONTHS.get_date_range(last)[1]
    statement = (
        select(month, Category.name, func.sum(ShoppingRecord.price))
        .join(Product, Product.id == ShoppingRecord.product_id)
        .join(Category, Category.id == Product.category_id)
        .where(ShoppingRecord.purchase_date.between(first_day, last_day))
        .group_by(month, Category.name)
    )
    by_month: dict[int, int] = defaultdict(int)
    by_category: dict[str, int] = defaultdict(int)
    for number, category, amount in connection.execute(statement):
        by_month[number] += int(amount)
        by_category[category] += int(amount)
    return by_month, by_category


def _get_average(amounts: list[int]) -> int:
    """Return the average per month, from the first month with a purchase to the last month."""
    while len(amounts) > 1 and not amounts[0]:
        amounts = amounts[1:]
    return round(sum(amounts) / len(amounts))


def _make_bars(by_category: dict[str, int]) -> list[CategoryBar]:
    """Return the categories with the highest spending, and the sum of the others."""
    ordered = sorted(by_category.items(), key=lambda item: (-item[1], item[0]))
    totals: list[tuple[str | None, int]] = [*ordered[:MAX_CATEGORIES]]
    if rest := ordered[MAX_CATEGORIES:]:
        totals.append((None, sum(amount for _, amount in rest)))
    lengths = get_bar_lengths([amount for _, amount in totals])
    return [
        CategoryBar(name, amount, length)
        for (name, amount), length in zip(totals, lengths, strict=True)
    ]


def includeme(config):
    """Show the panel to users who may view shopping records. Other reports require the permission to view reports."""
    permission = ShoppingRecordResource.permission("view")
    config.add_admin_panel(
        AdminPanel("spending", TEMPLATE, load_panel, permission, staff_only=False)
    )
