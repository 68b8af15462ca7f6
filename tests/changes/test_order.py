"""Transactions at the same time: no change is jumped over, and each comes after those that it saw."""

import pytest

from shoptrack.history import delete_entries
from shoptrack.resources import Repository

from ..server.conftest import eventually

pytestmark = pytest.mark.database("postgresql")  # SQLite has one writer at a time


@pytest.fixture
def get_resources(read_now):
    """Return a function that returns whose changes come after a cursor, and the next cursor."""

    def get_resources(cursor):
        body = read_now(cursor)
        return [change["resource"] for change in body["changes"]], body["cursor"]

    return get_resources


def test_changes_are_not_jumped_over_by_those_that_are_committed_first(
    api, read, read_now, get_resources, settle, open_transaction
):
    start = read()["cursor"]
    commit_first = open_transaction("origins")
    commit_second = open_transaction("manufacturers")
    commit_second()
    api.post_json("/api/units/", {"name": "g"}, status=201)
    assert get_resources(start) == ([], start)
    assert read_now()["cursor"] == start
    commit_first()
    settle()
    found, cursor = get_resources(start)
    assert found == ["origins", "manufacturers", "units"]
    assert get_resources(cursor) == ([], cursor)


def test_a_client_that_polls_meanwhile_sees_each_change_once(
    read, get_resources, settle, open_transaction
):
    seen, cursor = [], read()["cursor"]
    paths = ("categories", "units", "manufacturers", "origins")
    commits = [open_transaction(path) for path in paths]
    for number in (1, 3, 0, 2):
        commits[number]()
        if number == 2:
            settle()
        found, cursor = get_resources(cursor)
        seen += found
    assert seen == [*paths]


def test_what_is_rolled_back_holds_others_back_no_longer(
    api, read, get_resources, settle, database, app
):
    start = read()["cursor"]
    with database.session() as db:
        transaction = db.begin()
        Repository.of(app.registry, "origins").create(db, {"name": "never"})
        api.post_json("/api/units/", {"name": "g"}, status=201)
        assert get_resources(start) == ([], start)
        transaction.rollback()
    settle()
    assert get_resources(start)[0] == ["units"]


def test_a_change_comes_after_those_that_it_saw(
    app, api, read, get_resources, database, open_transaction
):
    """The older transaction deletes what a younger one has added, while one between them is not finished."""
    start = read()["cursor"]
    units = Repository.of(app.registry, "units")
    with database.session() as db, db.begin():
        Repository.of(app.registry, "origins").create(db, {"name": "old"})
        commit_between = open_transaction("manufacturers")
        id = api.post_json("/api/units/", {"name": "young"}, status=201).json["id"]
        units.delete(db, units.lock(db, id))
    eventually(lambda: get_resources(start)[0], lambda: "the change of the oldest transaction")
    first, cursor = get_resources(start)
    assert first == ["origins"]
    commit_between()
    changes = read(cursor)["changes"]
    assert [(change["resource"], change["action"]) for change in changes] == [
        ("manufacturers", "added"),
        ("units", "added"),
        ("units", "deleted"),
    ]


def test_a_client_does_not_begin_behind_what_is_not_committed(
    api, read_now, database, open_transaction
):
    """Not even if what came after it is deleted by then."""
    commit_first = open_transaction("origins")
    api.post_json("/api/units/", {"name": "g"}, status=201)
    with database.engine.begin() as connection:
        delete_entries(connection)
    start = read_now()["cursor"]
    commit_first()
    api.get("/api/changes/", {"since": start}, status=410)
