import pytest
from sqlalchemy import select

from shoptrack_auth.models import User, UserSession, get_utc_now
from shoptrack_auth.testing import PASSWORD

PATH = "/api/auth/token/"
RIGHT = {"username": "ken", "password": PASSWORD}
REFUSED = {"detail": "No active account found with the given credentials"}


def test_the_right_password_is_answered_with_two_tokens(client, user):
    answer = client.post_json(PATH, RIGHT, status=200)
    assert list(answer.json) == ["refresh", "access"]
    assert answer.content_type == "application/json"
    assert "WWW-Authenticate" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    client.get("/api/auth/user/", headers={"Authorization": f"Bearer {answer.json['access']}"})


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    "body",
    [
        {"username": "ken", "password": "wrong"},
        {"username": "nobody", "password": PASSWORD},
        {"username": "ken", "password": PASSWORD.upper()},
        {"username": "ken", "password": 12345},
        {"username": 12345, "password": PASSWORD},
        {"username": "ken", "password": "x" * 5000},
        {"username": "k" * 15_000, "password": PASSWORD},
        {"username": "\ufdfa" * 2_500, "password": PASSWORD},
    ],
    ids=lambda body: repr(body)[:60],
)
def test_wrong_credentials_are_refused_in_one_sentence(client, user, body):
    answer = client.post_json(PATH, body, status=401)
    assert answer.json == REFUSED
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert "Set-Cookie" not in answer.headers


@pytest.mark.database("sqlite")
def test_an_inactive_user_is_refused_in_the_same_sentence(client, make_user):
    make_user(is_active=False)
    assert client.post_json(PATH, RIGHT, status=401).json == REFUSED


@pytest.mark.database("sqlite")
def test_who_does_not_take_json_is_refused(client, user, sign_ins):
    answer = client.post_json(PATH, RIGHT, headers={"Accept": "application/xml"}, status=406)
    assert answer.json == {"detail": "Could not satisfy the request Accept header."}
    assert "Set-Cookie" not in answer.headers
    assert sign_ins() == 0


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_signing_in_is_a_post(client, method):
    answer = client.request(PATH, method=method, status=405)
    assert answer.json == {"detail": f'Method "{method}" not allowed.'}
    assert answer.headers["Allow"] == "POST"


def test_unknown_names_in_the_body_change_nothing(client, user, database):
    client.post_json(PATH, {**RIGHT, "is_superuser": True, "is_staff": True, "id": 99})
    with database.session() as db:
        assert not db.get(User, user.id).is_superuser


def test_a_sign_in_is_recorded(client, user, database):
    before = get_utc_now()
    headers = {"User-Agent": "Firefox on Linux"}
    client.post_json(PATH, RIGHT, headers=headers, extra_environ={"REMOTE_ADDR": "2001:db8::7"})
    with database.session() as db:
        recorded = db.scalars(select(UserSession)).one()
        assert recorded.user_id == user.id
        assert (recorded.address, recorded.device) == ("2001:db8::7", "Firefox on Linux")
        assert before <= recorded.created_at == recorded.last_used_at <= get_utc_now()
        assert (recorded.expires_at - recorded.created_at).total_seconds() == 86_400
        assert recorded.ended_at is None
        assert db.get(User, user.id).last_login_at == recorded.created_at


@pytest.mark.parametrize("sent", ["x" * 1000, "nul\0l", "ÿ", ""])
def test_whatever_a_browser_calls_itself_does_not_keep_anybody_out(client, user, sent):
    client.post_json(PATH, RIGHT, extra_environ={"HTTP_USER_AGENT": sent}, status=200)


def test_refusals_are_not_recorded(client, user, sign_ins):
    client.post_json(PATH, {**RIGHT, "password": "wrong"}, status=401)
    assert sign_ins() == 0
