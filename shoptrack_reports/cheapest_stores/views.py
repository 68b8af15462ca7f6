"""The endpoint of the cheapest stores for a shopping list."""

from collections import defaultdict
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Select

from shoptrack.errors import ValidationError
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import (
    ID,
    MAX_CACHED_SHAPES,
    REQUIRED,
    InvalidValue,
    QueryShape,
    check_parameters,
    make_unknown_id_error,
    one_of,
    parse_id,
)
from shoptrack.rest import ResponseDescription, Service, describe_view, find_hidden
from shoptrack_reports.cheapest_stores.schemas import CHEAPEST_STORES
from shoptrack_reports.cheapest_stores.shopping_list import (
    LAST,
    MEDIAN,
    ListItem,
    ShoppingList,
    make_statement,
)
from shoptrack_reports.parameters import ReportParameter, ReportParameters
from shoptrack_reports.permissions import ReportPermission
from shoptrack_reports.prices.views import NEEDS
from shoptrack_reports.schemas import ABOUT
from shoptrack_reports.units.amounts import QUANTITY

MAX_PRODUCTS = 100
PRODUCTS = "product_id__in"


def _parse_products(text: str) -> list[int]:
    ids = [parse_id(part) for part in text.split(",")]
    if len(ids) > MAX_PRODUCTS:
        raise InvalidValue(f"Send at most {MAX_PRODUCTS} products.")
    for id in ids:
        if ids.count(id) > 1:
            raise InvalidValue(f"Product {id} is listed twice.")
    return ids


def _parse_quantities(text: str) -> list[Decimal]:
    quantities = [QUANTITY.parse(part) for part in text.split(",")]
    if any(quantity <= 0 for quantity in quantities):
        raise InvalidValue("Every quantity must be greater than 0.")
    return quantities


def _array(**items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": MAX_PRODUCTS}


PARAMETERS = ReportParameters(
    (
        ReportParameter(
            PRODUCTS,
            _parse_products,
            {**_array(**ID), "uniqueItems": True},
            "The products of the shopping list.",
            required_message=REQUIRED,
            is_repeatable=True,
        ),
        ReportParameter(
            "quantity",
            _parse_quantities,
            _array(type="string", pattern=r"^[0-9]{1,7}(\.[0-9]{1,3})?$"),
            "The quantity of each product, in its unit and in the same order; by default that of the "
            "newest purchase.",
            is_repeatable=True,
        ),
        ReportParameter(
            "price",
            one_of(LAST, MEDIAN),
            {"type": "string", "enum": [LAST, MEDIAN], "default": LAST},
            "The price of a product in a store: the newest or the median.",
            default=LAST,
        ),
    ),
    ("purchase_date", "store"),
)


@describe_view(
    tag="reports",
    query=PARAMETERS.openapi_parameters,
    responses=[ResponseDescription(200, "The cheapest stores.", CHEAPEST_STORES)],
)
def read_cheapest_stores(request) -> dict[str, Any]:
    """Find the cheapest stores for a shopping list: the best one, and the best pair.

    A store offers the products that were bought there in the filtered period.
    """
    hidden = find_hidden(request, ShoppingRecordResource)
    check_parameters([(PRODUCTS, NEEDS)], hidden)
    query = PARAMETERS.parse(request.GET.items(), hidden)
    ids, quantities = query[PRODUCTS], query["quantity"]
    if quantities is not None and len(quantities) != len(ids):
        message = f"Send one for each product: {len(ids)}, not {len(quantities)}."
        raise ValidationError({"quantity": [message]})
    rows = defaultdict(list)
    for row in request.reader.execute(_get_statement(query.shape), {PRODUCTS: ids, **query.values}):
        rows[row.id].append(row)
    unknown = [make_unknown_id_error(id).args[0] for id in ids if id not in rows]
    if unknown:
        raise ValidationError({PRODUCTS: unknown})
    pairs = zip(ids, quantities or [None] * len(ids), strict=True)
    items = [ListItem.from_rows(rows[id], quantity) for id, quantity in pairs]
    return ShoppingList(items, query["price"], hidden).make_document()


@lru_cache(MAX_CACHED_SHAPES)
def _get_statement(shape: QueryShape) -> Select:
    return make_statement(shape.conditions)


def includeme(config):
    """Serve the endpoint."""
    service = Service("reports:cheapest-stores", "/api/reports/cheapest-stores/", description=ABOUT)
    service.add_view("GET", read_cheapest_stores, permission=ReportPermission.VIEW_REPORTS)
    config.add_service(service)
