"""What holds when several sign in, and are made, at the same moment. Everything here commits for real."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event, get_ident

import pytest
from sqlalchemy import event, insert, select

from shoptrack.catalog.models import Category
from shoptrack.errors import ValidationError
from shoptrack.testing import Client
from shoptrack_auth import users
from shoptrack_auth.models import User
from shoptrack_auth.testing import PASSWORD
from shoptrack_auth.user_management import OPERATOR

TAKEN = {"username": ["A user with that username already exists."]}
PATIENCE = 60  # seconds after which a test gives up


@pytest.fixture
def threads():
    """Run functions in threads of their own; they have ended when the test ends."""
    with ThreadPoolExecutor(8) as pool:
        yield pool


def post(app, path, body):
    return Client(app).post_json(f"/api/auth/{path}", body, status="*").status_int


@pytest.fixture
def until_another_waits(database):
    """Return a function that waits until another thread sends a statement that a writer delays.

    SQLite delays the start of a transaction, PostgreSQL the lock under which users change, or the change.
    """
    here, sent = get_ident(), Event()

    def note(connection, cursor, statement, parameters, context, many):
        is_delayed = not statement.startswith("SELECT") or "pg_advisory_xact_lock" in statement
        if get_ident() != here and is_delayed:
            sent.set()

    event.listen(database.engine, "before_cursor_execute", note)
    yield lambda: sent.wait(PATIENCE) or pytest.fail("No other thread sent such a statement.")
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.fixture
def writing(database, until_another_waits):
    """Return a context in which somebody else has written, and commits when another waits."""

    @contextmanager
    def writing(statement):
        with database.engine.begin() as connection:
            connection.execute(statement)
            yield
            until_another_waits()

    return writing


def test_many_sign_in_at_once(app, user, threads, sign_ins, hasher, monkeypatch):
    monkeypatch.setattr(hasher.limiter, "max_slots", 8)
    together = Barrier(8)

    def sign_in(_):
        together.wait()
        return post(app, "token/", {"username": "ken", "password": PASSWORD})

    assert list(threads.map(sign_in, range(8))) == [200] * 8
    assert sign_ins() == 8


def test_many_refresh_one_token_at_once(app, signed_in, threads):
    together = Barrier(8)

    def refresh(_):
        together.wait()
        return post(app, "token/refresh/", {"refresh": signed_in.refresh})

    assert list(threads.map(refresh, range(8))) == [200] * 8


@pytest.mark.parametrize("path", ["token/", "token/refresh/", "logout/"])
def test_somebody_elses_writing_delays_nobody_for_good(app, signed_in, threads, writing, path):
    body = {"username": "ken", "password": PASSWORD, "refresh": signed_in.refresh}
    with writing(insert(Category).values(name="Meat")):
        answer = threads.submit(post, app, path, body)
    assert answer.result() == 200


def test_reading_does_not_wait_for_a_writer(client, signed_in, database):
    with database.engine.begin() as connection:
        connection.execute(insert(Category).values(name="Meat"))
        client.get("/api/auth/user/", headers=signed_in.auth_headers, status=200)
        client.post_json("/api/auth/token/verify/", {"token": signed_in.access}, status=200)


def test_who_is_deleted_while_signing_in_does_not_get_in(app, user, threads, writing, sign_ins):
    with writing(User.__table__.delete()):
        answer = threads.submit(post, app, "token/", {"username": "ken", "password": PASSWORD})
    assert answer.result() == 401
    assert sign_ins() == 0


def create(database, hasher, username):
    with database.session() as db, db.begin():
        users.create(db, hasher, username, PASSWORD, by=OPERATOR, force=True)


def test_who_makes_a_name_second_gets_the_sentence(database, hasher, threads, until_another_waits):
    with database.session() as db, db.begin():
        users.create(db, hasher, "ken", PASSWORD, by=OPERATOR, force=True)
        # The other one begins before the first is visible.
        second = threads.submit(create, database, hasher, "KEN")
        until_another_waits()
    with pytest.raises(ValidationError) as refused:
        second.result()
    assert refused.value.errors == TAKEN


def test_of_many_who_make_one_name_one_wins(database, hasher, threads, monkeypatch):
    monkeypatch.setattr(hasher.limiter, "max_slots", 8)
    together = Barrier(8)

    def attempt(number):
        together.wait()
        try:
            create(database, hasher, ("ken", "KEN", "ｋｅｎ")[number % 3])
        except ValidationError as refused:
            return refused.errors
        return "made"

    outcomes = list(threads.map(attempt, range(8)))
    assert outcomes.count("made") == 1
    assert outcomes.count(TAKEN) == 7
    with database.read_engine.connect() as connection:
        assert len(connection.execute(select(User.id)).all()) == 1
