"""The panel on a store's page: the spending there by month, and what is bought there most."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, bindparam, cast, func, literal, select

from shoptrack.catalog.models import Product, Unit
from shoptrack.catalog.resources import ProductResource, StoreResource
from shoptrack.db import day_number, get_today
from shoptrack.i18n import translate
from shoptrack.plugins import AdminRowPanel
from shoptrack.records.models import ShoppingRecord
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.records.unit_prices import (
    format_fraction,
    thousandths,
    unit_price,
    unit_price_condition,
)
from shoptrack.rest import find_hidden
from shoptrack_reports.drawing import Chart, Series, render_inline_svg
from shoptrack_reports.granularities import Months
from shoptrack_reports.pages.row_links import RowLinks
from shoptrack_reports.permissions import ReportPermission
from shoptrack_reports.price_statistics import MOMENTS_PER_DAY
from shoptrack_reports.prices.views import NEEDS
from shoptrack_reports.settings import ReportSettings
from shoptrack_reports.translation import _

MAX_MONTHS = 12
MAX_DAYS = 366  # with purchases: as many as twelve months can have
MAX_PRODUCTS = 10

TEMPLATE = "shoptrack_reports:templates/store_panel.jinja2"

_of_store = ShoppingRecord.store_id == bindparam("id")
_day = ShoppingRecord.purchase_date

_days = (
    select(_day, cast(func.sum(ShoppingRecord.price), BigInteger).label("total"))
    # A future date is a typing error: it must not move the whole year.
    .where(_of_store, _day <= bindparam("today"))
    .group_by(_day)
    .order_by(_day.desc())
    .limit(MAX_DAYS)
)
_most_bought = (
    select(
        ShoppingRecord.product_id,
        func.count().label("times"),
        func.max(day_number(_day) * literal(MOMENTS_PER_DAY, BigInteger) + ShoppingRecord.id).label(
            "newest"
        ),
    )
    .where(_of_store, _day.between(bindparam("first"), bindparam("last")), unit_price_condition)
    .group_by(ShoppingRecord.product_id)
    .order_by(func.count().desc(), ShoppingRecord.product_id)
    .limit(MAX_PRODUCTS)
    .subquery("most_bought")
)
_products = (
    select(
        _most_bought.c.product_id,
        _most_bought.c.times,
        Product.name,
        Unit.name.label("unit"),
        ShoppingRecord.purchase_date,
        ShoppingRecord.price,
        thousandths(ShoppingRecord.quantity).label("thousandths"),
    )
    .join(ShoppingRecord, ShoppingRecord.id == _most_bought.c.newest % MOMENTS_PER_DAY)
    .join(Product, Product.id == _most_bought.c.product_id)
    .join(Unit, Unit.id == Product.unit_id)
    .order_by(_most_bought.c.times.desc(), _most_bought.c.product_id)
)


def load_panel(request, store: dict[str, Any]) -> dict[str, Any] | None:
    """Return the spending in a store in the year that ends with its newest record's month, and its products."""
    id, reader = store["id"], request.reader
    days = reader.execute(_days, {"id": id, "today": get_today(request.registry)}).all()
    if not days:
        return None
    months = Months(ReportSettings.of(request.registry).month_start)
    last = months.get_number(days[0].purchase_date)
    # The calendar begins with the year 1.
    first = max(last - MAX_MONTHS + 1, months.get_number(date.min))
    totals = dict.fromkeys(range(first, last + 1), 0)
    for day in days:
        month = months.get_number(day.purchase_date)
        if month in totals:
            totals[month] += day.total
    spending = [(months.format_number(month), total) for month, total in totals.items()]
    hidden = find_hidden(request, ShoppingRecordResource)
    products: Sequence[dict[str, Any]] = ()
    if NEEDS.isdisjoint(hidden):
        first_day, last_day = months.get_date_range(first)[0], days[0].purchase_date
        values = {"id": id, "first": first_day, "last": last_day}
        links = RowLinks(request)
        products = [_make_product(row, links) for row in reader.execute(_products, values)]
    query = {"group_by": "month", "store_id": id}
    return {
        "picture": _draw(request, store, spending),
        "months": spending[::-1],
        "products": products,
        "href": request.route_path("admin:page:reports", _query=query),
    }


def _draw(request, store: dict[str, Any], spending: Sequence[tuple[str, int]]) -> str:
    title = _("Spending at ${store} by month", store=StoreResource.label_of(store))
    format_amount = request.number_format.format_amount
    chart = Chart(
        translate(request.localizer, title),
        "",
        [month for month, _total in spending],
        [Series("", [total for _month, total in spending])],
        format_amount,
        partial(format_amount, is_short=True),
    )
    return render_inline_svg(chart)


def _make_product(row: Any, links: RowLinks) -> dict[str, Any]:
    return {
        "name": row.name,
        "href": links.get_path(ProductResource, row.product_id),
        "times": row.times,
        "last": format_fraction(unit_price(row.price, row.thousandths)),
        "unit": row.unit,
        "last_date": row.purchase_date,
    }


def includeme(config):
    """Add the panel for users with ``reports:view``."""
    permission = ReportPermission.VIEW_REPORTS
    panel = AdminRowPanel("spending", TEMPLATE, load_panel, permission, staff_only=False)
    config.add_admin_row_panel(StoreResource.path, panel)
