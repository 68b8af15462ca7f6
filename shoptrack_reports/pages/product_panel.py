"""The panel on a product's page: its prices by month, its latest prices, and where it is cheapest."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import partial
from statistics import median
from typing import Any

from sqlalchemy import bindparam, select

from shoptrack.catalog.models import Store
from shoptrack.catalog.resources import ProductResource, StoreResource
from shoptrack.db import get_today
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
from shoptrack.resources import Hidden, HiddenRow
from shoptrack.rest import find_hidden
from shoptrack_reports.granularities import Months
from shoptrack_reports.pages.prices import draw_medians
from shoptrack_reports.pages.row_links import RowLinks
from shoptrack_reports.permissions import ReportPermission
from shoptrack_reports.prices.views import NEEDS
from shoptrack_reports.translation import _

MAX_RECORDS = 500  # that are read, so that a page takes as long in any household
MAX_LISTED = 20
MAX_STORES = 10
RECENT_MONTHS = 12

TEMPLATE = "shoptrack_reports:templates/product_panel.jinja2"
MONTHS = Months()

_records = (
    select(
        ShoppingRecord.id,
        ShoppingRecord.purchase_date,
        ShoppingRecord.price,
        ShoppingRecord.quantity,
        thousandths(ShoppingRecord.quantity).label("thousandths"),
        ShoppingRecord.store_id,
        Store.name,
        Store.location,
    )
    .join(Store, Store.id == ShoppingRecord.store_id)
    .where(
        ShoppingRecord.product_id == bindparam("id"),
        # A future date is a typing error.
        ShoppingRecord.purchase_date <= bindparam("today"),
        unit_price_condition,
    )
    .order_by(ShoppingRecord.purchase_date.desc(), ShoppingRecord.id.desc())
    .limit(MAX_RECORDS)
)


def load_panel(request, product: dict[str, Any]) -> dict[str, Any] | None:
    """Return the prices of a product by its latest records that have a unit price."""
    hidden = find_hidden(request, ShoppingRecordResource)
    if not NEEDS.isdisjoint(hidden):
        return None
    values = {"id": product["id"], "today": get_today(request.registry)}
    records = request.reader.execute(_records, values).all()
    if not records:
        return None
    months = _get_medians(records, lambda record: MONTHS.get_number(record.purchase_date))
    if len(records) == MAX_RECORDS and len(months) > 1:
        del months[min(months)]  # not all of its records were read
    newest = max(months)
    recent = [
        record
        for record in records
        if MONTHS.get_number(record.purchase_date) > newest - RECENT_MONTHS
    ]
    links = RowLinks(request)
    sees_records = ShoppingRecordResource.permission("view") not in hidden
    title = _("Price of ${product} by month", product=ProductResource.label_of(product))
    rows = [
        {"month": MONTHS.format_number(month), "median": format_fraction(price)}
        for month, price in sorted(months.items())
    ]
    return {
        "unit": product["unit"]["name"],
        "picture": draw_medians(
            partial(translate, request.localizer)(title), rows, request.number_format
        ),
        "months": rows[::-1],
        "prices": [_make_price(record, links, hidden) for record in records[:MAX_LISTED]]
        if sees_records
        else [],
        "stores": _make_stores(recent, links, hidden),
        "since": MONTHS.format_number(newest - RECENT_MONTHS + 1),
        "until": MONTHS.format_number(newest),
        "href": request.route_path(
            "admin:page:reports", _query={"history": product["id"]}, _anchor="prices"
        ),
    }


def _get_medians(records: Iterable[Any], key: Callable[[Any], int]) -> dict[int, Fraction]:
    prices = defaultdict(list)
    for record in records:
        prices[key(record)].append(unit_price(record.price, record.thousandths))
    return {part: median(found) for part, found in prices.items()}


def _make_price(record: Any, links: RowLinks, hidden: Hidden) -> dict[str, Any]:
    return {
        "id": record.id,
        "day": record.purchase_date,
        "href": links.get_path(ShoppingRecordResource, record.id),
        "store": _get_store_name(record, hidden),
        "store_href": links.get_path(StoreResource, record.store_id),
        "unit_price": format_fraction(unit_price(record.price, record.thousandths)),
        "quantity": record.quantity,
        "price": record.price,
    }


def _make_stores(records: Sequence[Any], links: RowLinks, hidden: Hidden) -> list[dict[str, Any]]:
    """Return the prices by store, the cheapest first, as a price history has them.

    :param records: the newest first
    """
    by_store = defaultdict(list)
    for record in records:
        by_store[record.store_id].append(record)
    medians = _get_medians(records, lambda record: record.store_id)
    cheapest = sorted(by_store, key=lambda id: (medians[id], id))[:MAX_STORES]
    rows = []
    for id in cheapest:
        prices = [unit_price(record.price, record.thousandths) for record in by_store[id]]
        newest = by_store[id][0]
        rows.append(
            {
                "name": _get_store_name(newest, hidden),
                "href": links.get_path(StoreResource, id),
                "n": len(prices),
                "min": format_fraction(min(prices)),
                "median": format_fraction(medians[id]),
                "last": format_fraction(prices[0]),
                "last_date": newest.purchase_date,
                "cheapest": medians[id] == medians[cheapest[0]],
            }
        )
    return rows


def _get_store_name(record: Any, hidden: Hidden) -> str:
    if StoreResource.permission("view") in hidden:
        return StoreResource.label_of(HiddenRow(id=record.store_id))
    row = {"id": record.store_id, "name": record.name, "location": record.location}
    return StoreResource.label_of(row)


def includeme(config):
    """Add the panel for users with ``reports:view``."""
    permission = ReportPermission.VIEW_REPORTS
    panel = AdminRowPanel("prices", TEMPLATE, load_panel, permission, staff_only=False)
    config.add_admin_row_panel(ProductResource.path, panel)
