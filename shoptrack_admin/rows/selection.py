"""The rows that were selected in a list: some of a page, or all that match its filters."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qsl

from shoptrack.errors import ItemErrors, ValidationError
from shoptrack.resources import InvalidValue, find_ids, parse_id
from shoptrack_admin.rows.resource_admin import MissingRowRedirect, ResourceAdmin
from shoptrack_admin.translation import _, translate_for_request

MAX_ROWS = 500  # whose boxes were checked
MAX_MATCHING_ROWS = 10_000  # that match a filter: they are changed in one transaction
BATCH_ROWS = 1000  # of one call of a repository
SHOWN_ROWS = 50  # of those that match a filter
MAX_MESSAGES = 20  # about rows, on one page
ALL, QUERY, DIGEST = "all", "query", "digest"  # names of the fields of a form
OUTDATED = _(
    "The rows that match have changed meanwhile, so nothing was changed. Check them, and send the form again."
)


@dataclass(frozen=True)
class Selection:
    """Rows that were selected in a list.

    :param ids: in ascending order
    :param query: the filters of the list, as in its URL, if all its rows were selected
    """

    ids: list[int]
    query: str | None = None

    @property
    def shown_ids(self) -> Sequence[int]:
        """Return the ids of the rows that a page shows."""
        return self.ids if self.query is None else self.ids[:SHOWN_ROWS]

    @property
    def digest(self) -> str:
        """Return a value that changes with the selected rows."""
        return blake2b(",".join(map(str, self.ids)).encode(), digest_size=8).hexdigest()

    def is_outdated(self, form: Any) -> bool:
        """Return whether other rows match than those that a form has shown."""
        return self.query is not None and form.get(DIGEST) != self.digest

    def make_batches(self) -> Iterator[list[int]]:
        """Yield the ids in parts, for calls of a repository in one transaction."""
        for first in range(0, len(self.ids), BATCH_ROWS):
            yield self.ids[first : first + BATCH_ROWS]


def read_selection(
    request, admin: ResourceAdmin, params: Any, *, limit: int | None = None
) -> Selection:
    """Return the rows that were selected in a list.

    :param params: of a form or a query: ids as parameters ``id``, or ``all`` with the list's ``query``
    :param limit: of the rows that match the list's filters, by default ``MAX_MATCHING_ROWS``
    :raises MissingRowRedirect: none or too many were selected
    """
    if params.get(ALL):
        limit = limit or MAX_MATCHING_ROWS
        return _read_matching_rows(request, admin, params.get(QUERY, ""), limit)
    parsed = {_parse_id(text) for text in params.getall("id")}
    ids = sorted(id for id in parsed if id is not None)
    if not ids:
        raise _make_redirect(request, admin, _("Choose at least one row."))
    if len(ids) > MAX_ROWS:
        message = _("Choose at most ${most} rows at a time.", most=MAX_ROWS)
        raise _make_redirect(request, admin, message)
    return Selection(ids)


def show_selection(
    request, admin: ResourceAdmin, selection: Selection, messages: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the template's values for a page about selected rows.

    :param messages: why nothing was changed
    """
    if messages:
        request.response.status_int = 400
    return {
        "admin": admin,
        "errors": {"": list(messages)} if messages else {},
        "selection": selection,
        "rows": admin.get_labels(request, list(selection.shown_ids)),
    }


def make_item_messages(
    request, admin: ResourceAdmin, ids: Sequence[int], errors: ItemErrors
) -> list[str]:
    """Return the messages about rows that a repository has refused.

    :param ids: of the call
    """
    reasons = {
        ids[int(number)]: " ".join(
            translate_for_request(request, message)
            for messages in found.values()
            for message in messages
        )
        for number, found in errors.items.items()
    }
    return make_row_messages(request, admin, reasons)


def make_row_messages(
    request,
    admin: ResourceAdmin,
    reasons: Mapping[int, str],
    write: Callable[[str, str], str] = lambda label, reason: f"{label}: {reason}",
) -> list[str]:
    """Return messages that name the rows about which they are, the first of them if there are many.

    :param reasons: by the rows' ids
    :param write: makes a message of a row's label and the reason
    """
    ids = list(reasons)[:MAX_MESSAGES]
    labels = admin.get_labels(request, ids)
    noun = translate_for_request(request, admin.resource.noun())
    messages = [
        write(
            translate_for_request(request, labels.get(id, f"{noun} {id}")),
            translate_for_request(request, reasons[id]),
        )
        for id in ids
    ]
    if len(reasons) > len(ids):
        messages.append(_("Further rows with errors: ${count}.", count=len(reasons) - len(ids)))
    return messages


def _read_matching_rows(request, admin: ResourceAdmin, text: str, limit: int) -> Selection:
    try:
        query = admin.parse(parse_qsl(text), admin.get_hidden(request))
    except ValidationError:
        raise _make_redirect(request, admin, _("Choose at least one row.")) from None
    connection = request.db.connection() if request.method == "POST" else request.reader
    ids = find_ids(connection, admin.resource, query, limit + 1)
    if not ids:
        raise _make_redirect(request, admin, _("No rows match any more."))
    if len(ids) > limit:
        write = request.number_format.format_number
        count = admin.repository.count(connection, query)
        message = _(
            "${count} rows match. Filter the list, and choose at most ${most} rows at a time.",
            count=write(count),
            most=write(limit),
        )
        raise _make_redirect(request, admin, message)
    return Selection(ids, text)


def _make_redirect(request, admin: ResourceAdmin, message: str) -> MissingRowRedirect:
    request.messages.add(message, "warning")
    return MissingRowRedirect(admin.get_list_path(request))


def _parse_id(text: str) -> int | None:
    try:
        return parse_id(text)
    except InvalidValue:
        return None
