"""The endpoint of a product's price history."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select

from shoptrack.catalog.resources import ProductResource, UnitResource
from shoptrack.db.folding import fold
from shoptrack.errors import NotFound, ValidationError
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources.fields import ID, InvalidValue
from shoptrack.resources.list_statements import MAX_CACHED_SHAPES, QueryShape
from shoptrack.resources.query_string import one_of
from shoptrack.resources.visibility import Hidden, check_parameters
from shoptrack.rest.description import Parameter, ResponseDescription, describe_view
from shoptrack.rest.path_ids import make_not_found, parse_path_id
from shoptrack.rest.service import Service
from shoptrack.rest.visibility import find_hidden
from shoptrack_reports.documents import ABOUT
from shoptrack_reports.parameters import Option, Parameters
from shoptrack_reports.permissions import ReportPermission
from shoptrack_reports.prices.documents import BY_MONTH, BY_STORE
from shoptrack_reports.prices.history import prices
from shoptrack_reports.prices.statement import MONTH, STORE, price_history
from shoptrack_reports.units.amounts import PATTERN, Amount, Measure

# A price is that of a product, in its unit.
NEEDS = frozenset(resource.permission("view") for resource in (ProductResource, UnitResource))
PARAMETERS = Parameters(
    (
        Option(
            "group",
            one_of(STORE, MONTH),
            {"type": "string", "enum": [STORE, MONTH], "default": STORE},
            "What prices are summed up by.",
            default=STORE,
        ),
        Option(
            "per",
            Amount.parse,
            {"type": "string", "pattern": f"^{PATTERN}$"},
            "How much the prices are for, as in `100g`, `1kg`, `1L` or `1piece`; one of the product's "
            "own unit by default.",
        ),
    ),
    ("purchase_date", "store"),
)


@describe_view(
    tag="reports",
    path=[Parameter("id", ID, "The product's id.", required=True)],
    query=PARAMETERS.described,
    responses=[
        ResponseDescription(200, "By store, the cheapest first.", BY_STORE),
        ResponseDescription(200, "By month, in their order.", BY_MONTH),
        NotFound,
    ],
)
def read_prices(request) -> dict[str, Any]:
    """Tell what a product costs by store or by month.

    Prices are those of a unit: what a line cost, divided by its quantity, exactly, and rounded once to six places.
    """
    hidden = find_hidden(request, ShoppingRecordResource)
    check_parameters([("id", NEEDS)], hidden)
    id = parse_path_id(request, ProductResource)
    return price_history_of(request.reader, id, request.GET.items(), hidden)


def price_history_of(
    connection: Connection, id: int, pairs: Iterable[tuple[str, str]], hidden: Hidden
) -> dict[str, Any]:
    """Return the document of a product's price history.

    :param pairs: the parameters, as they were sent
    :param hidden: the permissions to view that the caller lacks; products and units may be viewed
    :raises ValidationError: naming each parameter that is wrong
    :raises NotFound: there is no such product
    """
    asked = PARAMETERS.parse(pairs, hidden)
    per, group = asked["per"], asked["group"]
    values = {"id": id, "per": fold(per.unit) if per else "", **asked.values}
    rows = connection.execute(_statement(group, asked.form), values).all()
    if not rows:
        raise make_not_found(ProductResource)
    first = rows[0]
    per = per or Amount(Decimal(1), first.unit)
    return {
        "product": {"id": id, "name": first.product},
        "per": {"quantity": f"{per.quantity:.3f}", "unit": per.unit},
        "prices": prices(
            group, _units(per, first), [row for row in rows if row.part is not None], hidden
        ),
        "left_out": {"no_quantity": first.no_quantity, "no_price": first.no_price},
    }


@lru_cache(MAX_CACHED_SHAPES)
def _statement(group: str, form: QueryShape) -> Select:
    return price_history(group, form.conditions)


def _units(per: Amount, row: Any) -> Fraction:
    """Return how many of the product's unit an amount is.

    :raises ValidationError: that cannot be told
    """
    try:
        return per.in_units(
            Measure(row.unit, row.base, row.factor),
            Measure(per.unit, row.per_base, row.per_factor),
        )
    except InvalidValue as refused:
        raise ValidationError({"per": list(refused.args)}) from None


def includeme(config):
    """Serve it."""
    service = Service("reports:prices", "/api/products/{id}/prices/", description=ABOUT)
    service.add_view("GET", read_prices, permission=ReportPermission.VIEW_REPORTS)
    config.add_service(service)
