import pytest

pytestmark = pytest.mark.database("sqlite")

PATH = "/api/auth/token/verify/"


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_either_kind_of_token_holds(client, signed_in, kind):
    answer = client.post_json(PATH, {"token": getattr(signed_in, kind)}, status=200)
    assert answer.json == {}
    assert "WWW-Authenticate" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_forms_and_white_space_are_taken(client, signed_in):
    for content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        body = {"token": f" {signed_in.access}\n"}
        assert client.post(PATH, body, content_type=content_type).json == {}


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"exp": 1}, "Token is expired"),
        ({"token_type": "sliding"}, "Token is invalid"),
        ({"sid": "999999"}, "Token is blacklisted"),
        ({"user_id": "999999"}, "Token is invalid"),
    ],
    ids=str,
)
def test_a_refusal_says_why(client, forge, claims, sentence):
    answer = client.post_json(PATH, {"token": forge(**claims)}, status=401)
    assert answer.json == {"detail": sentence, "code": "token_not_valid"}
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert "Set-Cookie" not in answer.headers


def test_the_token_is_in_the_body_and_nowhere_else(client, signed_in):
    headers = {**signed_in.auth_headers, **signed_in.cookie}
    answer = client.post_json(f"{PATH}?token={signed_in.access}", {}, headers=headers, status=400)
    assert answer.json == {"token": ["This field is required."]}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"token": ["This field is required."]}),
        ({"token": ""}, {"token": ["This field may not be blank."]}),
        ({"token": " "}, {"token": ["This field may not be blank."]}),
        ({"token": None}, {"token": ["This field may not be null."]}),
        ({"token": True}, {"token": ["Not a valid string."]}),
        ({"token": ["x"]}, {"token": ["Not a valid string."]}),
        ({"token": "\0"}, {"token": ["Null characters are not allowed."]}),
        ({"token": "\udfff"}, {"token": ["Surrogate characters are not allowed: U+DFFF."]}),
        ([], {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}),
    ],
    ids=repr,
)
def test_faulty_bodies_are_refused(client, body, errors):
    assert client.post_json(PATH, body, status=400).json == errors


@pytest.mark.parametrize("path", ["token/verify/", "token/refresh/", "logout/"])
def test_it_is_a_post_like_the_others(client, path):
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = client.request(f"/api/auth/{path}", method=method, status=405)
        assert answer.json == {"detail": f'Method "{method}" not allowed.'}
        assert answer.headers["Allow"] == "POST"
