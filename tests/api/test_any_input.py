"""Whatever is sent, the answer is one of the contract's: never a 5xx."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.database("sqlite")

JSON = "application/json"
TYPES = [
    JSON,
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
]
FIELDS = ["name", "location", "price", "quantity", "purchase_date", "store", "product", "id"] + [
    f"{name}_id" for name in ("category", "unit", "manufacturer", "origin", "store", "product")
]
PART = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n'

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.sampled_from(["1", "2025-01-01", "1e5", "９", "-0", "1" * 30, "0" * 1000])
)
values = leaves | st.lists(leaves, max_size=2) | st.dictionaries(st.text(), leaves, max_size=2)
bodies = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=3), values, max_size=8)


@pytest.fixture
def send(api):
    """Return a function that sends a request and fails at any answer that is no 2xx, 3xx or 4xx."""

    def send(method, address, body=b"", content_type=JSON):
        answer = api.request(
            address,
            method=method,
            body=body,
            headers={"Content-Type": content_type},
            expect_errors=True,
        )
        assert answer.status_int < 500
        return answer

    return send


@pytest.mark.database("sqlite", "postgresql")
@pytest.mark.parametrize("path", ["units", "products", "shopping-records"], indirect=True)
@given(body=bodies)
def test_any_members(send, item, url, body):
    sent = json.dumps(body).encode()
    for method, address in (("POST", url), ("PUT", item), ("PATCH", item)):
        answer = send(method, address, sent)
        assert answer.status_int in (200, 201, 400)
        if answer.status_int == 400:
            assert set(answer.json) - {"detail"} <= set(FIELDS)


@given(body=st.binary(), content_type=st.sampled_from(TYPES))
def test_any_bytes(send, body, content_type):
    assert send("POST", "/api/stores/", body, content_type).status_int == 400


@given(value=st.binary(), more=st.binary())
def test_any_part_of_a_form(send, value, more):
    send("POST", "/api/stores/", PART + value + b"\r\n--x" + more, TYPES[2])
    send("POST", "/api/stores/", b"name=" + value + b"&location=" + more, TYPES[1])


@given(content_type=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n")))
def test_any_content_type(send, content_type):
    assert send("POST", "/api/stores/", b"x", content_type).status_int in (400, 415)
    content_type = f"multipart/form-data; boundary{content_type}"
    assert send("POST", "/api/stores/", b"x", content_type).status_int == 400


@given(accept=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n")))
def test_any_accept_header(api, accept):
    answer = api.get("/api/units/", headers={"Accept": accept}, expect_errors=True)
    assert answer.status_int in (200, 406)


@given(id=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_path(send, make, id):
    address = f"/api/units/{quote(id, safe='')}/"
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert send(method, address).status_int in (404, 405)


@given(
    query=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.text(max_size=3))
)
def test_any_query(api, query):
    address = "&".join(f"{quote(name)}={quote(value)}" for name, value in query.items())
    answer = api.get(f"/api/units/?{address}", expect_errors=True)
    assert answer.status_int == (400 if query else 200)
