"""Who fails too often has to wait: by name and address, and by address, for a while and never for good."""

from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import timedelta
from hashlib import sha256
from threading import Barrier

import pytest
from sqlalchemy import func, insert, select, text

from shoptrack.errors import TooManyRequests
from shoptrack.testing import Client
from shoptrack_auth.hashers import UserPasswordHasher
from shoptrack_auth.models import FailedAttempt, get_utc_now
from shoptrack_auth.testing import PASSWORD
from shoptrack_auth.throttle import Throttle

from .conftest import AWAY, HOME, PATH

pytestmark = pytest.mark.database("sqlite")


@pytest.mark.database("sqlite", "postgresql")
def test_after_some_failures_even_the_right_password_has_to_wait(attempt, attempts, user):
    assert attempts(3) == [401] * 3
    answer = attempt(password=PASSWORD)
    assert answer.status_int == 429
    wait = int(answer.headers["Retry-After"])
    assert 590 <= wait <= 600
    detail = f"Request was throttled. Expected available in {wait} seconds."
    assert answer.json == {"detail": detail}
    assert "Set-Cookie" not in answer.headers


def test_no_password_is_hashed_while_somebody_has_to_wait(throttled, attempts, user, monkeypatch):
    attempts(3)
    monkeypatch.setitem(throttled.registry, UserPasswordHasher, None)
    assert attempts(2, password=PASSWORD) == [429] * 2


def test_another_address_is_served_so_that_nobody_can_lock_a_user_out(attempt, attempts, user):
    assert attempts(4) == [401, 401, 401, 429]
    assert attempt(password=PASSWORD, address=AWAY).status_int == 200


def test_another_name_at_the_same_address_is_served(attempt, attempts, user, make_user):
    make_user("mary")
    assert attempts(4) == [401, 401, 401, 429]
    assert attempt("mary", PASSWORD).status_int == 200


def test_many_names_at_one_address_have_to_wait_together(attempt, user):
    assert [attempt(f"guess{n}").status_int for n in range(6)] == [401] * 5 + [429]
    assert attempt(password=PASSWORD).status_int == 429
    assert attempt(password=PASSWORD, address=AWAY).status_int == 200


def test_a_name_that_nobody_has_is_throttled_alike(attempt, attempts, user, make_user):
    make_user("gone", is_active=False)
    answers = {}
    for number, name in enumerate(("ken", "gone", "nobody")):
        address = f"192.0.2.{number}"
        statuses = attempts(3, name, address=address)
        last = attempt(name, address=address)
        answers[name] = (statuses, last.status_int, last.json["detail"][:45], last.content_length)
    assert len(set(map(str, answers.values()))) == 1


@pytest.mark.parametrize("spelling", ["KEN", "ｋｅｎ", " ken "])
def test_all_spellings_of_a_name_are_one(attempts, user, spelling):
    attempts(3)
    assert attempts(1, spelling, PASSWORD) == [429]


def test_all_addresses_of_an_ipv6_network_are_one(attempts, user):
    assert attempts(2, address="2001:db8:1:2::1") == [401] * 2
    assert attempts(2, address="2001:db8:1:2:ffff::9") == [401, 429]
    assert attempts(1, address="2001:db8:1:3::1") == [401]


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize(
    ("around", "most"),
    [("2001:db8:1:2{:02x}::1", 6), ("2001:db8:1:{:x}00::1", 12), ("203.0.113.{}", 12)],
    ids=["/56", "/48", "/24"],
)
def test_a_name_has_to_wait_in_the_networks_around_too(attempts, user, around, most):
    statuses = [attempts(1, address=around.format(number))[0] for number in range(most + 3)]
    assert statuses == [401] * most + [429] * 3
    assert attempts(1, address="2001:db8:2::1", password=PASSWORD) == [200]


@pytest.mark.parametrize(
    ("around", "most"),
    [("2001:db8:1:2{:02x}::1", 10), ("2001:db8:1:{:x}00::1", 20), ("203.0.113.{}", 20)],
    ids=["/56", "/48", "/24"],
)
def test_many_names_have_to_wait_in_the_networks_around_too(attempts, around, most):
    statuses = [
        attempts(1, f"guess{number}", address=around.format(number // 2))[0]
        for number in range(most + 2)
    ]
    assert statuses == [401] * most + [429] * 2


def test_a_success_forgives_the_name_in_the_networks_around(attempts, user):
    for number in range(6):
        attempts(1, address=f"2001:db8:1:2{number:02x}::1")
    assert attempts(1, address="2001:db8:1:2ff::1") == [429]
    assert attempts(1, address="2001:db8:1:3ff::1", password=PASSWORD) == [200]
    assert attempts(1, address="2001:db8:1:2ff::1") == [429], "that was another /56"


def test_who_has_no_address_is_throttled_too(attempts, user):
    assert attempts(4, address="") == [401, 401, 401, 429]


@pytest.mark.database("sqlite", "postgresql")
def test_who_waits_is_served_again(attempt, attempts, age, user):
    attempts(3)
    age(599)
    assert attempt(password=PASSWORD).headers["Retry-After"] == "1"
    age(2)
    assert attempt(password=PASSWORD).status_int == 200


def test_the_wait_ends_with_the_failure_that_was_one_too_many(attempt, attempts, age, user):
    attempts(1)
    age(300)
    attempts(2)
    assert 290 <= int(attempt().headers["Retry-After"]) <= 300
    age(301)
    assert attempts(2) == [401, 429]


def test_who_is_refused_does_not_wait_longer_for_it(attempts, failures, age, user):
    attempts(3)
    age(400)
    assert attempts(5) == [429] * 5
    assert len(failures()) == 3
    age(201)
    assert attempts(1) == [401]


@pytest.mark.database("sqlite", "postgresql")
def test_failures_of_a_clock_that_was_wrong_do_not_count(attempts, age, user):
    attempts(3)
    age(-365 * 86_400)
    assert attempts(1) == [401]


def test_a_success_forgives_this_name_at_this_address_only(attempts, user, make_user):
    make_user("mary")
    assert attempts(2) == [401] * 2
    assert attempts(2, "mary") == [401] * 2
    assert attempts(2, address=AWAY) == [401] * 2
    assert attempts(1, password=PASSWORD) == [200]
    assert attempts(3) == [401] * 3, "its own two are forgiven, up to the five of the address"
    assert attempts(1, "mary") == [429], "the address has had five others"
    assert attempts(2, address=AWAY) == [401, 429], "elsewhere nothing is forgiven"


def test_an_attackers_own_account_does_not_reset_what_others_count(attempts, user, make_user):
    make_user("mallory")
    statuses = []
    for _ in range(5):
        statuses += attempts(1) + attempts(1, "mallory", PASSWORD)
    assert statuses == [401, 200, 401, 200, 401, 200, 429, 200, 429, 200]


@pytest.mark.parametrize("body", [{}, {"username": "ken"}, {"username": "", "password": "x"}])
def test_what_is_no_attempt_does_not_count(throttled, failures, body):
    Client(throttled).post_json(PATH, body, status=400)
    assert failures() == []


def test_who_forges_its_address_is_known_all_the_same(attempt, user):
    forged = [attempt(HTTP_X_FORWARDED_FOR=f"203.0.113.{n}").status_int for n in range(4)]
    assert forged == [401, 401, 401, 429]


def test_behind_a_trusted_proxy_clients_are_told_apart(attempt, attempts, user):
    proxy = {"address": "10.0.0.1"}
    assert attempts(4, **proxy, HTTP_X_FORWARDED_FOR=AWAY) == [401, 401, 401, 429]
    assert attempts(1, **proxy, HTTP_X_FORWARDED_FOR=HOME) == [401]
    assert attempts(1, **proxy, HTTP_X_FORWARDED_FOR=f"{HOME}, {AWAY}") == [429]


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize(
    ("around", "most"), [(HOME, 3), ("2001:db8:1:2{:02x}::1", 6)], ids=["address", "/56"]
)
def test_at_once_no_more_are_told_than_in_a_row(
    throttled, attempt, failures, user, monkeypatch, around, most
):
    monkeypatch.setattr(throttled.registry[UserPasswordHasher].limiter, "max_slots", 12)
    together = Barrier(12)

    def one(number):
        together.wait()
        return attempt(address=around.format(number)).status_int

    with ThreadPoolExecutor(12) as threads:
        statuses = sorted(threads.map(one, range(12)))
    assert statuses == [401] * most + [429] * (12 - most)
    assert len(failures()) == most


@pytest.mark.database("postgresql")  # SQLite has one writer at a time
def test_what_fails_at_once_with_another_waits_until_that_one_counts(
    throttled, attempts, failures, database, user
):
    attempts(2)
    throttle = Throttle.of(throttled.registry)
    wrong = throttle.make_password_attempt("ken", HOME)
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
        "WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
    )
    with ThreadPoolExecutor(1) as threads, database.read_engine.connect() as connection:
        others = []

        def fail_beside_it(*_):
            others.append(threads.submit(throttle.record_failure, wrong))
            while not others[0].done() and not connection.scalar(waiting):
                pass

        third = copy(throttle)
        third.purge = fail_beside_it  # called when the failure is stored and not yet committed
        third.record_failure(wrong)
        with pytest.raises(TooManyRequests):
            others[0].result()
    assert len(failures()) == 3


@pytest.mark.database("sqlite", "postgresql")
def test_the_right_password_is_not_told_when_others_failed_meanwhile(
    throttled, attempt, hasher, database, sign_ins, user, monkeypatch
):
    class Slow(UserPasswordHasher):
        """Others fail while it computes."""

        def verify(self, stored, password, dummy=None):
            throttle = Throttle.of(throttled.registry)
            for _ in range(3):
                throttle.record_failure(throttle.make_password_attempt("ken", HOME))
            return hasher.verify(stored, password, dummy)

    monkeypatch.setitem(throttled.registry, UserPasswordHasher, Slow())
    assert attempt(password=PASSWORD).status_int == 429
    assert sign_ins() == 0


@pytest.mark.database("sqlite", "postgresql")
def test_several_who_know_the_password_sign_in_at_once(throttled, attempt, user, monkeypatch):
    monkeypatch.setattr(throttled.registry[UserPasswordHasher].limiter, "max_slots", 8)
    with ThreadPoolExecutor(8) as threads:
        statuses = threads.map(lambda _: attempt(password=PASSWORD).status_int, range(8))
        assert list(statuses) == [200] * 8


def test_neither_a_name_nor_what_anybody_could_guess_it_by_is_stored(attempt, failures):
    attempt("hunter2")
    (failure,) = failures()
    assert "hunter2" not in str(failure)
    assert sha256(b"hunter2").hexdigest() not in str(failure)


@pytest.mark.database("sqlite", "postgresql")
def test_failures_that_no_longer_count_are_deleted_by_the_next(database, attempts, failures, age):
    def stored() -> int:
        with database.read_engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(FailedAttempt))

    attempts(1)
    age(601)
    old = {"kind": "password", "address": HOME, "at": get_utc_now() - timedelta(days=9)}
    with database.engine.begin() as connection:
        connection.execute(insert(FailedAttempt), [old] * 120)
    attempts(1)
    left = 4 + 120 - 100  # two failures are a row of their address and one of its network each
    assert stored() == left, "a hundred at a time, so that nobody waits for long"
    attempts(1)
    assert (stored(), len(failures())) == (4, 2)
