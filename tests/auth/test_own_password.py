"""One's own password: the old one is needed, this session goes on, all others end at once."""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from shoptrack.testing import Client, capture_statements
from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

PATH = "/api/auth/password/"
NEW = "another horse, another battery"
WRONG = ["This is not your current password."]


@pytest.fixture
def change(client):
    """Return a function that asks for another password."""

    def change(signed_in, old=PASSWORD, new=NEW, status=200, client=client):
        body = {"old_password": old, "new_password": new}
        return client.post_json(PATH, body, headers=signed_in.auth_headers, status=status)

    return change


@pytest.fixture
def sign_in_status(app):
    """Return a function that tells how a sign-in with a password is answered."""

    def sign_in_status(password):
        body = {"username": "ken", "password": password}
        return Client(app).post_json("/api/auth/token/", body, status="*").status_int

    return sign_in_status


def test_the_new_password_holds_and_the_old_one_does_not(change, signed_in, sign_in_status):
    assert change(signed_in).json == {"detail": "New password has been saved."}
    assert sign_in_status(NEW) == 200
    assert sign_in_status(PASSWORD) == 401


def test_the_longest_password_is_taken_as_the_old_and_as_the_new_one(change, make_user, sign_in):
    longest, other = "パ" * 1365 + "x", "ピ" * 1365 + "x"
    make_user("ken", longest)
    signed_in = sign_in("ken", longest)
    answer = change(signed_in, old=longest + "x", new=other + "x", status=400)
    assert answer.json == {
        "old_password": WRONG,
        "new_password": ["Ensure this field has no more than 4096 bytes."],
    }
    change(signed_in, old=longest, new=other)
    assert sign_in("ken", other)


@pytest.mark.database("sqlite", "postgresql")
def test_this_session_goes_on_and_the_others_end(change, client, signed_in, sign_in):
    other = sign_in()
    change(signed_in)
    client.get("/api/products/", headers=signed_in.auth_headers, status=200)
    body = {"refresh": signed_in.refresh}
    client.post_json("/api/auth/token/refresh/", body, status=200)
    answer = client.get("/api/products/", headers=other.auth_headers, status=401)
    assert answer.json == {
        "detail": "The user's password has been changed.",
        "code": "password_changed",
    }
    client.post_json("/api/auth/token/refresh/", {"refresh": other.refresh}, status=401)
    assert len(client.get("/api/auth/sessions/", headers=signed_in.auth_headers).json) == 1


def test_another_change_ends_what_began_since(change, client, signed_in, sign_in):
    change(signed_in)
    other = sign_in(password=NEW)
    change(signed_in, old=NEW, new=PASSWORD)
    client.get("/api/products/", headers=signed_in.auth_headers, status=200)
    client.get("/api/products/", headers=other.auth_headers, status=401)


def test_white_space_belongs_to_passwords(change, signed_in, sign_in_status):
    change(signed_in, new=f"  {NEW} ")
    assert sign_in_status(f"  {NEW} ") == 200
    assert sign_in_status(NEW) == 401


@pytest.mark.parametrize("old", ["wrong", f" {PASSWORD}", "x" * 5000])
def test_a_wrong_old_password(change, signed_in, old, sign_in_status):
    assert change(signed_in, old=old, status=400).json == {"old_password": WRONG}
    assert sign_in_status(PASSWORD) == 200


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("2468", ["too short", "too common", "entirely numeric"]),
        ("ken-ken-ken", []),
        ("ken@example", ["too similar to the email address"]),
        ("x" * 4097, ["no more than 4096 bytes"]),
        ("あ" * 1366, ["no more than 4096 bytes"]),
    ],
)
def test_all_that_is_wrong_with_the_new_one_is_said(change, signed_in, new, said):
    answer = change(signed_in, new=new, status=400 if said else 200)
    sentences = answer.json.get("new_password", [])
    assert len(sentences) == len(said)
    assert all(part in sentence for part, sentence in zip(said, sentences, strict=True))


def test_both_faults_are_said_at_once(change, signed_in):
    answer = change(signed_in, old="wrong", new="short", status=400)
    assert list(answer.json) == ["new_password", "old_password"]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {name: ["This field is required."] for name in ("old_password", "new_password")}),
        (
            {"old_password": None, "new_password": ""},
            {
                "old_password": ["This field may not be null."],
                "new_password": ["This field may not be blank."],
            },
        ),
        (
            {"old_password": True, "new_password": "a\0b"},
            {
                "old_password": ["Not a valid string."],
                "new_password": ["Null characters are not allowed."],
            },
        ),
    ],
)
def test_faulty_fields(client, signed_in, body, errors):
    assert client.post_json(PATH, body, headers=signed_in.auth_headers, status=400).json == errors


def test_it_is_told_once_and_without_a_password(change, signed_in, user, caplog):
    caplog.set_level(logging.INFO)
    change(signed_in)
    told = [r.getMessage() for r in caplog.records if r.name == "shoptrack_auth.events"]
    assert told == [f"Password changed: user {user.id} 'ken'"]
    assert NEW not in caplog.text


def test_a_form_will_do(client, signed_in, sign_in_status):
    body = {"old_password": PASSWORD, "new_password": NEW}
    client.post(PATH, body, headers=signed_in.auth_headers, status=200)
    assert sign_in_status(NEW) == 200


def test_who_is_not_signed_in_changes_nothing(client, user):
    body = {"old_password": PASSWORD, "new_password": NEW}
    client.post_json(PATH, body, status=401)


def test_whose_password_it_is_cannot_be_chosen(client, signed_in, make_user, sign_in_status):
    mary = make_user("mary", password=NEW)
    body = {
        "old_password": NEW,
        "new_password": "yet another horse",
        "user_id": mary.id,
        "username": "mary",
        "id": mary.id,
    }
    client.post_json(PATH, body, headers=signed_in.auth_headers, status=400)
    assert sign_in_status(PASSWORD) == 200


def test_wrong_old_passwords_are_counted_with_wrong_sign_ins(client_with, signed_in, change):
    client = client_with(shoptrack__failures_per_name="3")
    for _ in range(2):
        change(signed_in, old="wrong", status=400, client=client)
    body = {"username": "ken", "password": "wrong"}
    client.post_json("/api/auth/token/", body, status=401)
    answer = change(signed_in, status=429, client=client)
    assert int(answer.headers["Retry-After"]) > 0
    client.post_json("/api/auth/token/", body | {"password": PASSWORD}, status=429)


@pytest.mark.database("sqlite", "postgresql")
def test_of_two_changes_at_once_one_wins(app, change, sign_in, user, sign_in_status):
    passwords = [f"{NEW} {number}" for number in range(4)]
    sessions = [sign_in() for _ in passwords]
    together = Barrier(4)

    def one(number):
        together.wait()
        answer = change(sessions[number], new=passwords[number], status="*", client=Client(app))
        return answer.status_int

    with ThreadPoolExecutor(4) as threads:
        statuses = list(threads.map(one, range(4)))
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 400, 401}
    assert sign_in_status(passwords[statuses.index(200)]) == 200


@pytest.mark.database("sqlite", "postgresql")
def test_it_takes_eleven_statements(client, database, signed_in):
    body = {"old_password": PASSWORD, "new_password": NEW}
    with capture_statements(database) as made:
        client.post_json(PATH, body, headers=signed_in.auth_headers)
    # Whose the token is, the user, failures, failures again; then the user and the password,
    # links, the other sessions, this one, and the failures that are forgotten; the history's entry.
    assert len(made) == 11
