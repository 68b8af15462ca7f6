"""Choosing a row for a reference: from all rows if there are few, otherwise from search results."""

from typing import Any, NamedTuple

from sqlalchemy import Connection

from shoptrack.resources import Hidden, Repository
from shoptrack_admin.rows.resource_admin import ResourceAdmin

MAX_CHOICES = 50  # rows in a list of choices


class RowChoice(NamedTuple):
    """A row that can be chosen."""

    id: int
    label: str


class ChoiceList(NamedTuple):
    """The rows that can be chosen.

    :param is_complete: whether these are all rows, or all search results
    """

    choices: list[RowChoice]
    is_complete: bool


def find_choices(
    connection: Connection,
    repository: Repository,
    hidden: Hidden,
    text: str = "",
    selected: int | None = None,
) -> ChoiceList:
    """Return rows whose texts have each word of ``text``, ordered by their names.

    :param hidden: view permissions that the user lacks; the rows that require them are not searched
    :param selected: the id of a row that is always included
    """
    documents, is_complete = repository.search(connection, text, MAX_CHOICES, hidden)
    if selected is not None and all(document["id"] != selected for document in documents):
        row = repository.get(connection, selected, hidden)
        if row is not None:
            documents.insert(0, row.document)
    label_of = repository.resource.label_of
    choices = [RowChoice(document["id"], label_of(document)) for document in documents]
    return ChoiceList(choices, is_complete)


class ChoicesView:
    """Responds with the choices that a script inserts while the user types."""

    def __init__(self, admin: ResourceAdmin):
        self._admin = admin

    def __call__(self, request) -> Any:
        """Respond with the matching rows, as JSON."""
        hidden = self._admin.get_hidden(request)
        text = request.GET.get("search", "")
        found = find_choices(request.reader, self._admin.repository, hidden, text)
        response = request.response
        response.content_type = "application/json"
        response.json_body = {
            "choices": [choice._asdict() for choice in found.choices],
            "complete": found.is_complete,
        }
        return response
