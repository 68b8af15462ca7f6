"""The endpoint that tells where a shopping list is cheapest."""

from collections import defaultdict
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Select

from shoptrack.errors import ValidationError
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources.fields import ID, REQUIRED, InvalidValue, make_unknown_id_error, parse_id
from shoptrack.resources.list_statements import MAX_CACHED_SHAPES, QueryShape
from shoptrack.resources.query_string import one_of
from shoptrack.resources.visibility import check_parameters
from shoptrack.rest.description import ResponseDescription, describe_view
from shoptrack.rest.service import Service
from shoptrack.rest.visibility import find_hidden
from shoptrack_reports.cheapest_stores.documents import CHEAPEST_STORES
from shoptrack_reports.cheapest_stores.shopping_list import LAST, MEDIAN, Line, ShoppingList
from shoptrack_reports.cheapest_stores.statement import offers
from shoptrack_reports.documents import ABOUT
from shoptrack_reports.parameters import Option, Parameters
from shoptrack_reports.permissions import ReportPermission
from shoptrack_reports.prices.views import NEEDS
from shoptrack_reports.units.amounts import QUANTITY

MOST = 100  # products of a list
PRODUCTS = "product_id__in"


def _products(text: str) -> list[int]:
    ids = [parse_id(part) for part in text.split(",")]
    if len(ids) > MOST:
        raise InvalidValue(f"Send at most {MOST} products.")
    for id in ids:
        if ids.count(id) > 1:
            raise InvalidValue(f"The product {id} stands twice.")
    return ids


def _quantities(text: str) -> list[Decimal]:
    quantities = [QUANTITY.parse(part) for part in text.split(",")]
    if any(quantity <= 0 for quantity in quantities):
        raise InvalidValue("Every quantity must be greater than 0.")
    return quantities


def _many(**items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": MOST}


PARAMETERS = Parameters(
    (
        Option(
            PRODUCTS,
            _products,
            {**_many(**ID), "uniqueItems": True},
            "The products of the shopping list.",
            missing=REQUIRED,
            several=True,
        ),
        Option(
            "quantity",
            _quantities,
            _many(type="string", pattern=r"^[0-9]{1,7}(\.[0-9]{1,3})?$"),
            "How much of each product, in its unit and in the same order; by default what was bought "
            "the last time.",
            several=True,
        ),
        Option(
            "price",
            one_of(LAST, MEDIAN),
            {"type": "string", "enum": [LAST, MEDIAN], "default": LAST},
            "Which price of a product in a store counts: the newest, or the median.",
            default=LAST,
        ),
    ),
    ("purchase_date", "store"),
)


@describe_view(
    tag="reports",
    query=PARAMETERS.described,
    responses=[ResponseDescription(200, "Where it is cheapest.", CHEAPEST_STORES)],
)
def read_cheapest_stores(request) -> dict[str, Any]:
    """Tell where a shopping list is cheapest: in one store, and split over two.

    A store has what was bought there, in the days that the filters leave.
    """
    hidden = find_hidden(request, ShoppingRecordResource)
    check_parameters([(PRODUCTS, NEEDS)], hidden)
    asked = PARAMETERS.parse(request.GET.items(), hidden)
    ids, quantities = asked[PRODUCTS], asked["quantity"]
    if quantities is not None and len(quantities) != len(ids):
        said = f"Send one for each product: {len(ids)}, not {len(quantities)}."
        raise ValidationError({"quantity": [said]})
    rows = defaultdict(list)
    for row in request.reader.execute(_statement(asked.form), {PRODUCTS: ids, **asked.values}):
        rows[row.id].append(row)
    unknown = [make_unknown_id_error(id).args[0] for id in ids if id not in rows]
    if unknown:
        raise ValidationError({PRODUCTS: unknown})
    wanted = zip(ids, quantities or [None] * len(ids), strict=True)
    lines = [Line.of(rows[id], quantity) for id, quantity in wanted]
    return ShoppingList(lines, asked["price"], hidden).document()


@lru_cache(MAX_CACHED_SHAPES)
def _statement(form: QueryShape) -> Select:
    return offers(form.conditions)


def includeme(config):
    """Serve it."""
    service = Service("reports:cheapest-stores", "/api/reports/cheapest-stores/", description=ABOUT)
    service.add_view("GET", read_cheapest_stores, permission=ReportPermission.VIEW_REPORTS)
    config.add_service(service)
