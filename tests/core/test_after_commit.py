"""What subscribers want to happen once a change is certain."""

import logging

import pytest
from sqlalchemy import text
from zope.interface import implementedBy

from shoptrack.catalog.resources import CategoryResource
from shoptrack.db import Database
from shoptrack.db.commits import after_commit
from shoptrack.errors import Conflict
from shoptrack.events import RowAdded
from shoptrack.resources.repository import Repository
from shoptrack.testing import capture_statements

URL = "/api/categories/"


@pytest.fixture
def on_added(app):
    """Return a function that subscribes to rows that are added, until the test ends."""
    subscribed = []

    def on_added(subscriber):
        app.registry.registerHandler(subscriber, (implementedBy(RowAdded),))
        subscribed.append(subscriber)

    yield on_added
    for subscriber in subscribed:
        app.registry.unregisterHandler(subscriber, (implementedBy(RowAdded),))


def test_it_is_called_once_when_others_see_the_row(api, on_added, database):
    seen = []

    def look():
        with database.read_engine.connect() as connection:
            seen.extend(connection.exec_driver_sql("SELECT name FROM categories").scalars())

    on_added(lambda event: event.after_commit(look))
    api.post_json(URL, {"name": "Meat"}, status=201)
    assert seen == ["Meat"]
    api.patch_json(f"{URL}{api.get(URL).json[0]['id']}/", {"name": "Fish"})
    assert seen == ["Meat"]


def test_it_is_not_called_where_the_change_is_undone(api, on_added):
    called = []

    def refuse(event):
        event.after_commit(lambda: called.append(event.label))
        raise Conflict("No.")

    on_added(refuse)
    api.post_json(URL, {"name": "Meat"}, status=409)
    assert called == []


def test_what_it_raises_goes_to_the_log_and_undoes_nothing(api, on_added, caplog):
    on_added(lambda event: event.after_commit(lambda: 1 / 0))
    caplog.set_level(logging.ERROR)
    answer = api.post_json(URL, {"name": "Meat"}, status=201)
    assert api.get(URL).json == [answer.json]
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]


def test_it_takes_no_statement(api, on_added, database):
    with capture_statements(database) as before:
        api.post_json(URL, {"name": "Meat"}, status=201)
    on_added(lambda event: event.after_commit(lambda: None))
    with capture_statements(database) as after:
        api.post_json(URL, {"name": "Fish"}, status=201)
    assert len(after) == len(before)


@pytest.fixture
def on_its_own(app):
    """Return a session of the application's that no request manages, as commands have."""
    with Database.of(app.registry).session() as db:
        yield db


def test_a_command_has_it_called_too(on_its_own, on_added):
    called = []
    on_added(lambda event: event.after_commit(lambda: called.append(event.label)))
    repository = Repository.of(on_its_own.info["registry"], CategoryResource)
    with on_its_own.begin():
        repository.create(on_its_own, {"name": "Meat"})
        assert called == []
    assert called == ["Meat"]
    with on_its_own.begin():
        on_its_own.execute(text("SELECT 1"))
    assert called == ["Meat"]


def test_neither_a_savepoint_nor_a_later_transaction_makes_a_change_certain(on_its_own):
    called = []
    on_its_own.begin()
    after_commit(on_its_own, lambda: called.append(1))
    with on_its_own.begin_nested():
        on_its_own.execute(text("SELECT 1"))
    on_its_own.rollback()
    with on_its_own.begin():
        on_its_own.execute(text("SELECT 1"))
    assert called == []


def test_what_it_raises_in_a_command_goes_to_the_log(on_its_own, caplog):
    with on_its_own.begin():
        after_commit(on_its_own, lambda: 1 / 0)
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]
