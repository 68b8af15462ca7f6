"""The report as a document, and as the lines of a file."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from shoptrack_reports.cuts import Cut, Weekdays
from shoptrack_reports.spending.groups import Group
from shoptrack_reports.spending.question import DAY, Question
from shoptrack_reports.spending.report import Numbers, Report

ENDS = {DAY, *(f"{DAY}__{end}" for end in ("gt", "gte", "lt", "lte"))}


def document(report: Report, path: str) -> dict[str, Any]:
    """Return the report as a document.

    :param path: of the list of records, which each row leads to
    """
    question, whole = report.question, report.whole
    links = Links(question, path)
    return {
        "group_by": [key.name for key in question.keys],
        "month_start": question.month_start,
        "from": report.first and report.first.isoformat(),
        "to": report.last and report.last.isoformat(),
        "total": whole.total,
        "count": whole.records,
        "rows": [
            {
                **{
                    key.name: report.shown(key, number)
                    for key, number in zip(question.keys, numbers, strict=True)
                },
                "total": one.total,
                "count": one.records,
                "records": links.to(numbers),
            }
            for numbers, one in report.sums.items()
        ],
    }


class Links:
    """The addresses of the records that rows sum up."""

    def __init__(self, question: Question, path: str):
        self._keys = question.keys
        self._days = question.earliest or date.min, question.latest or date.max
        self._span = cache(lambda key, period: key.span(period))  # many rows are of one period
        own = set()
        for key in question.keys:
            match key:
                case Weekdays():
                    own.add(f"{DAY}__weekday")
                case Cut():
                    own |= ENDS
                case Group(key=name):
                    own |= {name, f"{name}__isnull"}
        kept = urlencode([(name, text) for name, text in question.narrowing if name not in own])
        self._begin = f"{path}?{kept}&" if kept else f"{path}?"

    def to(self, numbers: Numbers) -> str:
        """Return the address of a row's records."""
        first, last = self._days
        narrowing: dict[str, Any] = {}
        for key, number in zip(self._keys, numbers, strict=True):
            match key, number:
                case Group(key=name), None:
                    narrowing[f"{name}__isnull"] = "true"
                case Group(key=name), id:
                    narrowing[name] = id
                case Weekdays(), day:
                    narrowing[f"{DAY}__weekday"] = day
                case Cut(), int(period) if span := self._span(key, period):
                    first, last = max(first, span[0]), min(last, span[1])
                    narrowing |= {f"{DAY}__gte": first, f"{DAY}__lte": last}
        return self._begin + "&".join(f"{name}={value}" for name, value in narrowing.items())


def header(report: Report) -> list[str]:
    """Return the names of a file's columns."""
    names: list[str] = []
    for key in report.question.keys:
        if isinstance(key, Group):
            first, *others = key.texts
            names += [key.key, key.name, *(f"{key.name}_{text}" for text in others)]
        else:
            names.append(key.name)
    return [*names, "total", "count"]


def lines(report: Report) -> Iterator[list[Any]]:
    """Yield the lines of a file."""
    for numbers, one in report.sums.items():
        cells: list[Any] = []
        for key, number in zip(report.question.keys, numbers, strict=True):
            shown = report.shown(key, number)
            if isinstance(key, Group):
                cells += [(shown or {}).get(name) for name in ("id", *key.texts)]
            else:
                cells.append(shown)
        yield [*cells, one.total, one.records]
