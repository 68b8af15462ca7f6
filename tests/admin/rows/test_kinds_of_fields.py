"""Every kind of field, one that only a plugin knows included, in all places where fields are used."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
from sqlalchemy import String, select
from sqlalchemy import Text as SQLText
from sqlalchemy.orm import Mapped, mapped_column

from shoptrack.db import Base, Database, UtcDateTime
from shoptrack.db.folding import folded_column
from shoptrack.history import HistoryEntry
from shoptrack.resources.fields import (
    Boolean,
    Choice,
    Computed,
    DateTime,
    Field,
    FormInput,
    Integer,
    InvalidValue,
    LongText,
    Text,
)
from shoptrack.resources.resource import Resource
from shoptrack.testing import Client

MORNING = datetime(2025, 4, 1, 6, 30, tzinfo=UTC)


class Colour(Field):
    """A kind of field that nothing else knows: a colour, as in #ff8800."""

    lookups = ("", "__gt")
    filter_input = "range"

    def make_example(self):
        return "#ff8800"

    def get_response_schema(self):
        return {"type": "string", "pattern": "^#[0-9a-f]{6}$"}

    def parse(self, value):
        if not isinstance(value, str) or len(value) != 7 or not value.startswith("#"):
            raise InvalidValue("This is no colour.")
        return value.lower()[1:]

    def render(self, value):
        return f"#{value}"

    def get_input(self):
        return FormInput("color", {"data-kind": "colour"})

    def to_cell(self, value):
        return f"{value} (a colour)"

    def to_csv(self, value, currency):
        return f"colour {value}"

    def to_history(self, value):
        return f"painted {value}"


class Paint(Base):
    """A pot of paint."""

    __tablename__ = "tests_paints"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    name_folded: Mapped[str] = folded_column("name")
    colour: Mapped[str] = mapped_column(String(6))
    is_matt: Mapped[bool]
    finish: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(SQLText)
    litres: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=lambda: MORNING)


class PaintResource(Resource):
    """Paints."""

    model = Paint
    path = "paints"
    fields = (
        Text("name", max_length=50),
        Colour("colour"),
        Boolean("is_matt"),
        Choice("finish", {"satin": "Satin", "gloss": "High gloss"}),
        DateTime("opened_at", required=False),
        LongText("note", max_length=1000, required=False),
        Integer("litres"),
        DateTime("added_at", read_only=True),
        Computed(
            "pots", ("litres",), lambda litres: litres * 2, {"type": "integer"}, cell="number"
        ),
    )


def includeme(config):
    config.add_resource(PaintResource)


@pytest.fixture(scope="module")
def shared_app(app_with_tables, plugins, settings):
    """Build the application with the paints."""
    with app_with_tables((*plugins, __name__), [Paint], **settings) as app:
        yield app


@pytest.fixture
def database(app):
    """Return the application's database."""
    return Database.of(app.registry)


@pytest.fixture
def api(app, superuser, auth_headers):
    """Return a client that may do everything."""
    return Client(app, auth_headers(superuser))


PAINT = {
    "name": "Sky",
    "colour": "#88CCFF",
    "is_matt": True,
    "finish": "satin",
    "opened_at": "2025-04-01T09:00:00+09:00",
    "note": "first line\nsecond line",
    "litres": 3,
}
DOCUMENT = PAINT | {
    "colour": "#88ccff",
    "opened_at": "2025-04-01T00:00:00Z",
    "added_at": "2025-04-01T06:30:00Z",
    "pots": 6,
}


@pytest.fixture
def paint(api):
    """Add a paint by the API."""
    return api.post_json("/api/paints/", PAINT, status=201).json


def test_documents_have_every_kind(api, paint):
    assert paint == {"id": paint["id"], **DOCUMENT}
    assert api.get(f"/api/paints/{paint['id']}/").json == paint
    assert api.get("/api/paints/").json == [paint]


def test_what_is_read_only_or_computed_is_not_sent(api, paint):
    path = f"/api/paints/{paint['id']}/"
    sent = {"added_at": "2020-01-01T00:00:00Z", "pots": 99, "litres": 5}
    assert api.patch_json(path, sent).json == {**paint, "litres": 5, "pots": 10}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("colour", "blue", "This is no colour."),
        ("colour", None, "This field may not be null."),
        ("is_matt", "perhaps", "Must be a valid boolean."),
        ("finish", "matt", '"matt" is not a valid choice.'),
        ("opened_at", "2025-04-01", "Datetime has wrong format."),
        ("opened_at", "2025-04-01T09:00:00", "Datetime has wrong format."),
        ("note", "x" * 1001, "Ensure this field has no more than 1000 characters."),
    ],
)
def test_each_kind_names_what_is_invalid(api, name, value, message):
    errors = api.post_json("/api/paints/", PAINT | {name: value}, status=400).json
    assert list(errors) == [name]
    assert errors[name][0].startswith(message)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("colour=%2388ccff", True),
        ("colour__gt=%2388ccff", False),
        ("colour__gt=%2300ccff", True),
        ("is_matt=true", True),
        ("is_matt=false", False),
        ("finish=satin", True),
        ("finish=gloss", False),
        ("opened_at__gte=2025-04-01T00:00:00Z", True),
        ("opened_at__gt=2025-04-01T00:00:00Z", False),
        ("opened_at__isnull=true", False),
        ("added_at__lt=2025-04-02T00:00:00Z", True),
        ("search=sky", True),
    ],
)
def test_lists_are_filtered_by_every_kind(api, paint, query, found):
    assert api.get(f"/api/paints/?{query}").json == ([paint] if found else [])


def test_lists_are_ordered_by_the_kind_of_a_plugin(api, paint):
    other = api.post_json("/api/paints/", PAINT | {"colour": "#000000"}).json
    for order, ids in (
        ("colour", [other["id"], paint["id"]]),
        ("-colour", [paint["id"], other["id"]]),
    ):
        page = api.get(f"/api/paints/?ordering={order}&limit=1")
        rest = api.get(page.headers["Link"].partition(">")[0][1:])
        assert [page.json[0]["id"], rest.json[0]["id"]] == ids


def test_what_is_computed_cannot_order_or_filter(api):
    for query in ("ordering=pots", "pots=6"):
        api.get(f"/api/paints/?{query}", status=400)


def test_the_description_has_every_kind(client):
    schemas = client.get("/api/schema/?format=json").json["components"]["schemas"]
    properties = schemas["Paint"]["properties"]
    assert properties["colour"]["pattern"] == "^#[0-9a-f]{6}$"
    assert properties["finish"]["enum"] == ["satin", "gloss"]
    assert {"added_at", "pots"} <= properties.keys()
    request = next(
        schemas[name] for name in schemas if name.startswith("PaintRe") or name == "PaintBody"
    )
    assert {"added_at", "pots"}.isdisjoint(request["properties"])


def find_form(page):
    """Return the form that has an input of paints."""
    return next(form for form in page.forms.values() if "finish" in form.fields)


def test_forms_have_an_input_for_each_kind(admin, submit, paint):
    form = find_form(admin.get(f"/admin/paints/{paint['id']}/"))
    assert form["colour"].attrs == {**form["colour"].attrs, "type": "color", "data-kind": "colour"}
    assert form["is_matt"].checked
    assert [option[0] for option in form["finish"].options] == ["", "satin", "gloss"]
    assert form["note"].value == "first line\nsecond line"
    assert "added_at" not in form.fields
    form["is_matt"].checked = False
    form["finish"] = "gloss"
    form["note"] = "one\r\ntwo"
    form.submit("save", status=303)
    row = admin.get(f"/admin/paints/{paint['id']}/")
    form = find_form(row)
    assert not form["is_matt"].checked
    assert form["note"].value == "one\ntwo"
    assert "2025" in row.html.find("dl").text, "what is read-only is shown beside the form"


def test_cells_show_each_kind(admin, paint):
    cells = admin.get("/admin/paints/").html.find("tbody").find("tr").find_all(["th", "td"])
    texts = [cell.get_text(strip=True) for cell in cells]
    assert "#88ccff (a colour)" in texts
    assert "yes" in texts
    assert "Satin" in texts
    assert "6" in texts


def test_spreadsheets_have_each_kind(admin, paint):
    text = admin.get("/admin/paints/export.csv").body.decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text))
    assert row["colour"] == "colour #88ccff"
    assert row["is matt"] == "true"
    assert row["finish"] == "satin"
    assert row["added at"] == "2025-04-01T06:30:00Z"


def test_the_history_keeps_each_kind(api, paint, database):
    api.patch_json(f"/api/paints/{paint['id']}/", {"colour": "#000000", "is_matt": False})
    with database.read_engine.connect() as connection:
        changes = connection.scalar(
            select(HistoryEntry.changes).where(
                HistoryEntry.path == "paints", HistoryEntry.action == "changed"
            )
        )
    assert changes == {
        "colour": ["painted #88ccff", "painted #000000"],
        "is_matt": [True, False],
    }


def test_filters_of_pages_ask_as_each_kind_says(app, admin, paint):
    page = admin.get("/admin/paints/")
    form = find_form(page)
    assert [option[0] for option in form["finish"].options] == ["", "satin", "gloss"]
    form["finish"] = "gloss"
    assert "No results." in form.submit().text
