"""Choosing a row that another one refers to: from all where they are few, otherwise from those that are found."""

from typing import Any, NamedTuple

from sqlalchemy import Connection

from shoptrack.resources import Hidden, Repository
from shoptrack_admin.rows.resource_admin import ResourceAdmin

MAX_CHOICES = 50  # rows to choose from at a time


class RowChoice(NamedTuple):
    """A row to choose."""

    id: int
    label: str


class ChoiceList(NamedTuple):
    """The rows to choose from.

    :param is_complete: whether these are all that there are, or that were found
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
    """Return rows whose texts have each word of ``text``, in the order of their names.

    :param hidden: the permissions to view that the user lacks; only what may be viewed is searched
    :param selected: the id of a row that is among them in any case
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
    """Responds with what a script puts into a form while its reader types."""

    def __init__(self, admin: ResourceAdmin):
        self._admin = admin

    def __call__(self, request) -> Any:
        """Respond with the rows that are found, as JSON."""
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
