"""The endpoint of a product's price history."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select

from shoptrack.catalog.resources import ProductResource, UnitResource
from shoptrack.db import fold
from shoptrack.errors import NotFound, ValidationError
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import (
    ID,
    MAX_CACHED_SHAPES,
    Hidden,
    InvalidValue,
    QueryShape,
    check_parameters,
    one_of,
)
from shoptrack.rest import (
    Parameter,
    ResponseDescription,
    Service,
    describe_view,
    find_hidden,
    make_not_found,
    parse_path_id,
)
from shoptrack_reports.parameters import ReportParameter, ReportParameters
from shoptrack_reports.permissions import ReportPermission
from shoptrack_reports.prices.history import MONTH, STORE, make_price_rows, make_statement
from shoptrack_reports.prices.schemas import BY_MONTH, BY_STORE
from shoptrack_reports.schemas import ABOUT
from shoptrack_reports.units.amounts import PATTERN, Amount, UnitDefinition

# Every price is that of a product in its unit.
NEEDS = frozenset(resource.permission("view") for resource in (ProductResource, UnitResource))
PARAMETERS = ReportParameters(
    (
        ReportParameter(
            "group",
            one_of(STORE, MONTH),
            {"type": "string", "enum": [STORE, MONTH], "default": STORE},
            "The key to group prices by.",
            default=STORE,
        ),
        ReportParameter(
            "per",
            Amount.parse,
            {"type": "string", "pattern": f"^{PATTERN}$"},
            "The amount that prices are for, such as `100g`, `1kg`, `1L` or `1piece`; by default one "
            "of the product's unit.",
        ),
    ),
    ("purchase_date", "store"),
)


@describe_view(
    tag="reports",
    path=[Parameter("id", ID, "The product's id.", required=True)],
    query=PARAMETERS.openapi_parameters,
    responses=[
        ResponseDescription(200, "By store, the cheapest first.", BY_STORE),
        ResponseDescription(200, "By month, in their order.", BY_MONTH),
        NotFound,
    ],
)
def read_prices(request) -> dict[str, Any]:
    """Get the unit prices of a product, by store or by month.

    A unit price is the price of a record divided by its quantity, exact until it is rounded to six decimals.
    """
    hidden = find_hidden(request, ShoppingRecordResource)
    check_parameters([("id", NEEDS)], hidden)
    id = parse_path_id(request, ProductResource)
    return load_price_history(request.reader, id, request.GET.items(), hidden)


def load_price_history(
    connection: Connection, id: int, pairs: Iterable[tuple[str, str]], hidden: Hidden
) -> dict[str, Any]:
    """Return the price history of a product as a JSON object.

    :param pairs: the query parameters
    :param hidden: view permissions that the caller lacks; those of products and units are checked before
    :raises ValidationError: naming each invalid parameter
    :raises NotFound: unknown product
    """
    query = PARAMETERS.parse(pairs, hidden)
    per, group = query["per"], query["group"]
    values = {"id": id, "per": fold(per.unit) if per else "", **query.values}
    rows = connection.execute(_get_statement(group, query.shape), values).all()
    if not rows:
        raise make_not_found(ProductResource)
    first = rows[0]
    per = per or Amount(Decimal(1), first.unit)
    return {
        "product": {"id": id, "name": first.product},
        "per": {"quantity": f"{per.quantity:.3f}", "unit": per.unit},
        "prices": make_price_rows(
            group,
            _get_unit_count(per, first),
            [row for row in rows if row.part is not None],
            hidden,
        ),
        "left_out": {"no_quantity": first.no_quantity, "no_price": first.no_price},
    }


@lru_cache(MAX_CACHED_SHAPES)
def _get_statement(group: str, shape: QueryShape) -> Select:
    return make_statement(group, shape.conditions)


def _get_unit_count(per: Amount, row: Any) -> Fraction:
    """Return how many of the product's unit an amount is.

    :raises ValidationError: the two units cannot be compared
    """
    try:
        return per.convert_to(
            UnitDefinition(row.unit, row.base, row.factor),
            UnitDefinition(per.unit, row.per_base, row.per_factor),
        )
    except InvalidValue as refused:
        raise ValidationError({"per": list(refused.args)}) from None


def includeme(config):
    """Serve the endpoint."""
    service = Service("reports:prices", "/api/products/{id}/prices/", description=ABOUT)
    service.add_view("GET", read_prices, permission=ReportPermission.VIEW_REPORTS)
    config.add_service(service)
