"""What the history is asked for."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Select, and_, literal, or_, select

from shoptrack.db.folding import by_code_points, fold_lookalikes, translate_lookalikes
from shoptrack.i18n.text_input import check_text
from shoptrack_admin.history.models import Action, Entry, Way
from shoptrack_admin.translation import _

PAGE = 50  # entries
MAX_TEXT = 200  # characters

Condition = ColumnElement[bool]

ACTIONS = {
    Action.ADDED: _("added"),
    Action.CHANGED: _("changed"),
    Action.DELETED: _("deleted"),
    Action.SIGNED_IN: _("signed in"),
    Action.SIGNED_OUT: _("signed out"),
    Action.SESSION_ENDED: _("session ended"),
    Action.PASSWORD_CHANGED: _("password changed"),
    Action.FAILED: _("failed to sign in"),
}
WAYS = {
    Way.API: _("API"),
    Way.ADMINISTRATION: _("administration"),
    Way.COMMAND: _("command"),
}


class Filters:
    """The filters of the history's list.

    :param paths: of the resources whose rows it may be about
    :param zone: the household's, in which days begin and end
    :param hidden: paths of rows whose labels are not searched
    """

    def __init__(self, paths: Iterable[str], zone: ZoneInfo, hidden: Collection[str] = ()):
        self._hidden = hidden
        self._zone = zone
        self._paths = set(paths)
        self._parsers: dict[str, Callable[[str], Condition]] = {
            "action": lambda text: Entry.action == Action(text),
            "way": lambda text: Entry.way == Way(text),
            "path": self._path,
            "row": lambda text: Entry.row_id == literal(_whole(text), BigInteger),
            "user": lambda text: Entry.username == _plain(text),
            "label": self._label,
            "from": lambda text: Entry.at >= self._begin(text),
            "to": lambda text: Entry.at < self._begin(text, days=1),
            "before": lambda text: Entry.id < literal(_whole(text), BigInteger),
        }

    def conditions(self, sent: dict[str, str]) -> tuple[list[Condition], list[str]]:
        """Return what entries must meet, and the names of what cannot be asked for."""
        conditions, wrong = [], []
        for name, text in sent.items():
            try:
                conditions.append(self._parsers[name](text.strip()))
            except (LookupError, ValueError, OverflowError):
                wrong.append(name)
        return conditions, wrong

    def _path(self, text: str) -> Condition:
        if text not in self._paths:
            raise ValueError(text)
        return Entry.path == text

    def _label(self, text: str) -> Condition:
        piece = fold_lookalikes(_plain(text))
        # A database may lower more letters than ASCII's, and some of those in another way.
        found = or_(
            *(
                translate_lookalikes(label).icontains(piece, autoescape=True)
                for label in (Entry.label, by_code_points(Entry.label))
            )
        )
        return and_(Entry.path.not_in(self._hidden), found) if self._hidden else found

    def _begin(self, text: str, days: int = 0) -> datetime:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime.combine(day, time(), self._zone).astimezone(UTC)


def entries(*conditions: Condition) -> Select[Any]:
    """Return the statement of the entries that meet conditions, the newest first."""
    return select(*Entry.__table__.columns).where(*conditions).order_by(Entry.id.desc())


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise ValueError(text)
    return int(text)


def _plain(text: str) -> str:
    return check_text(text, MAX_TEXT)
