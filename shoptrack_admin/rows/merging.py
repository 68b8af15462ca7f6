"""Merging rows that mean the same: one stays, and whatever refers to the others refers to it."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.errors import Conflict, Invalid, NotFound
from shoptrack.resources import reassignment
from shoptrack.resources.fields import Refused, parse_id
from shoptrack.resources.referrers import counts, uses_of, visible_counts
from shoptrack_admin.rows.deleting import labels, tell_moved
from shoptrack_admin.rows.table import Table
from shoptrack_admin.translation import _

MOST = 20  # rows that are merged at once: each is asked what refers to it


class Merging:
    """The page that asks which of the chosen rows shall stay."""

    def __init__(self, table: Table):
        self.table = table

    def ask(self, request) -> Any:
        """Show the rows, and how much refers to each."""
        self.table.check_moving(request)
        return self._page(request, self._chosen(request, request.GET))

    def merge(self, request) -> Any:
        """Merge the rows into the one that was chosen."""
        self.table.check_moving(request)
        ids = self._chosen(request, request.form)
        try:
            keep = parse_id(request.form.get("keep", ""))
        except Refused:
            return self._refused(request, ids, _("Choose the row that shall stay."))
        try:
            moved = reassignment.merge(request.db, self.table.resource, ids, keep, request)
        except (Conflict, NotFound) as error:
            return self._refused(request, ids, error.detail)
        except Invalid as invalid:
            return self._refused(request, ids, next(iter(invalid.errors.values()))[0])
        request.messages.add(_("The rows were merged."))
        tell_moved(request, moved)
        return HTTPSeeOther(self.table.path(request, "row", id=keep))

    def _chosen(self, request, sent) -> list[int]:
        """Return the ids of the rows to merge.

        :raises HTTPSeeOther: they are too few, or too many
        """
        ids = self.table.chosen(request, sent)
        if not 2 <= len(ids) <= MOST:
            request.messages.add(_("Choose 2 to ${most} rows to merge.", most=MOST), "warning")
            raise HTTPSeeOther(self.table.path(request))
        return ids

    def _refused(self, request, ids: list[int], sentence: str) -> dict[str, Any]:
        request.response.status_int = 400
        return self._page(request, ids) | {"errors": {"keep": [sentence]}}

    def _page(self, request, ids: list[int]) -> dict[str, Any]:
        uses = uses_of(self.table.resource, request.registry)
        used = {id: visible_counts(uses, counts(request.reader, uses, id), request) for id in ids}
        return {
            "table": self.table,
            "errors": {},
            "rows": labels(request, self.table, ids),
            "used": {id: sum(references.values()) for id, (references, _more) in used.items()},
            "more": {id: has_more for id, (_references, has_more) in used.items()},
        }
