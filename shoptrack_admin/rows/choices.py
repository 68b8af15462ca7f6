"""Choosing a row that another one refers to: from all where they are few, otherwise from those that are found."""

from typing import Any, NamedTuple

from sqlalchemy import Connection

from shoptrack.resources.fields import Refused, Text
from shoptrack.resources.resource import Resource
from shoptrack.resources.search import search, search_values
from shoptrack.resources.serializers import Documents
from shoptrack.resources.visibility import Hidden, find_hidden
from shoptrack_admin.rows.table import Table

MOST = 50  # rows to choose from at a time


class Choice(NamedTuple):
    """A row to choose."""

    id: int
    label: str


class Found(NamedTuple):
    """The rows to choose from.

    :param complete: whether these are all that there are, or that were found
    """

    choices: list[Choice]
    complete: bool


def find(
    connection: Connection,
    resource: type[Resource] | Resource,
    hidden: Hidden,
    text: str = "",
    *chosen: int | None,
) -> Found:
    """Return rows whose texts hold each word of ``text``, in the order of their names.

    :param hidden: the permissions to view that the user lacks; only what may be viewed is searched
    :param chosen: ids of rows that are among them in any case
    """
    documents = Documents(resource).hiding(hidden)  # type: ignore[arg-type]
    make = documents.maker()
    try:
        values = search_values(text)
    except Refused:
        values = {}
    statement = documents.where(search(resource, len(values), hidden)).order_by(*_order(resource))
    rows = connection.execute(statement.limit(MOST + 1), values).all()
    choices = [_choice(resource, make(row)) for row in rows[:MOST]]
    known = {choice.id for choice in choices}
    for id in chosen:
        if id is not None and id not in known:
            row = documents.row(connection, id)
            if row is not None:
                choices.insert(0, _choice(resource, make(row)))
    return Found(choices, len(rows) <= MOST)


def _choice(resource: Any, document: dict[str, Any]) -> Choice:
    return Choice(document["id"], resource.label_of(document))


def _order(resource: Any) -> list[Any]:
    names = [field.folded(resource.model) for field in resource.fields if isinstance(field, Text)]
    return [*names[:1], resource.model.id]


class Choices:
    """Answers what a script puts into a form while its reader types."""

    def __init__(self, table: Table):
        self._table = table

    def __call__(self, request) -> Any:
        """Answer the rows that are found, as JSON."""
        resource = self._table.resource
        hidden = find_hidden(request, resource)
        found = find(request.reader, resource, hidden, request.GET.get("search", ""))
        response = request.response
        response.content_type = "application/json"
        response.json_body = {
            "choices": [choice._asdict() for choice in found.choices],
            "complete": found.complete,
        }
        return response
