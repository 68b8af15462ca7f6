"""Which bodies are taken to sign in, and what is said of the others."""

import pytest

from shoptrack_auth.testing import PASSWORD

pytestmark = pytest.mark.database("sqlite")

PATH = "/api/auth/token/"
RIGHT = {"username": "ken", "password": PASSWORD}
REQUIRED, BLANK, NULL, NOT_TEXT = (
    ["This field is required."],
    ["This field may not be blank."],
    ["This field may not be null."],
    ["Not a valid string."],
)


def test_forms_are_taken_too(client, user):
    assert list(client.post(PATH, RIGHT).json) == ["refresh", "access"]
    answer = client.post(PATH, RIGHT, content_type="multipart/form-data")
    assert list(answer.json) == ["refresh", "access"]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"username": REQUIRED, "password": REQUIRED}),
        ({"username": "ken"}, {"password": REQUIRED}),
        ({"password": "x"}, {"username": REQUIRED}),
        ({"username": "", "password": ""}, {"username": BLANK, "password": BLANK}),
        ({"username": " \t", "password": "x"}, {"username": BLANK}),
        ({"username": None, "password": None}, {"username": NULL, "password": NULL}),
        ({"username": True, "password": False}, {"username": NOT_TEXT, "password": NOT_TEXT}),
        ({"username": ["ken"], "password": {}}, {"username": NOT_TEXT, "password": NOT_TEXT}),
        (
            {"username": "k\0n", "password": "p\0"},
            {"username": ["Null characters are not allowed."]}
            | {"password": ["Null characters are not allowed."]},
        ),
        (
            {"username": "k\ud800", "password": "p"},
            {"username": ["Surrogate characters are not allowed: U+D800."]},
        ),
    ],
    ids=repr,
)
def test_faulty_fields_are_named_all_at_once(client, user, body, errors):
    answer = client.post_json(PATH, body, status=400)
    assert answer.json == errors
    assert "WWW-Authenticate" not in answer.headers
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_no_body_at_all_is_an_empty_one(client, content_type):
    answer = client.post(PATH, b"", headers={"Content-Type": content_type}, status=400)
    assert answer.json == {"username": REQUIRED, "password": REQUIRED}


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"[]", {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}),
        (b'"ken"', {"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}),
        (b"1", {"non_field_errors": ["Invalid data. Expected a dictionary, but got int."]}),
        (b"null", {"non_field_errors": ["No data provided"]}),
    ],
)
def test_a_body_that_is_no_object_is_refused(client, body, answer):
    assert client.post(PATH, body, content_type="application/json", status=400).json == answer


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b'{"username": NaN}', b"[" * 10_000, b'{"a": 1' + b"0" * 10**4 + b"}"],
    ids=["cut off", "no UTF-8", "NaN", "nested", "endless"],
)
def test_json_that_cannot_be_read_is_refused(client, body):
    answer = client.post(PATH, body, content_type="application/json", status=400)
    assert answer.json["detail"].startswith("JSON parse error - ")


def test_other_kinds_of_bodies_are_refused(client):
    answer = client.post(PATH, b"<a/>", content_type="application/xml", status=415)
    assert answer.json == {"detail": 'Unsupported media type "application/xml" in request.'}


@pytest.mark.parametrize("path", ["token/", "token/refresh/", "token/verify/", "logout/"])
def test_open_endpoints_take_16_kib(client, path):
    for length, is_taken in ((16_384, True), (16_385, False)):
        answer = client.post(
            f"/api/auth/{path}", b" " * length, content_type="application/json", expect_errors=True
        )
        assert (answer.status_int != 413) is is_taken


def test_one_that_needs_a_sign_in_takes_more(client):
    body = b" " * 100_000
    client.post("/api/auth/password/", body, content_type="application/json", status=401)
