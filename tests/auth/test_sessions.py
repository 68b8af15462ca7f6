"""One sees where one is signed in, and ends it: a sign-in that was ended holds no more, at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from shoptrack.testing import Client, capture_statements
from shoptrack_auth import sessions as service
from shoptrack_auth.models import SessionKind, UserSession, get_utc_now
from shoptrack_auth.testing import PASSWORD

PATH = "/api/auth/sessions/"
PHONE = {"User-Agent": "Phone/1.0 (Küche)"}


@pytest.fixture
def listed(client):
    """Return a function that lists the sessions that somebody sees."""
    return lambda signed_in: client.get(PATH, headers=signed_in.auth_headers, status=200).json


@pytest.fixture
def browser(database, user):
    """Start a browser's sign-in."""
    with database.session() as db, db.begin():
        proof = service.VerifiedPassword(user.id, user.password_version)
        device = service.Device("192.0.2.7", "a browser")
        return service.create_session(db, proof, device, 3600, SessionKind.BROWSER, "0" * 64)


@pytest.fixture
def change(database):
    """Return a function that changes columns of a sign-in."""

    def change(id, **values):
        with database.engine.begin() as connection:
            connection.execute(update(UserSession).where(UserSession.id == id).values(values))

    return change


@pytest.fixture
def mary(make_user, sign_in):
    """Sign somebody else in."""
    make_user("mary")
    return sign_in("mary")


def holds(client, signed_in) -> bool:
    """Tell whether a sign-in holds; access token and refresh token must say the same."""
    access = client.get("/api/products/", headers=signed_in.auth_headers, status="*").status_int
    body = {"refresh": signed_in.refresh}
    refresh = client.post_json("/api/auth/token/refresh/", body, status="*").status_int
    assert access == refresh
    return access == 200


def test_a_session_is_shown_with_its_device_and_its_times(app, user):
    client = Client(app, extra_environ={"REMOTE_ADDR": "2001:db8::7"})
    before = get_utc_now().replace(microsecond=0)
    body = {"username": "ken", "password": PASSWORD}
    access = client.post_json("/api/auth/token/", body, headers=PHONE).json["access"]
    (session,) = client.get(PATH, headers={"Authorization": f"Bearer {access}"}).json
    assert list(session) == [
        "id",
        "kind",
        "device",
        "address",
        "created_at",
        "last_used_at",
        "expires_at",
        "current",
    ]
    assert session["kind"] == "token"
    assert session["address"] == "2001:db8::7"
    assert session["current"] is True
    assert f"{before:%Y-%m-%dT%H:%M:%SZ}" <= session["created_at"] == session["last_used_at"]
    assert session["expires_at"][:10] == f"{get_utc_now() + timedelta(days=1):%Y-%m-%d}"


def test_only_ones_own_are_shown_those_used_last_first(sign_in, signed_in, mary, browser, listed):
    second = sign_in()
    assert [s["id"] for s in listed(signed_in)] == [
        second.session_id,
        browser.id,
        signed_in.session_id,
    ]
    assert [s["current"] for s in listed(signed_in)] == [False, False, True]
    assert [s["kind"] for s in listed(signed_in)] == ["token", "browser", "token"]
    assert [s["id"] for s in listed(mary)] == [mary.session_id]


@pytest.mark.parametrize(
    "over",
    [
        {"ended_at": get_utc_now()},
        {"expires_at": get_utc_now() - timedelta(seconds=1)},
        {"password_version": 0},
        {"last_used_at": get_utc_now() - timedelta(hours=3)},
    ],
    ids=["ended", "expired", "before another password", "idle"],
)
def test_what_is_over_is_not_shown(signed_in, browser, listed, change, over):
    change(browser.id, **over)
    assert [session["id"] for session in listed(signed_in)] == [signed_in.session_id]


def test_tokens_that_are_not_used_for_a_while_go_on(signed_in, listed, change):
    change(signed_in.session_id, last_used_at=get_utc_now() - timedelta(hours=20))
    assert len(listed(signed_in)) == 1


@pytest.mark.database("sqlite")
def test_nothing_of_it_is_shown_to_who_is_not_signed_in(client):
    client.get(PATH, status=401)
    client.delete(PATH, status=401)
    client.delete(f"{PATH}1/", status=401)


@pytest.mark.database("sqlite")
def test_neither_key_nor_token_is_shown(client, signed_in, browser):
    answer = client.get(PATH, headers=signed_in.auth_headers)
    assert "digest" not in answer.text
    assert browser.key_digest not in answer.text


def test_one_is_ended_and_the_others_go_on(client, signed_in, sign_in):
    lost, kept = sign_in(), sign_in()
    answer = client.delete(f"{PATH}{lost.session_id}/", headers=signed_in.auth_headers, status=204)
    assert answer.body == b""
    assert [holds(client, each) for each in (signed_in, lost, kept)] == [True, False, True]
    client.delete(f"{PATH}{lost.session_id}/", headers=signed_in.auth_headers, status=404)


def test_this_one_can_be_ended_too(client, signed_in):
    client.delete(f"{PATH}{signed_in.session_id}/", headers=signed_in.auth_headers, status=204)
    assert not holds(client, signed_in)


def test_all_others_are_ended_and_this_one_goes_on(client, signed_in, sign_in, browser, mary):
    others = [sign_in(), sign_in()]
    client.delete(PATH, headers=signed_in.auth_headers, status=204)
    assert [holds(client, each) for each in (signed_in, *others, mary)] == [
        True,
        False,
        False,
        True,
    ]
    assert len(client.get(PATH, headers=signed_in.auth_headers).json) == 1
    client.delete(PATH, headers=signed_in.auth_headers, status=204)


def test_nobody_ends_somebody_elses(client, signed_in, mary):
    answer = client.delete(f"{PATH}{mary.session_id}/", headers=signed_in.auth_headers, status=404)
    assert answer.json == {"detail": "No Session matches the given query."}
    assert holds(client, mary)


def test_one_that_has_expired_is_not_ended_once_more(client, signed_in, sign_in, change):
    expired = sign_in()
    change(expired.session_id, expires_at=get_utc_now() - timedelta(seconds=1))
    answer = client.delete(
        f"{PATH}{expired.session_id}/", headers=signed_in.auth_headers, status=404
    )
    assert answer.json == {"detail": "No Session matches the given query."}


def test_an_id_that_no_session_has(client, signed_in):
    for id in ("0", "-1", "999999", "9" * 19, "9" * 30, "-" + "9" * 30):
        answer = client.delete(f"{PATH}{id}/", headers=signed_in.auth_headers, status=404)
        assert answer.json == {"detail": "No Session matches the given query."}


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("id", ["abc", "1.0", "%00", "%EF%BC%91", "1%2F..%2F2"])
def test_an_id_that_is_no_number(client, signed_in, id):
    client.delete(f"{PATH}{id}/", headers=signed_in.auth_headers, status=404)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(("path", "allowed"), [("", "GET, HEAD, DELETE"), ("1/", "DELETE")])
def test_other_methods(client, signed_in, path, allowed):
    answer = client.post_json(PATH + path, {}, headers=signed_in.auth_headers, status=405)
    assert set(answer.headers["Allow"].split(", ")) >= set(allowed.split(", ")) - {"HEAD"}


def test_statements_do_not_grow_with_the_number(client, database, signed_in, sign_in):
    for _ in range(3):
        sign_in()
    with capture_statements(database) as made:
        client.get(PATH, headers=signed_in.auth_headers)
    assert len(made) == 2, "whose the token is; the sessions"
    with capture_statements(database) as made:
        client.delete(PATH, headers=signed_in.auth_headers)
    # Where there is an administration, each session that ends has an entry in its history.
    assert sum("shoptrack_admin_history" not in statement for statement in made) == 2


def test_signing_in_deletes_some_that_have_expired(database, signed_in, sign_in, change, user):
    change(signed_in.session_id, expires_at=get_utc_now() - timedelta(seconds=1))
    ended = sign_in()
    change(ended.session_id, ended_at=get_utc_now())
    last = sign_in()
    with database.read_engine.connect() as connection:
        left = connection.scalars(select(UserSession.id).order_by(UserSession.id)).all()
    assert left == [ended.session_id, last.session_id], (
        "one that was ended explains its tokens until they expire"
    )


def test_few_are_deleted_at_a_time(database, signed_in):
    with database.session() as db, db.begin():
        for _ in range(5):
            row = db.get(UserSession, signed_in.session_id)
            assert row is not None
            db.add(
                UserSession(
                    user_id=row.user_id,
                    password_version=1,
                    created_at=row.created_at,
                    last_used_at=row.last_used_at,
                    expires_at=get_utc_now() - timedelta(days=1),
                )
            )
        db.flush()
        if not database.is_sqlite:  # the plan by which it once deleted more
            for join in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
                db.execute(text(f"SET LOCAL enable_{join} = off"))
        assert service.purge_sessions(db, 3) == 3
        assert service.purge_sessions(db, 3) == 2
        assert service.purge_sessions(db, 3) == 0
