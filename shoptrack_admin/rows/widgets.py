"""The inputs of a form: their values and choices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from shoptrack.db import get_today
from shoptrack.resources import Document, Field, InvalidValue, Repository, Resource, parse_id
from shoptrack_admin.rows.choices import (
    ChoiceList,
    RowChoice,
    find_choices,
    get_field_name,
    make_choices,
)
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.translation import _

SEARCH, SEARCHED_BEFORE = "search-", "searched-"
CONFIRMED = "confirmed-"  # before the name of an input: its value, about which the form has asked


class RangeEnd(NamedTuple):
    """The input of one end of a range.

    :param lookup: ``gte`` or ``lte``
    :param name: of the parameter, beginning with ``TYPED`` if its text is read as people type
    """

    lookup: str
    name: str
    type: str
    value: str
    attributes: dict[str, Any]


class ChoicePaths(NamedTuple):
    """Where a script finds choices.

    :param new: the path of the form that adds a row, if the user may
    :param new_key: the input of that form which gets the text that found nothing
    """

    choices: str
    new: str = ""
    new_key: str = ""


@dataclass(frozen=True)
class Widget:
    """One input of a form.

    :param kind: the kind of the field's ``FormInput``; ``range`` for the ends of a filter
    :param value: the displayed text
    :param choice_list: the choices of a ``reference``
    :param choices: values and labels, of a ``choice``
    :param search: the text of the search among the rows
    :param paths: for a script that offers the choices of a ``reference``
    :param selected: the chosen row
    :param help: the text above the input
    :param ends: the inputs of a ``range``
    :param prefix: of the name, in a form with several lines
    """

    field: Field
    kind: str
    value: str
    attributes: dict[str, Any]
    choice_list: ChoiceList | None = None
    choices: tuple[tuple[str, str], ...] = ()
    search: str = ""
    paths: ChoicePaths | None = None
    selected: RowChoice | None = None
    help: str = ""
    ends: tuple["RangeEnd", ...] = ()
    prefix: str = ""

    @property
    def name(self) -> str:
        """Return the input's name in the form."""
        return self.prefix + self.field.key


def get_form_values(request, admin: ResourceAdmin, document: Document) -> dict[str, str]:
    """Return the form values of a document, by the names of the inputs."""
    return {
        field.key: field.to_form(document[field.name], request.number_format)
        for field in admin.resource.fields
        if not field.read_only
    }


def get_default_values(request, admin: ResourceAdmin) -> dict[str, str]:
    """Return the form values of a new row, by the names of the inputs."""
    return {
        field.key: field.to_form(field.dump(field.default), request.number_format)
        for field in admin.resource.fields
        if field.default is not None
    }


def make_body(request, admin: ResourceAdmin, form: Mapping[str, str]) -> dict[str, Any]:
    """Return the API's body for a form. It has the errors of texts that cannot be read, for ``Field.load``."""
    return {
        field.key: _read_input(request, field, form.get(field.key, ""))
        for field in admin.resource.fields
        if field.key in form or (field.get_input().kind == "checkbox" and not field.read_only)
    }


def _read_input(request, field: Field, text: str) -> Any:
    """Return the body's value for an input. An empty one that must have a value has an error that names it."""
    value = read_text(request, field, text)
    if not text.strip() and isinstance(_load_value(field, value), InvalidValue):
        is_chosen = field.resource is not None or field.get_input().kind == "choice"
        name = field.verbose_name
        return InvalidValue(
            _("Choose the ${name}.", name=name) if is_chosen else _("Enter the ${name}.", name=name)
        )
    return value


def read_text(request, field: Field, text: str) -> Any:
    """Return the body's value for a typed text, or the error of a text that cannot be read."""
    try:
        return field.from_form(text, request.number_format)
    except InvalidValue as error:
        return error


def find_different(
    request, admin: ResourceAdmin, values: Mapping[str, str], others: Mapping[str, str]
) -> list[str]:
    """Return the inputs whose values mean something else in another form: 1,280 is 1280."""
    fields = {field.key: field for field in admin.resource.fields}
    differs = []
    for key, text in others.items():
        typed = values.get(key, "")
        if typed != text and _load(request, fields[key], typed) != _load(
            request, fields[key], text
        ):
            differs.append(key)
    return differs


def _load(request, field: Field, text: str) -> Any:
    return _load_value(field, read_text(request, field, text))


def _load_value(field: Field, value: Any) -> Any:
    """Return a body's value as a Python value, or the error of an invalid one."""
    try:
        return field.load(value)
    except InvalidValue as error:
        return error


def find_questions(
    request,
    admin: ResourceAdmin,
    body: Mapping[str, Any],
    stored: Mapping[str, str],
    form: Mapping[str, str] | None = None,
) -> dict[str, list[str]]:
    """Return the questions about unlikely values of a form that its user has not confirmed yet, by key.

    :param body: of ``make_body``
    :param stored: the form values of the stored row, about which nothing is asked
    :param form: the sent values by key, by default of the request's form
    """
    values, errors = admin.resource.schema.load(dict(body), is_partial=True)
    today, form = get_today(request.registry), request.form if form is None else form
    questions: dict[str, list[str]] = {}
    for field in admin.resource.schema.writable:
        text = form.get(field.key)
        if values.get(field.key) is None or text in (
            stored.get(field.key),
            form.get(CONFIRMED + field.key),
        ):
            continue
        if question := field.make_question(values[field.key], today):
            questions[field.key] = [question]
    # All that is wrong is shown at once.
    return questions | errors if questions else {}


def get_confirmed(
    resource: Resource, values: Mapping[str, str], asked: Collection[str]
) -> dict[str, str]:
    """Return the values that the next save confirms, or an earlier one has confirmed, by key.

    :param values: of the inputs
    :param asked: the keys of values about which the form asks
    """
    confirmed = {
        field.key: values.get(field.key if field.key in asked else CONFIRMED + field.key, "")
        for field in resource.schema.writable
    }
    return {key: text for key, text in confirmed.items() if text}


def is_searching(admin: ResourceAdmin, form: Mapping[str, str]) -> bool:
    """Return whether a form was sent to search for choices, not to be saved."""
    return any(
        form.get(SEARCH + field.key, "") != form.get(SEARCHED_BEFORE + field.key, "")
        for field in admin.resource.references()
    )


def make_widgets(request, admin: ResourceAdmin, values: Mapping[str, str]) -> list[Widget]:
    """Return the inputs of a form, by one statement for each reference."""
    return [
        make_widget(request, field, values)
        for field in admin.resource.fields
        if not field.read_only
    ]


def make_widget(request, field: Field, values: Mapping[str, str]) -> Widget:
    """Return the input of one field."""
    if field.resource is not None:
        return make_reference_widget(request, field, values)
    value, entry = values.get(field.key, ""), field.get_input()
    # An input of one line would drop line breaks, which the API accepts.
    kind = "textarea" if entry.kind == "text" and "\n" in value else entry.kind
    return Widget(field, kind, value, entry.attributes, choices=tuple(entry.choices))


def make_reference_widget(
    request, field: Field, values: Mapping[str, str], prefix: str = ""
) -> Widget:
    """Return the input for a row of another resource; for hidden rows, an input for the id."""
    return make_reference_widgets(request, field, values, [prefix])[0]


def make_reference_widgets(
    request, field: Field, values: Mapping[str, str], prefixes: Sequence[str]
) -> list[Widget]:
    """Return the inputs of one reference in several lines of a form, by as few statements as for one line.

    Each text that somebody searches for without scripts takes one more.

    :param prefixes: of the names in each line, as in ``lines-0-product_id``
    """
    repository = Repository.of(request.registry, field.resource)
    hidden = repository.get_hidden(request.identity)
    names = [prefix + field.key for prefix in prefixes]
    if repository.resource.permission("view") in hidden:
        return [_make_id_widget(field, values, prefix) for prefix in prefixes]
    texts = {values.get(SEARCH + name, "") for name in names}
    found = {text: find_choices(request, repository, hidden, text) for text in texts}
    by_id = {choice.id: choice for one in found.values() for choice in one.choices}
    selected = (_parse_selected(values.get(name, "")) for name in names)
    if unlisted := {id for id in selected if id is not None and id not in by_id}:
        documents = repository.get_many(request.reader, unlisted, hidden)
        choices = make_choices(request, repository.resource, documents)
        by_id |= {choice.id: choice for choice in choices}
    paths = _find_paths(request, repository, field)
    return [_make_row_widget(field, values, prefix, found, by_id, paths) for prefix in prefixes]


def _make_id_widget(field: Field, values: Mapping[str, str], prefix: str) -> Widget:
    """Return the input for the id of a hidden row."""
    return Widget(
        field,
        "text",
        values.get(prefix + field.key, ""),
        {"inputmode": "numeric", "autocomplete": "off"},
        help=_("You do not have permission to view these rows. Enter an ID."),
        prefix=prefix,
    )


def _make_row_widget(
    field: Field,
    values: Mapping[str, str],
    prefix: str,
    found: Mapping[str, ChoiceList],
    known: Mapping[int, RowChoice],
    paths: ChoicePaths | None,
) -> Widget:
    """Return the choice of a row.

    :param found: the rows that match each search
    :param known: all rows that may be selected, by id
    """
    name = prefix + field.key
    value, text = values.get(name, ""), values.get(SEARCH + name, "")
    choice_list = found[text]
    if text and text != values.get(SEARCHED_BEFORE + name, ""):
        value = _select_result(choice_list, value)
    selected = known.get(_parse_selected(value) or 0)
    if selected is not None and all(choice.id != selected.id for choice in choice_list.choices):
        choice_list = choice_list._replace(choices=[selected, *choice_list.choices])
    return Widget(
        field,
        "reference",
        value,
        {},
        choice_list,
        search=text,
        prefix=prefix,
        paths=paths,
        selected=selected,
    )


def _select_result(found: ChoiceList, value: str) -> str:
    """Return the selected id after a new search, which never keeps a row that it does not find."""
    ids = [str(choice.id) for choice in found.choices]
    if value in ids:
        return value
    return ids[0] if len(ids) == 1 and found.is_complete else ""


def _parse_selected(value: str) -> int | None:
    try:
        return parse_id(value) if value else None
    except InvalidValue:
        return None


def _find_paths(request, repository: Repository, field: Field) -> ChoicePaths | None:
    """Return the paths for a script; none if the user may not view the rows, or no page has them."""
    resource = repository.resource
    if not request.has_permission(resource.permission("view")):
        return None
    used_by = [get_field_name(one) for one in repository.referring_fields if one.field is field]
    query = {"used_by": used_by[0]} if used_by else {}
    choices = request.route_path(f"admin:{resource.path}:choices", _query=query)
    if not request.has_permission(resource.permission("add")):
        return ChoicePaths(choices)
    labels = (one.key for one in resource.fields if one.is_label and not one.read_only)
    return ChoicePaths(choices, request.route_path(f"admin:{resource.path}:add"), next(labels, ""))
