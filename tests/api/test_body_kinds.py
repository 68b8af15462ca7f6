"""Bodies come as JSON and as both kinds of forms; no body is an empty one."""

import pytest

pytestmark = pytest.mark.database("sqlite")

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def test_json_form_and_multipart_say_the_same(api, url, body, path):
    unique = path not in ("stores", "products", "shopping-records")
    answers = []
    for send in (
        lambda: api.post_json(url, body, status=201),
        lambda: api.post(url, body, content_type=FORM, status=201),
        lambda: api.post(url, body, content_type=MULTIPART, status=201),
    ):
        document = send().json
        if unique:
            api.delete(f"{url}{document['id']}/")
        answers.append({**document, "id": None})
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("content_type", [FORM, MULTIPART])
@pytest.mark.parametrize("method", ["put", "patch"])
def test_forms_replace_and_change(api, make, method, content_type):
    store = f"/api/stores/{make.store().id}/"
    sent = {"name": "ライフ", "location": "京都 & 100%+"}
    answer = getattr(api, method)(store, sent, content_type=content_type, status=200)
    assert answer.json.items() >= sent.items()


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/JSON",
        "application/json ; version=1",
        ' application/json; a="b;c"',
    ],
)
def test_the_type_is_read_whatever_its_case_and_parameters(api, content_type):
    answer = api.post("/api/units/", '{"name": "個"}', content_type=content_type, status=201)
    assert answer.json["name"] == "個"


@pytest.mark.parametrize("content_type", [JSON, FORM, MULTIPART, "text/xml", "nonsense", "", None])
def test_no_body_is_an_empty_one_whatever_its_type(api, make, content_type):
    headers = {} if content_type is None else {"Content-Type": content_type}
    answer = api.request("/api/units/", method="POST", headers=headers, status=400)
    assert answer.json == {"name": ["This field is required."]}
    item = f"/api/units/{make.unit(name='g').id}/"
    assert api.request(item, method="PATCH", headers=headers, status=200).json["name"] == "g"


@pytest.mark.parametrize(
    "content_type",
    [
        "application/xml",
        "text/plain; charset=utf-8",
        "application/jsonp",
        "json",
        "",
        "application/json, text/plain",
        "multipart/mixed; boundary=x",
        'a"b\\c',
    ],
)
def test_other_types_are_answered_415(api, make, content_type):
    item = f"/api/units/{make.unit().id}/"
    for method, address in (("POST", "/api/units/"), ("PUT", item), ("PATCH", item)):
        answer = api.request(
            address,
            method=method,
            body=b'{"name": "g"}',
            headers={"Content-Type": content_type},
            status=415,
        )
        assert answer.json == {"detail": f'Unsupported media type "{content_type}" in request.'}
        assert answer.content_type == JSON


def test_nothing_is_said_of_the_kind_of_a_body_that_is_too_long(api):
    body = b"x" * 3_000_000
    for kind in ("text/plain", JSON, FORM, MULTIPART):
        api.request(
            "/api/units/", method="POST", body=body, headers={"Content-Type": kind}, status=413
        )
