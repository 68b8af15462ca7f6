"""The cookie's attributes, and the three ways in which the refresh token travels."""

import pytest

from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

TOKEN, REFRESH, LOGOUT = "/api/auth/token/", "/api/auth/token/refresh/", "/api/auth/logout/"
RIGHT = {"username": "ken", "password": PASSWORD}
ATTRIBUTES = {"httponly": "", "path": "/api/auth/", "samesite": "Lax"}
DELETED = {"max-age": "0", "expires": "Wed, 31-Dec-97 23:59:59 GMT"}


def cookie_set(answer) -> tuple[str, dict[str, str]]:
    """Return the value of the one cookie that is set, and its attributes in small letters."""
    (header,) = answer.headers.getall("Set-Cookie")
    first, *rest = header.split("; ")
    name, _, value = first.partition("=")
    assert name == "refresh_token"
    attributes = [part.partition("=") for part in rest]
    return value, {name.lower(): value for name, _, value in attributes}


@pytest.mark.parametrize(("debug", "secure"), [("false", {"secure": ""}), ("true", {})])
def test_its_attributes_are_the_same_when_it_is_set_and_deleted(user, client_with, debug, secure):
    client = client_with(shoptrack__debug=debug)
    answer = client.post_json(TOKEN, RIGHT)
    assert cookie_set(answer) == (answer.json["refresh"], ATTRIBUTES | secure)
    refused = client.post_json(REFRESH, {"refresh": "x"}, status=401)
    assert cookie_set(refused) == ("", ATTRIBUTES | secure | DELETED)
    signed_out = client.post_json(LOGOUT, {})
    assert cookie_set(signed_out) == ("", ATTRIBUTES | secure | DELETED)


def test_a_browser_goes_through_a_day_with_it(user, client_with):
    browser = client_with(shoptrack__debug="true")
    browser.post_json(TOKEN, RIGHT)
    access = browser.post_json(REFRESH, {}).json["access"]
    browser.get("/api/auth/user/", headers={"Authorization": f"Bearer {access}"})
    browser.post_json(LOGOUT, {})
    assert browser.cookies == {}
    answer = browser.post_json(REFRESH, {}, status=401)
    assert answer.json == {"detail": "Refresh token not found in cookie."}


def test_a_cookie_that_was_kept_is_dead_after_signing_out(client, signed_in):
    client.post_json(LOGOUT, {}, headers=signed_in.cookie)
    answer = client.post_json(REFRESH, {}, headers=signed_in.cookie, status=401)
    assert answer.json == {"detail": "Token is blacklisted", "code": "token_not_valid"}


def test_in_the_body_there_are_no_cookies(user, signed_in, client_with, sign_ins):
    client = client_with(shoptrack__refresh_transport="body")
    answers = [
        client.post_json(TOKEN, RIGHT),
        client.post_json(REFRESH, {"refresh": signed_in.refresh}),
        client.post_json(REFRESH, {"refresh": "x"}, status=401),
        client.post_json(REFRESH, {}, headers=signed_in.cookie, status=401),
        client.post_json(LOGOUT, {}, headers=signed_in.cookie),
    ]
    assert list(answers[0].json) == ["refresh", "access"]
    assert answers[3].json == {"detail": "Refresh token not found in cookie."}
    assert not any("Set-Cookie" in answer.headers for answer in answers)
    assert sign_ins() == 2


def test_in_the_cookie_no_page_can_read_it(user, signed_in, client_with):
    client = client_with(shoptrack__refresh_transport="cookie")
    answer = client.post_json(TOKEN, RIGHT)
    assert list(answer.json) == ["access"]
    assert cookie_set(answer)[0].count(".") == 2
    client.post_json(REFRESH, {}, headers=signed_in.cookie, status=200)


def test_in_the_cookie_the_body_is_no_way_to_refresh(user, sign_in, client_with):
    client = client_with(shoptrack__refresh_transport="cookie")
    one, other = sign_in(), sign_in()
    answer = client.post_json(REFRESH, {"refresh": one.refresh}, status=401)
    assert answer.json == {"detail": "Refresh token not found in cookie."}
    client.post_json(LOGOUT, {}, headers=one.cookie)
    client.post_json(REFRESH, {"refresh": one.refresh}, headers=other.cookie, status=200)


@pytest.mark.parametrize("transport", ["both", "body", "cookie"])
def test_signing_out_ends_what_the_body_names_in_any_case(
    user, signed_in, client_with, sign_ins, transport
):
    client = client_with(shoptrack__refresh_transport=transport)
    client.post_json(LOGOUT, {"refresh": signed_in.refresh})
    assert sign_ins() == 0


@pytest.mark.parametrize("header", ["refresh_token=x; refresh_token=", 'refresh_token="', "=;;"])
def test_cookies_in_disorder_are_no_server_error(client, header):
    client.post_json(REFRESH, {}, headers={"Cookie": header}, status=401)
    client.post_json(LOGOUT, {}, headers={"Cookie": header}, status=200)
