"""The part of the page about what a product costs: where, and month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from shoptrack.catalog.resources import ProductResource, StoreResource
from shoptrack.errors import NotFound, ValidationError
from shoptrack.i18n.text_input import InvalidText
from shoptrack.i18n.translation import translate
from shoptrack.resources.fields import InvalidValue, parse_id
from shoptrack.resources.repository import Repository
from shoptrack.resources.text_search import parse_search
from shoptrack.resources.visibility import Hidden
from shoptrack_reports.cuts import Months
from shoptrack_reports.drawing import Chart, Series, inline
from shoptrack_reports.prices.views import price_history_of
from shoptrack_reports.spending.charts import MOST_PERIODS
from shoptrack_reports.spending.question import Question
from shoptrack_reports.translation import _

MOST_FOUND = 20
PARTS = 1000  # of a currency unit, in which the chart counts

Pairs = Sequence[tuple[str, str]]


class Choice(NamedTuple):
    """A product to choose, and the address that chooses it."""

    id: int
    name: str
    href: str


@dataclass(frozen=True)
class Prices:
    """What the part shows.

    :param found: products to choose from
    :param per: how much the prices are for
    :param months: rows of the price history by month, ``stores`` those by store; empty where none was asked for
    """

    search: str
    found: Sequence[Choice]
    product: str | None = None
    per: str = ""
    months: Sequence[dict[str, Any]] = ()
    stores: Sequence[dict[str, Any]] = ()
    picture: str | None = None


def prices(request, sent: Pairs, question: Question) -> Prices:
    """Return what a product costs that was chosen, or found as the only one.

    :param sent: the page's parameters
    :param question: what the page sums up, which narrows the prices as well
    :raises ValidationError: naming the parameter that is wrong
    """
    values = dict(sent)
    text = values.get("product", "")
    found = _find(request, text, sent, question.hidden) if text else []
    if "history" in values:
        id = _id(values["history"])
    elif len(found) == 1:
        id = found[0].id
    else:
        return Prices(text, found)
    asked = [pair for pair in question.narrowing if pair[0].startswith(("purchase_date", "store"))]
    if "per" in values:
        asked.append(("per", values["per"]))
    try:
        months, stores = (
            price_history_of(request.reader, id, [*asked, ("group", group)], question.hidden)
            for group in ("month", "store")
        )
    except NotFound as error:
        raise ValidationError({"history": [error.detail]}) from None
    per = f"{Decimal(months['per']['quantity']).normalize():f} {months['per']['unit']}"
    product = months["product"]["name"]
    say = partial(translate, request.localizer)
    title = say(_("The price of ${product} by month", product=product))
    return Prices(
        text,
        found,
        product,
        per,
        months["prices"],
        [{**row, "name": StoreResource.label_of(row["store"])} for row in stores["prices"]],
        _picture(title, months["prices"]) if months["prices"] else None,
    )


def _find(request, text: str, sent: Pairs, hidden: Hidden) -> list[Choice]:
    """Return products whose texts hold each word, as far as the user may view them, in the order of their names."""
    try:
        parse_search(text)
    except InvalidText as error:
        raise ValidationError({"product": list(error.args)}) from None
    repository = Repository.of(request.registry, ProductResource)
    documents, _is_complete = repository.search(request.reader, text, MOST_FOUND, hidden)
    kept = [pair for pair in sent if pair[0] != "history"]
    choices = []
    for document in documents:
        query = urlencode([*kept, ("history", document["id"])])
        name = ProductResource.label_of(document)
        choices.append(Choice(document["id"], name, f"{request.path}?{query}#prices"))
    return choices


def _id(text: str) -> int:
    try:
        return parse_id(text)
    except InvalidValue as refused:
        raise ValidationError({"history": list(refused.args)}) from None


def _picture(title: str, rows: Sequence[dict[str, Any]]) -> str:
    """Return the chart of medians by month; months without a price have a place and no column."""
    medians = {row["month"]: round(Decimal(row["median"]) * PARTS) for row in rows}
    first, last = (
        Months().of(date.fromisoformat(f"{month}-01")) for month in (min(medians), max(medians))
    )
    months = [Months().shown(number) for number in range(first, last + 1)]
    if len(months) > MOST_PERIODS:
        months = list(medians)[-MOST_PERIODS:]
    series = Series("", [medians.get(month, 0) for month in months])
    return inline(Chart(title, "", months, [series], lambda value: price(Decimal(value) / PARTS)))


def price(amount: Decimal | str) -> str:
    """Return a unit price as people read it: with at most three decimals."""
    text = f"{Decimal(amount):,.3f}".rstrip("0").rstrip(".")
    return f"¥{text}"
