"""Why a protected path refuses: each reason in its own words, and the first where several hold."""

import pytest

from shoptrack.testing import SECRET_KEY

pytestmark = pytest.mark.database("sqlite")

NOT_PROVIDED = {"detail": "Authentication credentials were not provided."}
BAD_HEADER = {
    "detail": "Authorization header must contain two space-delimited values",
    "code": "bad_authorization_header",
}
NOT_FOUND = {"detail": "User not found", "code": "user_not_found"}
INACTIVE = {"detail": "User is inactive", "code": "user_inactive"}
CHANGED = {"detail": "The user's password has been changed.", "code": "password_changed"}


def not_valid(message: str) -> dict:
    return {
        "detail": "Given token not valid for any token type",
        "code": "token_not_valid",
        "messages": [
            {"token_class": "AccessToken", "token_type": "access", "message": message},
        ],
    }


@pytest.fixture
def refusal(client):
    """Return a function that returns the body with which a token, or a whole header, is refused."""

    def refusal(token=None, *, header=None) -> dict:
        headers = {"Authorization": f"Bearer {token}" if token else header}
        answer = client.get("/api/auth/user/", headers=headers, status=401)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
        assert answer.content_type == "application/json"
        return answer.json

    return refusal


@pytest.mark.parametrize(
    "path", ["/api/auth/user/", "/api/products/", "/api/products/1/", "/api/shopping-records/"]
)
def test_without_a_header_nothing_was_provided(client, path):
    answer = client.get(path, status=401)
    assert answer.json == NOT_PROVIDED
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("header", ["", " ", "Basic a2VuOng=", "JWT x", "Bearerx y", "Token a b c"])
def test_another_scheme_provides_nothing(refusal, header):
    assert refusal(header=header) == NOT_PROVIDED


@pytest.mark.parametrize("header", ["Bearer", "bearer ", "Bearer a b", "Bearer a b c d"])
def test_the_header_has_two_parts(refusal, header):
    assert refusal(header=header) == BAD_HEADER


@pytest.mark.parametrize(
    "header", ["Bearer x", "Bearer a.b.c", "Bearer \xff", "Bearer ..", "Bearer null"]
)
def test_what_is_no_token_is_invalid(refusal, header):
    assert refusal(header=header) == not_valid("Token is invalid")


def test_an_expired_token_says_so(refusal, forge):
    assert refusal(forge(exp=1)) == not_valid("Token is expired")


def test_a_refresh_token_has_the_wrong_type(refusal, signed_in):
    assert refusal(signed_in.refresh) == not_valid("Token has wrong type")


def test_a_user_who_is_gone_is_not_found(refusal, signed_in, delete_user):
    delete_user()
    assert refusal(signed_in.access) == NOT_FOUND


def test_a_user_who_never_was_is_not_found(refusal, forge):
    assert refusal(forge(user_id="999999")) == NOT_FOUND


def test_an_inactive_user_is_told_so(refusal, signed_in, change_user):
    change_user(is_active=False)
    assert refusal(signed_in.access) == INACTIVE


def test_after_a_change_of_the_password_one_is_told_so(refusal, signed_in, change_user):
    change_user(password_version=2)
    assert refusal(signed_in.access) == CHANGED


def test_a_sign_in_that_was_ended_is_blacklisted(refusal, client, signed_in):
    client.post_json("/api/auth/logout/", {}, headers=signed_in.auth_headers)
    assert refusal(signed_in.access) == not_valid("Token is blacklisted")


def test_a_sign_in_that_is_no_longer_stored_is_blacklisted_too(refusal, forge):
    assert refusal(forge(sid="999999")) == not_valid("Token is blacklisted")


def test_a_sign_in_belongs_to_one_user(refusal, forge, make_user):
    assert refusal(forge(user_id=str(make_user("another").id))) == not_valid("Token is blacklisted")


FAULTS = [
    ("invalid", not_valid("Token is invalid")),
    ("expired", not_valid("Token is expired")),
    ("wrong type", not_valid("Token has wrong type")),
    ("user gone", NOT_FOUND),
    ("inactive", INACTIVE),
    ("password changed", CHANGED),
    ("ended", not_valid("Token is blacklisted")),
]


@pytest.mark.parametrize("first", range(len(FAULTS)), ids=[name for name, _ in FAULTS])
def test_where_several_hold_the_first_is_told(
    refusal, forge, client, signed_in, change_user, delete_user, first
):
    # A user who is gone can be nothing else, so that fault counts only where it comes first.
    faults = {name for name, _ in FAULTS[first:] if name != "user gone" or name == FAULTS[first][0]}
    token = forge(
        key=SECRET_KEY[::-1] if "invalid" in faults else SECRET_KEY,
        exp=1 if "expired" in faults else 2**33,
        token_type="refresh" if "wrong type" in faults else "access",
    )
    if "ended" in faults:
        client.post_json("/api/auth/logout/", {}, headers=signed_in.auth_headers)
    change_user(
        password_version=2 if "password changed" in faults else 1,
        is_active="inactive" not in faults,
    )
    if "user gone" in faults:
        delete_user()
    assert refusal(token) == FAULTS[first][1]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/products/999999/", b""),
        ("POST", "/api/products/", b"{"),
        ("POST", "/api/products/", b"<a/>"),
        ("DELETE", "/api/stores/1/", b""),
    ],
)
def test_a_caller_learns_nothing_else_before_signing_in(client, method, path, body):
    headers = {"Accept": "application/xml"}
    answer = client.request(path, method=method, body=body, headers=headers, status=401)
    assert answer.json == NOT_PROVIDED
