"""Transactions at the same time: no change is jumped over, and each comes after those that it saw."""

import pytest

from shoptrack.resources import Repository

from ..server.conftest import eventually

pytestmark = pytest.mark.database("postgresql")  # SQLite has one writer at a time


@pytest.fixture
def labels(read_now):
    """Return a function that returns what the feed has after a cursor: actions with names, and the next cursor."""
    names = {}

    def labels(cursor):
        body = read_now(cursor, resource="categories", include="document")
        found = []
        for change in body["changes"]:
            if change["document"]:
                names[change["id"]] = change["document"]["name"]
            found.append((change["action"], names.get(change["id"], "?")))
        return found, body["cursor"]

    return labels


def test_changes_are_not_jumped_over_by_those_that_are_committed_first(
    api, read, read_now, labels, settle, open_transaction
):
    start = read(resource="categories")["cursor"]
    commit_first = open_transaction("first")
    commit_second = open_transaction("second")
    commit_second()
    api.post_json("/api/categories/", {"name": "third"}, status=201)
    assert labels(start) == ([], start)
    assert read_now(resource="categories")["cursor"] == start
    commit_first()
    settle()
    expected = [("added", "first"), ("added", "second"), ("added", "third")]
    found, cursor = labels(start)
    assert found == expected
    assert labels(cursor) == ([], cursor)


def test_a_client_that_polls_meanwhile_sees_each_change_once(
    read, labels, settle, open_transaction
):
    seen, cursor = [], read(resource="categories")["cursor"]
    commits = {name: open_transaction(name) for name in "abcd"}
    for name in "bdac":
        commits[name]()
        if name == "c":
            settle()
        found, cursor = labels(cursor)
        seen += found
    assert seen == [("added", name) for name in "abcd"]


def test_what_is_rolled_back_does_not_hold_others_back(api, read, labels, settle, database, app):
    start = read(resource="categories")["cursor"]
    with database.session() as db:
        transaction = db.begin()
        Repository.of(app.registry, "categories").create(db, {"name": "never"})
        api.post_json("/api/categories/", {"name": "other"}, status=201)
        assert labels(start) == ([], start)
        transaction.rollback()
    settle()
    assert labels(start)[0] == [("added", "other")]


def test_a_change_comes_after_those_that_it_saw(
    app, api, read, read_now, database, open_transaction
):
    """The older transaction deletes what a younger one has added, while one between them is not finished."""
    start = read(resource="categories")["cursor"]
    repository = Repository.of(app.registry, "categories")
    with database.session() as db, db.begin():
        repository.create(db, {"name": "old"})
        commit_between = open_transaction("between")
        id = api.post_json("/api/categories/", {"name": "young"}, status=201).json["id"]
        repository.delete(db, repository.lock(db, id))

    def has_first():
        return read_now(start, resource="categories")["changes"]

    eventually(has_first, lambda: "the change of the oldest transaction")
    first = read_now(start, resource="categories")
    assert len(first["changes"]) == 1
    commit_between()
    rest = read(first["cursor"], resource="categories")["changes"]
    assert [(one["action"], one["id"] == id) for one in rest] == [
        ("added", False),
        ("added", True),
        ("deleted", True),
    ]
