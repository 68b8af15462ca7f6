"""What subscribers want to happen once a change is certain."""

import logging

import pytest
from zope.interface import implementedBy

from shoptrack.errors import Conflict
from shoptrack.events import RowAdded
from shoptrack.testing import counted

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
        with database.reads.connect() as connection:
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
    with counted(database) as before:
        api.post_json(URL, {"name": "Meat"}, status=201)
    on_added(lambda event: event.after_commit(lambda: None))
    with counted(database) as after:
        api.post_json(URL, {"name": "Fish"}, status=201)
    assert len(after) == len(before)
