"""Who hashes at once, who waits, and who is told to come again; what lacks memory counts as nothing."""

import logging
import os
import sys
from threading import Event, Thread, get_native_id
from time import sleep

import pytest
from argon2.exceptions import HashingError, VerificationError

from shoptrack.errors import ServiceUnavailable
from shoptrack.server.serving import Serving
from shoptrack_auth import password_links, user_passwords, users
from shoptrack_auth.delegation import OPERATOR
from shoptrack_auth.passwords import Passwords
from shoptrack_auth.stored_hashes import StoredHashes
from shoptrack_auth.testing import PASSWORD
from shoptrack_auth.throttle import Throttle
from shoptrack_auth.turns import Busy, NoMemory, Turns

pytestmark = pytest.mark.database("sqlite")  # no statement of it is told apart by databases
MIB = 1024 * 1024
PATIENCE = 30  # seconds; nobody waits that long where it works
NEW = "another horse, another battery"


class Hashing:
    """Somebody who hashes until told to end."""

    def __init__(self, turns: Turns, memory: int):
        self.begun, self.end = Event(), Event()
        self._thread = Thread(target=self._run, args=(turns, memory))
        self._thread.start()

    def _run(self, turns, memory):
        with turns.turn(memory):
            self.begun.set()
            self.end.wait(PATIENCE)

    def done(self):
        self.end.set()
        self._thread.join(PATIENCE)
        assert self.begun.is_set()


@pytest.fixture
def hashing():
    """Return a function that starts somebody who hashes, and waits until the turns know of it."""
    started = []

    def hashing(turns, memory=MIB, *, waits=False):
        more = turns.waiting + 1
        started.append(Hashing(turns, memory))
        if not waits:
            assert started[-1].begun.wait(PATIENCE)
        while waits and turns.waiting < more:
            sleep(0.001)
        return started[-1]

    yield hashing
    for each in started:
        each.end.set()
    for each in started:
        each.done()


def test_two_hash_at_a_time_others_wait_and_further_ones_are_refused(hashing):
    turns = Turns(together=10 * MIB)
    first, second = hashing(turns), hashing(turns)
    third, fourth = hashing(turns, waits=True), hashing(turns, waits=True)
    with pytest.raises(Busy) as refusal, turns.turn(MIB):
        pass
    assert refusal.value.status == 503
    assert int(refusal.value.headers()["Retry-After"]) > 0
    assert not third.begun.is_set()
    first.done()
    assert third.begun.wait(PATIENCE)
    assert not fourth.begun.is_set()
    second.done()
    assert fourth.begun.wait(PATIENCE)


@pytest.mark.parametrize(
    ("together", "running", "next"), [(3, 2, 2), (3, 4, 1)], ids=["both", "the first alone"]
)
def test_all_hashes_together_take_no_more_than_they_may(hashing, together, running, next):
    turns = Turns(together * MIB)
    first = hashing(turns, running * MIB)
    second = hashing(turns, next * MIB, waits=True)
    assert not second.begun.is_set()
    first.done()
    assert second.begun.wait(PATIENCE)


def test_a_large_one_gets_its_turn_before_small_ones_that_came_later(hashing):
    turns = Turns(2 * MIB)
    first = hashing(turns)
    large, small = hashing(turns, 3 * MIB, waits=True), hashing(turns, waits=True)
    assert not small.begun.is_set()
    first.done()
    assert large.begun.wait(PATIENCE)
    assert not small.begun.is_set()


def test_one_that_takes_more_than_the_process_may_is_not_computed(caplog):
    turns = Turns(2 * MIB, most=4 * MIB)
    with pytest.raises(NoMemory), turns.turn(5 * MIB):
        pytest.fail("it was computed")
    assert "5 MiB" in caplog.text
    with turns.turn(4 * MIB):
        pass


@pytest.mark.parametrize(("threads", "places"), [(1, 1), (2, 1), (8, 4), (9, 4), (40, 20)])
def test_a_server_keeps_half_of_its_threads_for_others(build_app, threads, places, caplog):
    app = build_app(shoptrack__access_token_seconds="298")
    caplog.set_level(logging.INFO)
    app.registry.notify(Serving(app.registry, threads))
    assert app.registry[Passwords].turns.places == places
    assert f"{places} of {threads} threads may hash or wait for it." in caplog.text


def test_two_hashes_of_one_request_take_one_place():
    turns = Turns(MIB)
    turns.places = 1
    with turns.place(), turns.turn(0):
        pass
    with turns.place(), turns.place():
        assert turns.held == 1
    assert turns.held == 0


class Lacking:
    """A hasher that gets no memory, as argon2 says it."""

    memory_cost, time_cost, parallelism, salt_len, hash_len = 8, 1, 1, 16, 32

    def hash(self, password):
        raise HashingError("Memory allocation error")

    def verify(self, stored, password):
        raise VerificationError("Memory allocation error")


@pytest.fixture(params=["full", "no memory"])
def short(request, app, user, monkeypatch):
    """Let no password be hashed; there is a user."""
    if request.param == "full":
        monkeypatch.setattr(app.registry[Passwords].turns, "places", 0)
    else:
        monkeypatch.setitem(app.registry, Passwords, Passwords(Lacking()))
        monkeypatch.setitem(app.registry, StoredHashes, StoredHashes(app.registry))


@pytest.fixture
def failures(app, database):
    """Return a function that tells how many failures are counted."""

    def failures() -> int:
        throttle = Throttle.of(app.registry)
        with database.session() as db, db.begin():
            return throttle.forget(db)

    return failures


def check_told(answer):
    assert answer.status_int == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert list(answer.json) == ["detail", "request_id"]


@pytest.mark.parametrize("username", ["ken", "nobody"])
@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_a_sign_in_is_told_to_come_again_and_counts_as_nothing(
    short, client, failures, caplog, username, password
):
    body = {"username": username, "password": password}
    check_told(client.post_json("/api/auth/token/", body, status="*"))
    assert failures() == 0
    assert "Wrong name or password" not in caplog.text


@pytest.mark.parametrize("current", [PASSWORD, "wrong"])
def test_so_is_who_changes_the_own_password(short, client, bearer, user, failures, current):
    body = {"old_password": current, "new_password": NEW}
    path = "/api/auth/password/"
    check_told(client.post_json(path, body, headers=bearer(user), status="*"))
    assert failures() == 0


def test_so_is_whoever_gives_a_user_a_password(short, app, act, user):
    passwords = app.registry[Passwords]
    secret = act(password_links.make, user.id, by=OPERATOR)
    for give in (
        lambda: act(users.create, passwords, "mia", NEW, by=OPERATOR),
        lambda: act(user_passwords.set_password, passwords, user.id, NEW, by=OPERATOR),
        lambda: act(password_links.redeem, passwords, secret, NEW),
    ):
        with pytest.raises(ServiceUnavailable):
            give()
    assert act(lambda db: password_links.find(db.connection(), secret)).id == user.id
    assert act(lambda db: db.get(type(user), user.id)).password_version == user.password_version


def test_a_sign_in_whose_new_hash_gets_no_memory_tells_nothing(
    app, client, user, failures, monkeypatch
):
    class Half(Lacking):
        def verify(self, stored, password):
            return True

    passwords = Passwords(Half())
    monkeypatch.setattr(passwords, "is_own", lambda stored: False)
    monkeypatch.setattr(passwords, "read", lambda stored: passwords.own)
    monkeypatch.setitem(app.registry, Passwords, passwords)
    body = {"username": "ken", "password": PASSWORD}
    check_told(client.post_json("/api/auth/token/", body, status="*"))
    assert failures() == 0


@pytest.mark.parametrize("said", ["Memory allocation error", "Threading failure"])
def test_what_argon2_lacks_is_no_wrong_password(monkeypatch, said):
    monkeypatch.setattr(
        Lacking, "verify", lambda *_: (_ for _ in ()).throw(VerificationError(said))
    )
    passwords = Passwords(Lacking())
    with pytest.raises(NoMemory):
        passwords.verify(passwords.own.stand_in, PASSWORD)


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere threads have no priority of their own"
)
def test_hashing_gives_way_to_those_who_answer_requests():
    def nice() -> int:
        return os.getpriority(os.PRIO_PROCESS, get_native_id())

    turns, mine = Turns(MIB), nice()
    assert [turns.compute(0, nice) for _ in range(3)] == [min(mine + 10, 19)] * 3
    assert nice() == mine


def test_where_the_system_gives_no_thread_it_is_as_without_memory(monkeypatch):
    def refuse(*_):
        raise RuntimeError("can't start new thread")

    turns = Turns(MIB)
    monkeypatch.setattr(turns._workers, "submit", refuse)
    with pytest.raises(NoMemory):
        turns.compute(0, lambda: None)
    assert turns.held == 0
