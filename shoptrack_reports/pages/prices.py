"""The page's section of prices: of one product, by store and by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from shoptrack.catalog.resources import ProductResource, StoreResource
from shoptrack.errors import NotFound, ValidationError
from shoptrack.i18n import InvalidText, NumberFormat, translate
from shoptrack.resources import Hidden, InvalidValue, Repository, parse_id, parse_search
from shoptrack_reports.drawing import Chart, Series, render_inline_svg
from shoptrack_reports.granularities import Months
from shoptrack_reports.pages.row_links import RowLinks
from shoptrack_reports.prices.views import load_price_history
from shoptrack_reports.spending.charts import MAX_PERIODS
from shoptrack_reports.spending.query import SpendingQuery
from shoptrack_reports.translation import _

MAX_CHOICES = 20
PARTS = 1000  # of the currency's smallest unit, the unit of the chart

Pairs = Sequence[tuple[str, str]]


class Choice(NamedTuple):
    """A product in the search results, and the URL that selects it."""

    id: int
    name: str
    href: str


@dataclass(frozen=True)
class PriceSection:
    """The data of the price section.

    :param found: search results
    :param product_href: the product's page, if the user may view it
    :param per: the amount that prices are for
    :param months: rows of the price history by month, ``stores`` those by store; empty if no product is selected
    """

    search: str
    found: Sequence[Choice]
    product: str | None = None
    product_href: str | None = None
    per: str = ""
    months: Sequence[dict[str, Any]] = ()
    stores: Sequence[dict[str, Any]] = ()
    picture: str | None = None


def make_price_section(request, params: Pairs, query: SpendingQuery) -> PriceSection:
    """Return the prices of the selected product, or of the only search result.

    :param params: the page's query parameters
    :param query: the spending query, whose filters restrict the prices, too
    :raises ValidationError: naming the invalid parameter
    """
    values = dict(params)
    text = values.get("product", "")
    found = _find_products(request, text, params, query.hidden) if text else []
    if "history" in values:
        id = _parse_history_id(values["history"])
    elif len(found) == 1:
        id = found[0].id
    else:
        return PriceSection(text, found)
    filters = [pair for pair in query.filters if pair[0].startswith(("purchase_date", "store"))]
    if "per" in values:
        filters.append(("per", values["per"]))
    try:
        months, stores = (
            load_price_history(request.reader, id, [*filters, ("group", group)], query.hidden)
            for group in ("month", "store")
        )
    except NotFound as error:
        raise ValidationError({"history": [error.detail]}) from None
    per = f"{Decimal(months['per']['quantity']).normalize():f} {months['per']['unit']}"
    product = months["product"]["name"]
    links = RowLinks(request)
    translator = partial(translate, request.localizer)
    title = translator(_("Price of ${product} by month", product=product))
    return PriceSection(
        text,
        found,
        product,
        links.get_path(ProductResource, id),
        per,
        months["prices"],
        [_make_store_row(row, links) for row in stores["prices"]],
        draw_medians(title, months["prices"], request.number_format) if months["prices"] else None,
    )


def _make_store_row(row: dict[str, Any], links: RowLinks) -> dict[str, Any]:
    store = row["store"]
    href = links.get_path(StoreResource, store["id"])
    return {**row, "name": StoreResource.label_of(store), "href": href}


def _find_products(request, text: str, params: Pairs, hidden: Hidden) -> list[Choice]:
    """Return the products that match a search, by name, without data that the user may not view."""
    try:
        parse_search(text)
    except InvalidText as error:
        raise ValidationError({"product": list(error.args)}) from None
    repository = Repository.of(request.registry, ProductResource)
    documents, _is_complete = repository.search(request.reader, text, MAX_CHOICES, hidden)
    other_params = [pair for pair in params if pair[0] != "history"]
    choices = []
    for document in documents:
        query = urlencode([*other_params, ("history", document["id"])])
        name = ProductResource.label_of(document)
        choices.append(Choice(document["id"], name, f"{request.path}?{query}#prices"))
    return choices


def _parse_history_id(text: str) -> int:
    try:
        return parse_id(text)
    except InvalidValue as refused:
        raise ValidationError({"history": list(refused.args)}) from None


def draw_medians(title: str, rows: Sequence[dict[str, Any]], number_format: NumberFormat) -> str:
    """Return the chart of medians by month, with empty columns for months without a price."""
    medians = {row["month"]: round(Decimal(row["median"]) * PARTS) for row in rows}
    first, last = (
        Months().get_number(date.fromisoformat(f"{month}-01"))
        for month in (min(medians), max(medians))
    )
    months = [Months().format_number(number) for number in range(first, last + 1)]
    if len(months) > MAX_PERIODS:
        months = list(medians)[-MAX_PERIODS:]
    series = Series("", [medians.get(month, 0) for month in months])
    return render_inline_svg(
        Chart(
            title,
            "",
            months,
            [series],
            lambda value: number_format.format_amount(Decimal(value) / PARTS),
            lambda value: number_format.format_amount(Decimal(value) / PARTS, is_short=True),
        )
    )
