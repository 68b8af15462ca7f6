"""The page: what was spent, by time and by what, and what a product costs."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy import func, select

from shoptrack.db.calendar_days import get_today
from shoptrack.errors import ValidationError
from shoptrack.i18n.text_input import shorten
from shoptrack.i18n.translation import translate
from shoptrack.records.models import ShoppingRecord
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources.visibility import Hidden
from shoptrack.rest.visibility import find_hidden
from shoptrack_reports.cuts import CUTS, Months
from shoptrack_reports.pages.prices import price, prices
from shoptrack_reports.pages.sections import section
from shoptrack_reports.prices.views import NEEDS
from shoptrack_reports.settings import ReportSettings
from shoptrack_reports.spending.charts import NAMES
from shoptrack_reports.spending.documents import ENDS
from shoptrack_reports.spending.groups import GROUPS
from shoptrack_reports.spending.parameters import PARAMETERS
from shoptrack_reports.spending.question import DAY, Question
from shoptrack_reports.spending.report import read
from shoptrack_reports.spending.views import file

FIRST, LAST = f"{DAY}__gte", f"{DAY}__lte"
USUAL_KEYS = [("group_by", "month"), ("group_by", "category")]
USUAL_MONTHS = 12
BREAKDOWNS = ("category", "store")
IN_THE_FORM = {"group_by", "month_start", FIRST, LAST}
OWN = ("format", "product", "history", "per")  # parameters that are not about what is summed up

Pairs = list[tuple[str, str]]


def show(request) -> Any:
    """Show what the address asks for; what it cannot ask for is left out, and said."""
    sent = [(name, text) for name, text in request.GET.items() if text.strip()]
    asked = [(name, text) for name, text in sent if name not in OWN]
    try:
        question = _question(request, asked)
        report = read(request.reader, question)
        if ("format", "csv") in sent:
            return file(request, report)
        main = section(request, report)
        shows_prices = NEEDS.isdisjoint(question.hidden)
        costs = prices(request, sent, question) if shows_prices else None
    except ValidationError as invalid:
        return _without(request, sent, invalid)
    groups = _groups(question.hidden)
    others = [
        replace(question, keys=(GROUPS[name],))
        for name in BREAKDOWNS
        if question.keys != (GROUPS[name],) and name in groups
    ]
    return {
        "question": question,
        "report": report,
        "main": main,
        "prices": costs,
        "price": price,
        "breakdowns": [section(request, read(request.reader, other)) for other in others],
        "times": {name: NAMES[name] for name in CUTS},
        "things": {name: NAMES[name] for name in groups},
        "asked": asked,
        "kept": [(name, text) for name, text in asked if name not in IN_THE_FORM],
        "query": urlencode(asked),
        "is_narrowed": bool(asked),
    }


def _question(request, asked: Pairs) -> Question:
    """Return what is asked for; what is not said is the last year, by month and category.

    :raises Forbidden: it asks about what the user may not view
    """
    hidden = find_hidden(request, ShoppingRecordResource)
    pairs = list(asked)
    names = {name for name, _text in asked}
    if "group_by" not in names:
        groups = _groups(hidden)
        pairs += [(key, name) for key, name in USUAL_KEYS if name in CUTS or name in groups]
    month_start = ReportSettings.of(request.registry).month_start
    question = Question.of(PARAMETERS.parse(pairs, hidden, month_start=month_start))
    if not ENDS.isdisjoint(names):
        return question
    newest = request.reader.scalar(
        _newest.where(ShoppingRecord.purchase_date <= get_today(request.registry))
    )
    if newest is None:
        return question
    months = Months(question.month_start)
    first, _last = months.span(months.of(newest) - USUAL_MONTHS + 1)
    pairs += [(FIRST, str(first)), (LAST, str(newest))]
    return Question.of(PARAMETERS.parse(pairs, hidden, month_start=month_start))


def _groups(hidden: Hidden) -> list[str]:
    """Return the names of what the user may group by, besides time."""
    return [name for name, group in GROUPS.items() if group.needs.isdisjoint(hidden)]


# A day that lies ahead is a slip of the keyboard: it must not move the year.
_newest = select(func.max(ShoppingRecord.purchase_date))


def _without(request, sent: Pairs, invalid: ValidationError) -> HTTPSeeOther:
    """Return the redirection to the page without what was wrong.

    :raises ValidationError: nothing was asked for, so that there is nothing to leave out
    """
    if not sent:
        raise invalid
    for name, sentences in invalid.errors.items():
        said = " ".join(translate(request.localizer, sentence) for sentence in sentences)
        request.messages.add(f"{name}: {said}", "warning")
    kept = [(name, text) for name, text in sent if shorten(name) not in invalid.errors]
    # What is wrong may be what was not said.
    query = urlencode(kept) if len(kept) < len(sent) else ""
    return HTTPSeeOther(f"{request.path}?{query}".rstrip("?"))
