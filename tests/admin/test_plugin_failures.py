"""What a plugin adds to a page may fail. The rest of the page is shown, and its statements succeed."""

from collections.abc import Callable
from functools import cache

import pytest
from sqlalchemy import select, text

from shoptrack.catalog.models import Store
from shoptrack.errors import Conflict, Forbidden, ValidationError
from shoptrack.plugins import AdminAction, AdminColumn, AdminPanel

PERMISSION = "stores:view"


def raise_error(*_arguments):
    raise RuntimeError("the plugin's own secret")


def fail_on_reader(request, *_rows):
    request.reader.execute(text("SELECT nothing FROM nowhere"))


def fail_on_session(request, *_rows):
    request.db.add(Store(name="left over", location=""))
    request.db.flush()
    request.db.execute(text("SELECT nothing FROM nowhere"))


def fail_in_flush(request, *_rows):
    request.db.add(Store(name=None, location=None))
    request.db.flush()


def read_names(request) -> dict:
    """Use both connections."""
    names = select(Store.name).order_by(Store.id)
    return {"text": f"{[*request.reader.scalars(names)]} {[*request.db.scalars(names)]}"}


FAILURES = (raise_error, fail_on_reader, fail_on_session, fail_in_flush)


# What the plugin of the test that runs does: applications with it are shared.
DOES: list[Callable] = []


def do(number):
    return lambda *arguments: DOES[number](*arguments)


@cache
def add_panels(number, template):
    def includeme(config):
        for place in range(number):
            panel = AdminPanel(f"wish{place}", template, do(place), PERMISSION, order=place - 100)
            config.add_admin_panel(panel)

    return includeme


@pytest.fixture
def panels(with_plugin, admin, templates):
    """Return a function that shows the overview with panels that load their values by these functions."""
    (templates / "panel.jinja2").write_text("<p class='wish'>{{ panel.text }}</p>")

    def panels(*loads, template="stranger:panel.jinja2"):
        DOES[:] = loads
        admin.app = with_plugin(add_panels(len(loads), template))
        return admin.get("/admin/").html

    return panels


def texts(page, selector: str) -> list[str]:
    return [found.get_text(strip=True) for found in page.select(selector)]


@pytest.mark.parametrize("fail", FAILURES)
@pytest.mark.parametrize("before", [(), (read_names,)], ids=["fresh", "open"])
def test_a_panel_that_fails_leaves_its_place_and_the_others(panels, make, caplog, fail, before):
    make.store(name="Life")
    page = panels(*before, fail, read_names, fail, read_names)
    assert texts(page, ".wish") == ["['Life'] ['Life']"] * (2 + len(before))
    number = len(before)
    assert texts(page, ".panel p.message.error") == [
        f"The panel “wish{number}” failed. See the server log for details.",
        f"The panel “wish{number + 2}” failed. See the server log for details.",
    ]
    assert page.find(id="counts").text == "Row counts"
    assert "secret" not in str(page)
    records = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [record.getMessage() for record in records] == [
        f"The panel 'wish{number}' of GET /admin/ failed",
        f"The panel 'wish{number + 2}' of GET /admin/ failed",
    ]
    assert all(record.exc_info for record in records)


@pytest.mark.database("postgresql")
def test_a_lost_connection_is_not_the_panels_failure_and_the_page_is_read_again(panels, caplog):
    attempts = []

    def lose_connection(request) -> dict:
        attempts.append(request)
        if len(attempts) == 1:
            request.reader.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return {"text": "here"}

    page = panels(lose_connection, read_names)
    assert texts(page, ".wish") == ["here", "[] []"]
    assert texts(page, "p.message.error") == []
    assert len(attempts) == 2


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("template", "values"),
    [("shoptrack_admin:templates/nowhere.jinja2", {}), (None, {}), (None, [])],
    ids=["missing template", "missing value", "no dictionary"],
)
def test_so_does_one_whose_template_fails(panels, caplog, template, values):
    options = {"template": template} if template else {}
    page = panels(lambda request: values, lambda request: None, **options)
    assert texts(page, ".panel p.message.error") == [
        "The panel “wish0” failed. See the server log for details."
    ]


@pytest.mark.database("sqlite")
def test_the_message_is_in_the_readers_language(with_plugin, admin):
    column = AdminColumn("visits", "visits", values=raise_error)

    def includeme(config):
        config.add_admin_column("stores", column)
        config.add_admin_panel(AdminPanel("wish", "x.jinja2", raise_error, PERMISSION))

    admin.app = with_plugin(includeme)
    admin.extra_environ = admin.extra_environ | {"HTTP_ACCEPT_LANGUAGE": "ja"}
    for path in ("/admin/", "/admin/stores/"):
        assert "サーバーのログ" in texts(admin.get(path).html, "p.message.error")[0]


@pytest.fixture
def show_list(with_plugin, admin):
    """Return a function that shows the list of stores as an ``includeme`` has it."""

    def show_list(includeme):
        admin.app = with_plugin(includeme)
        return admin.get("/admin/stores/").html

    return show_list


@pytest.fixture
def list_with(show_list):
    """Return a function that shows the list of stores with these columns."""

    def list_with(*columns, **options):
        return show_list(
            lambda config: config.add_admin("stores", columns=["name", *columns], **options)
        )

    return list_with


def add_columns(config):
    """Add a column that a test has fail, and another one."""
    failing = AdminColumn("visits", "visits", values=do(0))
    other = AdminColumn("length", "length", value=lambda store: len(store["name"]))
    config.add_admin("stores", columns=["name", failing, other])


@pytest.mark.parametrize("fail", FAILURES)
def test_a_column_that_fails_says_so_and_leaves_the_others(show_list, make, caplog, fail):
    make.store(name="Life")
    DOES[:] = [fail]
    page = show_list(add_columns)
    assert texts(page, "tbody th, tbody td:not(.choose)") == ["Life", "failed", "4"]
    assert texts(page, "p.message.error") == [
        "The column “Visits” failed. See the server log for details."
    ]
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.getMessage() == "The column 'visits' of 'stores' of GET /admin/stores/ failed"
    assert record.exc_info


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "options",
    [
        {"values": lambda request, stores: []},
        {"values": lambda request, stores: None},
        {"value": lambda store: store["colour"]},
        {"value": lambda store: "many", "cell": "number"},
        {"value": lambda store: 1, "text": raise_error},
    ],
    ids=["too few", "none at all", "no such field", "no number", "no text"],
)
def test_so_does_one_whose_values_are_wrong(list_with, make, options):
    make.store(name="Life")
    page = list_with(AdminColumn("visits", "visits", **options))
    assert texts(page, "tbody th, tbody td:not(.choose)") == ["Life", "failed"]


@pytest.mark.database("sqlite")
def test_values_are_shown_as_they_are_if_their_text_fails(list_with, make, caplog):
    make.store(name="Life")
    page = list_with(texts={"name": raise_error})
    assert texts(page, "tbody th") == ["Life"]
    assert texts(page, "p.message.error") == [
        "The column “Name” failed. See the server log for details."
    ]


@pytest.mark.database("sqlite")
def test_a_file_without_the_column_would_look_complete(list_with, admin, make):
    make.store()
    list_with(AdminColumn("visits", "visits", values=raise_error))
    admin.get("/admin/stores/export.csv", status=500)


def add_action(config):
    """Add an action that does what a test has it do."""
    config.add_admin_action("stores", AdminAction("close", "Close", "stores:change", do(0)))


@pytest.fixture
def act(with_plugin, admin, make):
    """Return a function that runs an action on a store."""

    def act(run, **options):
        DOES[:] = [run]
        admin.app = with_plugin(add_action)
        path = f"/admin/stores/actions/close/?id={make.store(name='Life').id}"
        return admin.get(path).forms[1].submit(**options)

    return act


def names_of_stores(database) -> list[str]:
    with database.read_engine.connect() as connection:
        return list(connection.scalars(select(Store.name)))


@pytest.mark.parametrize("fail", FAILURES)
def test_an_action_that_fails_changes_nothing_and_says_so(act, database, caplog, fail):
    def run(request, ids):
        request.db.add(Store(name="half done", location=""))
        request.db.flush()
        fail(request)

    page = act(run, status=500).html
    assert texts(page, ".summary li") == [
        "The action failed, so nothing was changed. See the server log for details."
    ]
    assert texts(page, "ul.rows a") == ["Life (Kyoto)"]
    assert names_of_stores(database) == ["Life"]
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.getMessage() == "The action 'close' failed"
    assert record.exc_info


def test_so_does_one_whose_rows_no_constraint_allows(act, database):
    def run(request, ids):
        request.db.add(Store(name=None, location=None))
        return "Done."

    act(run, status=500)
    assert names_of_stores(database) == ["Life"]


@pytest.mark.parametrize(
    ("error", "status", "messages"),
    [
        (Conflict("Closed already."), 409, ["Closed already."]),
        (ValidationError({"name": ["Too long.", "Too old."]}), 400, ["Too long.", "Too old."]),
    ],
    ids=["conflict", "validation error"],
)
def test_an_action_can_refuse_with_a_sentence(act, database, caplog, error, status, messages):
    def run(request, ids):
        request.db.add(Store(name="half done", location=""))
        raise error

    assert texts(act(run, status=status).html, ".summary li") == messages
    assert names_of_stores(database) == ["Life"]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.database("sqlite")
def test_other_errors_have_their_own_page(act):
    def refuse(request, ids):
        raise Forbidden("Ask the owner.")

    assert "Ask the owner." in act(refuse, status=403)
