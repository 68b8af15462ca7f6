"""Choosing a row for a reference: from all rows if there are few, otherwise from search results."""

from collections.abc import Collection
from typing import Any, NamedTuple

from shoptrack.i18n import InvalidText
from shoptrack.resources import (
    Document,
    Field,
    Hidden,
    InvalidValue,
    ReferringField,
    Repository,
    Resource,
    is_partial,
    parse_id,
    parse_search,
)
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.translation import _, translate_for_request

MAX_CHOICES = 50  # rows in a list of choices
MAX_RECENT = 8  # rows that come first
DESCRIBING_CELLS = ("text", "choice", "row")  # of the fields that describe a choice
SEPARATOR = " · "


class RowChoice(NamedTuple):
    """A row that can be chosen.

    :param secondary: what the label leaves out, as the unit of a product
    :param values: the texts of the row's fields, by their names
    :param recent: whether it comes first because it was used recently
    """

    id: int
    label: str
    secondary: str = ""
    values: dict[str, str] = {}
    recent: bool = False


class ChoiceList(NamedTuple):
    """The rows that can be chosen.

    :param is_complete: whether these are all rows, or all search results
    :param error: why the text cannot be searched
    """

    choices: list[RowChoice]
    is_complete: bool
    error: str = ""


def find_choices(
    request,
    repository: Repository,
    hidden: Hidden,
    text: str = "",
    used_by: ReferringField | None = None,
) -> ChoiceList:
    """Return rows whose texts have each word of ``text``, in the order of ``Repository.search``.

    :param hidden: view permissions that the user lacks; the rows that require them are not searched
    :param used_by: a field by which recently used rows come first
    """
    try:
        parse_search(text)
    except InvalidText as error:
        return ChoiceList([], is_complete=True, error=error.args[0])
    connection = request.reader
    recent: list[Document] = []
    if used_by is not None:
        recent, _all = repository.search(connection, text, MAX_RECENT, hidden, used_by)
    documents, is_complete = repository.search(connection, text, MAX_CHOICES, hidden)
    ids = {document["id"] for document in recent}
    others = [document for document in documents if document["id"] not in ids]
    choices = [
        *make_choices(request, repository.resource, recent, is_recent=True),
        *make_choices(request, repository.resource, others),
    ]
    return ChoiceList(choices, is_complete)


def make_choices(
    request, resource: Resource, documents: Collection[Document], *, is_recent: bool = False
) -> list[RowChoice]:
    """Return the choices of documents, with what describes them."""
    fields = [
        field for field in resource.fields if field.cell in DESCRIBING_CELLS and not field.is_secret
    ]
    choices = []
    for document in documents:
        label = translate_for_request(request, resource.label_of(document))
        values = {}
        for field in fields:
            if text := _describe(request, field, document.get(field.name)):
                values[field.name] = text
        secondary = SEPARATOR.join(text for text in values.values() if text not in label)
        choices.append(RowChoice(document["id"], label, secondary, values, is_recent))
    return choices


def _describe(request, field: Field, value: Any) -> str:
    """Return the text of a value, which is empty for none and for a hidden row."""
    if value is None or (isinstance(value, dict) and is_partial(value)):
        return ""
    return translate_for_request(request, str(field.to_cell(value)))


class ChoicesView:
    """Responds with the choices that a script shows while the user types, or with one row."""

    def __init__(self, admin: ResourceAdmin):
        self._admin = admin

    def __call__(self, request) -> Any:
        """Respond with the matching rows, or the one that a dialog has added and its messages, as JSON."""
        repository, hidden = self._admin.repository, self._admin.get_hidden(request)
        messages: list[str] = []
        if "id" in request.GET:
            found = ChoiceList(self._get_one(request, hidden), is_complete=True)
            messages = [message.text for message in request.messages.pop_all()]
        else:
            text, used_by = request.GET.get("search", ""), self._find_user(request)
            found = find_choices(request, repository, hidden, text, used_by)
        response = request.response
        response.content_type = "application/json"
        response.json_body = {
            "choices": [choice._asdict() for choice in found.choices],
            "complete": found.is_complete,
            "status": translate_for_request(request, make_status(found)),
            "messages": messages,
        }
        return response

    def _get_one(self, request, hidden: Hidden) -> list[RowChoice]:
        try:
            id = parse_id(request.GET["id"])
        except InvalidValue:
            return []
        documents = self._admin.repository.get_many(request.reader, [id], hidden)
        return make_choices(request, self._admin.resource, documents)

    def _find_user(self, request) -> ReferringField | None:
        """Return the field of the form, by which recently used rows come first, if the user may view its rows."""
        name = request.GET.get("used_by", "")
        for one in self._admin.repository.referring_fields:
            if get_field_name(one) == name and request.has_permission(
                one.resource.permission("view")
            ):
                return one
        return None


def get_field_name(referring: ReferringField) -> str:
    """Return the name of a referring field in the URL of choices."""
    return f"{referring.resource.path}.{referring.field.name}"


def make_status(found: ChoiceList) -> str:
    """Return what is announced about a list of choices."""
    if found.error:
        return found.error
    if not found.choices:
        return _("No results.")
    if not found.is_complete:
        return _("There are more rows. Search to find them.")
    return _("Results: ${count}.", count=len(found.choices))
