"""Who hashes at once, who waits, and who is told to come again; what lacks memory counts as nothing."""

import logging
import os
import sys
from threading import Event, Thread, get_native_id
from time import sleep

import pytest
from argon2.exceptions import HashingError, VerificationError

from shoptrack.errors import ServiceUnavailable
from shoptrack.events import Serving
from shoptrack_auth import password_change, password_links, users
from shoptrack_auth.hash_limiter import Busy, HashLimiter, NoMemory
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.stored_hashes import StoredHashes
from shoptrack_auth.testing import PASSWORD
from shoptrack_auth.throttle import Throttle
from shoptrack_auth.user_management import OPERATOR

pytestmark = pytest.mark.database("sqlite")  # no statement of it is told apart by databases
MIB = 1024 * 1024
PATIENCE = 30  # seconds; nobody waits that long where it works
NEW = "another horse, another battery"


class Hashing:
    """Somebody who hashes until told to end."""

    def __init__(self, limiter: HashLimiter, memory: int):
        self.begun, self.end = Event(), Event()
        self._thread = Thread(target=self._run, args=(limiter, memory))
        self._thread.start()

    def _run(self, limiter, memory):
        with limiter.reserve_memory(memory):
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

    def hashing(limiter, memory=MIB, *, waits=False):
        more = limiter.waiting_count + 1
        started.append(Hashing(limiter, memory))
        if not waits:
            assert started[-1].begun.wait(PATIENCE)
        while waits and limiter.waiting_count < more:
            sleep(0.001)
        return started[-1]

    yield hashing
    for each in started:
        each.end.set()
    for each in started:
        each.done()


def test_two_hash_at_a_time_others_wait_and_further_ones_are_refused(hashing):
    limiter = HashLimiter(max_total_bytes=10 * MIB)
    first, second = hashing(limiter), hashing(limiter)
    third, fourth = hashing(limiter, waits=True), hashing(limiter, waits=True)
    with pytest.raises(Busy) as refusal, limiter.reserve_memory(MIB):
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
    limiter = HashLimiter(together * MIB)
    first = hashing(limiter, running * MIB)
    second = hashing(limiter, next * MIB, waits=True)
    assert not second.begun.is_set()
    first.done()
    assert second.begun.wait(PATIENCE)


def test_a_large_one_gets_its_turn_before_small_ones_that_came_later(hashing):
    limiter = HashLimiter(2 * MIB)
    first = hashing(limiter)
    large, small = hashing(limiter, 3 * MIB, waits=True), hashing(limiter, waits=True)
    assert not small.begun.is_set()
    first.done()
    assert large.begun.wait(PATIENCE)
    assert not small.begun.is_set()


def test_one_that_takes_more_than_the_process_may_is_not_computed(caplog):
    limiter = HashLimiter(2 * MIB, max_hash_bytes=4 * MIB)
    with pytest.raises(NoMemory), limiter.reserve_memory(5 * MIB):
        pytest.fail("it was computed")
    assert "5 MiB" in caplog.text
    with limiter.reserve_memory(4 * MIB):
        pass


@pytest.mark.parametrize(("threads", "places"), [(1, 1), (2, 1), (8, 4), (9, 4), (40, 20)])
def test_a_server_keeps_half_of_its_threads_for_others(build_app, threads, places, caplog):
    app = build_app(shoptrack__access_token_seconds="298")
    caplog.set_level(logging.INFO)
    app.registry.notify(Serving(app.registry, threads))
    assert app.registry[UserPasswordHasher].limiter.max_slots == places
    assert f"{places} of {threads} threads may hash passwords." in caplog.text


def test_two_hashes_of_one_request_take_one_place():
    limiter = HashLimiter(MIB)
    limiter.max_slots = 1
    with limiter.reserve_slot(), limiter.reserve_memory(0):
        pass
    with limiter.reserve_slot(), limiter.reserve_slot():
        assert limiter.active_count == 1
    assert limiter.active_count == 0


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
        monkeypatch.setattr(app.registry[UserPasswordHasher].limiter, "max_slots", 0)
    else:
        monkeypatch.setitem(app.registry, UserPasswordHasher, UserPasswordHasher(Lacking()))
        monkeypatch.setitem(app.registry, StoredHashes, StoredHashes(app.registry))


@pytest.fixture
def failures(app, database):
    """Return a function that tells how many failures are counted."""

    def failures() -> int:
        throttle = Throttle.of(app.registry)
        with database.session() as db, db.begin():
            return throttle.delete_failures(db)

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
    assert "Wrong username or password" not in caplog.text


@pytest.mark.parametrize("current", [PASSWORD, "wrong"])
def test_so_is_who_changes_the_own_password(short, client, auth_headers, user, failures, current):
    body = {"old_password": current, "new_password": NEW}
    path = "/api/auth/password/"
    check_told(client.post_json(path, body, headers=auth_headers(user), status="*"))
    assert failures() == 0


def test_so_is_whoever_gives_a_user_a_password(short, app, act, user):
    hasher = app.registry[UserPasswordHasher]
    secret = act(password_links.create_link, user.id, by=OPERATOR)
    for attempt in (
        lambda: act(users.create, hasher, "mia", NEW, by=OPERATOR),
        lambda: act(password_change.set_password, hasher, user.id, NEW, by=OPERATOR),
        lambda: act(password_links.redeem, hasher, secret, NEW),
    ):
        with pytest.raises(ServiceUnavailable):
            attempt()
    assert act(lambda db: password_links.get_link(db.connection(), secret)).id == user.id
    assert act(lambda db: db.get(type(user), user.id)).password_version == user.password_version


def test_a_sign_in_whose_new_hash_gets_no_memory_tells_nothing(
    app, client, user, failures, monkeypatch
):
    class Half(Lacking):
        def verify(self, stored, password):
            return True

    hasher = UserPasswordHasher(Half())
    monkeypatch.setattr(hasher, "is_own", lambda stored: False)
    monkeypatch.setattr(hasher, "parse", lambda stored: hasher.dummy_hash)
    monkeypatch.setitem(app.registry, UserPasswordHasher, hasher)
    body = {"username": "ken", "password": PASSWORD}
    check_told(client.post_json("/api/auth/token/", body, status="*"))
    assert failures() == 0


@pytest.mark.parametrize("said", ["Memory allocation error", "Threading failure"])
def test_what_argon2_lacks_is_no_wrong_password(monkeypatch, said):
    monkeypatch.setattr(
        Lacking, "verify", lambda *_: (_ for _ in ()).throw(VerificationError(said))
    )
    hasher = UserPasswordHasher(Lacking())
    with pytest.raises(NoMemory):
        hasher.verify(hasher.dummy_hash.dummy, PASSWORD)


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere threads have no priority of their own"
)
def test_hashing_gives_way_to_those_who_answer_requests():
    def nice() -> int:
        return os.getpriority(os.PRIO_PROCESS, get_native_id())

    limiter, mine = HashLimiter(MIB), nice()
    assert [limiter.run(0, nice) for _ in range(3)] == [min(mine + 10, 19)] * 3
    assert nice() == mine


def test_where_the_system_gives_no_thread_it_is_as_without_memory(monkeypatch):
    def refuse(*_):
        raise RuntimeError("can't start new thread")

    limiter = HashLimiter(MIB)
    monkeypatch.setattr(limiter._workers, "submit", refuse)
    with pytest.raises(NoMemory):
        limiter.run(0, lambda: None)
    assert limiter.active_count == 0
