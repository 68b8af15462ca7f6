"""Queries of the history: filters, and the statement of the matching entries."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Select, and_, literal, or_, select

from shoptrack.db.folding import by_code_points, fold_lookalikes, translate_lookalikes
from shoptrack.history.models import ActionSource, HistoryEntry
from shoptrack.i18n.text_input import check_text

MAX_TEXT_LENGTH = 200  # characters

Condition = ColumnElement[bool]


class Filters:
    """Filters of the history's list.

    :param paths: of resources, whose rows the entries may be about
    :param actions: all known actions
    :param zone: the household's time zone, in which days begin and end
    :param hidden: paths of resources whose rows' labels are not searched
    """

    def __init__(
        self,
        paths: Iterable[str],
        actions: Iterable[str],
        zone: ZoneInfo,
        hidden: Collection[str] = (),
    ):
        self._hidden = hidden
        self._zone = zone
        self._paths = set(paths)
        self._actions = set(actions)
        self._parsers: dict[str, Callable[[str], Condition]] = {
            "action": self._action,
            "way": lambda text: HistoryEntry.way == ActionSource(text),
            "path": self._path,
            "row": lambda text: HistoryEntry.row_id == literal(_parse_number(text), BigInteger),
            "user": lambda text: HistoryEntry.username == _clean(text),
            "label": self._label,
            "from": lambda text: HistoryEntry.at >= self._get_start(text),
            "to": lambda text: HistoryEntry.at < self._get_start(text, days=1),
            "before": lambda text: HistoryEntry.id < literal(_parse_number(text), BigInteger),
        }

    def make_conditions(self, params: dict[str, str]) -> tuple[list[Condition], list[str]]:
        """Return the conditions for entries, and the names of invalid filters."""
        conditions, invalid = [], []
        for name, text in params.items():
            try:
                conditions.append(self._parsers[name](text.strip()))
            except (LookupError, ValueError, OverflowError):
                invalid.append(name)
        return conditions, invalid

    def _action(self, text: str) -> Condition:
        if text not in self._actions:
            raise ValueError(text)
        return HistoryEntry.action == text

    def _path(self, text: str) -> Condition:
        if text not in self._paths:
            raise ValueError(text)
        return HistoryEntry.path == text

    def _label(self, text: str) -> Condition:
        piece = fold_lookalikes(_clean(text))
        # A database may lower more letters than ASCII's, and some of those in another way.
        found = or_(
            *(
                translate_lookalikes(label).icontains(piece, autoescape=True)
                for label in (HistoryEntry.label, by_code_points(HistoryEntry.label))
            )
        )
        return and_(HistoryEntry.path.not_in(self._hidden), found) if self._hidden else found

    def _get_start(self, text: str, days: int = 0) -> datetime:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime.combine(day, time(), self._zone).astimezone(UTC)


def select_entries(*conditions: Condition) -> Select[Any]:
    """Return the statement of the entries that meet the conditions, newest first."""
    return (
        select(*HistoryEntry.__table__.columns).where(*conditions).order_by(HistoryEntry.id.desc())
    )


def _parse_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise ValueError(text)
    return int(text)


def _clean(text: str) -> str:
    return check_text(text, MAX_TEXT_LENGTH)
