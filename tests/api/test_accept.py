"""What a client accepts: everything is answered as JSON or, where that is not accepted, with 406."""

import pytest

pytestmark = pytest.mark.database("sqlite")

REFUSED = {"detail": "Could not satisfy the request Accept header."}


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "application/json, text/plain, */*",
        "text/html, */*;q=0.1",
        "application/*",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "application/json; indent=4, text/html",
        "text/html, application/json;q=0.5",
        "",
        "nonsense",
        "application/json;;",
        None,
    ],
)
def test_json_is_accepted(api, accept):
    headers = {} if accept is None else {"Accept": accept}
    assert api.get("/api/units/", headers=headers, status=200).content_type == "application/json"


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "application/xml, text/*",
        "application/json;q=0",
        "application/json;q=0, */*",
        "application/*;q=0, */*",
        "*/*;q=0.0",
        "application/problem+json",
    ],
)
def test_json_is_not_accepted(api, make, accept):
    unit = make.unit()
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        address = "/api/units/" if method == "POST" else f"/api/units/{unit.id}/"
        answer = api.request(address, method=method, headers={"Accept": accept}, status=406)
        assert answer.json == REFUSED
        assert answer.content_type == "application/json"
    assert [row["id"] for row in api.get("/api/units/").json] == [unit.id]


@pytest.mark.parametrize("address", ["/api/", "/api/categories/", "/api/shopping-records/"])
def test_every_address_negotiates(api, address):
    assert api.get(address, headers={"Accept": "image/png"}, status=406).json == REFUSED
