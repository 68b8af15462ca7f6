"""What was added, changed and deleted since a cursor."""

import pytest

from shoptrack.history import record
from shoptrack.resources import Repository
from shoptrack.testing import capture_statements

URL = "/api/changes/"


def short(body):
    return [(one["resource"], one["id"], one["action"], one["fields"]) for one in body["changes"]]


def test_it_has_what_happened_since_the_cursor(api, read):
    api.post_json("/api/units/", {"name": "g"}, status=201)
    start = read()
    assert start["changes"] == []
    assert start["has_more"] is False
    id = api.post_json("/api/categories/", {"name": "Meet"}).json["id"]
    api.patch_json(f"/api/categories/{id}/", {"name": "Meat"})
    api.delete(f"/api/categories/{id}/")
    body = read(start["cursor"])
    assert short(body) == [
        ("categories", id, "added", []),
        ("categories", id, "changed", ["name"]),
        ("categories", id, "deleted", []),
    ]
    assert body["changes"][0].keys() == {"resource", "id", "action", "at", "fields", "cursor"}
    assert body["changes"][0]["at"].endswith("Z")
    assert body["cursor"] == body["changes"][-1]["cursor"]
    assert short(read(body["changes"][1]["cursor"])) == [("categories", id, "deleted", [])]
    assert read(body["cursor"]) == {"changes": [], "cursor": body["cursor"], "has_more": False}


def test_an_empty_database_has_a_cursor_too(api, read):
    start = read()["cursor"]
    id = api.post_json("/api/units/", {"name": "g"}).json["id"]
    assert short(read(start)) == [("units", id, "added", [])]


def test_pages_lead_to_each_other(api, read, settle):
    start = read(resource="units")["cursor"]
    names = [f"u{number}" for number in range(5)]
    api.post_json("/api/units/bulk/", [{"name": name} for name in names])
    settle()
    response = api.get(URL, {"since": start, "resource": "units", "limit": "2"})
    pages = [response.json["changes"]]
    while "Link" in response.headers:
        assert response.json["has_more"] is True
        link = response.headers["Link"]
        assert link.endswith('>; rel="next"')
        response = api.get(link[1 : link.index(">")])
        pages.append(response.json["changes"])
    assert response.json["has_more"] is False
    assert [len(page) for page in pages] == [2, 2, 1]
    ids = [change["id"] for page in pages for change in page]
    assert ids == [row["id"] for row in api.get("/api/units/").json]


def test_only_the_resources_that_are_asked_for(api, read):
    starts = {names: read(resource=names)["cursor"] for names in ("units", "stores,units")}
    unit = api.post_json("/api/units/", {"name": "g"}).json["id"]
    store = api.post_json("/api/stores/", {"name": "Life", "location": "Kyoto"}).json["id"]
    api.post_json("/api/categories/", {"name": "Meat"})
    assert short(read(starts["units"], resource="units")) == [("units", unit, "added", [])]
    both = [("units", unit, "added", []), ("stores", store, "added", [])]
    assert short(read(starts["stores,units"], resource="units,stores")) == both
    repeated = api.get(f"{URL}?since={starts['stores,units']}&resource=units&resource=stores")
    assert short(repeated.json) == both


def test_documents_are_those_of_now(api, read, make):
    product = make.product(name="Milk")
    start = read()["cursor"]
    api.patch_json(f"/api/products/{product.id}/", {"name": "Milc"})
    api.patch_json(f"/api/products/{product.id}/", {"name": "Milk 1 l"})
    gone = api.post_json("/api/stores/", {"name": "Life", "location": "Kyoto"}).json["id"]
    api.delete(f"/api/stores/{gone}/")
    changes = read(start, include="document")["changes"]
    now = api.get(f"/api/products/{product.id}/").json
    assert [one["document"] for one in changes] == [now, now, None, None]


def test_what_a_merge_moves_is_there(app, api, read, make, database):

    one, other = make.category(), make.category()
    product = make.product(category_id=other.id)
    start = read()["cursor"]
    with database.session() as db, db.begin():
        Repository.of(app.registry, "categories").merge(db, one.id, [other.id])
    assert short(read(start)) == [
        ("products", product.id, "changed", ["category"]),
        ("categories", other.id, "deleted", []),
    ]


def test_other_entries_are_no_changes_of_rows(read, database, make_user):
    start = read()["cursor"]
    make_user("mia")
    with database.session() as db, db.begin():
        record(db, "shared", path="units", row_id=1, label="g")
    assert read(start) == {"changes": [], "cursor": start, "has_more": False}


def test_304_while_nothing_is_new(api, read, settle):
    api.post_json("/api/units/", {"name": "g"})
    url = f"{URL}?resource=units&since={read(resource='units')['cursor']}"
    etag = api.get(url).headers["ETag"]
    assert api.get(url, headers={"If-None-Match": etag}, status=304).body == b""
    api.post_json("/api/stores/", {"name": "Life", "location": "Kyoto"}, status=201)
    api.get(url, headers={"If-None-Match": etag}, status=304)
    api.post_json("/api/units/", {"name": "ml"}, status=201)
    settle()
    assert len(api.get(url, headers={"If-None-Match": etag}, status=200).json["changes"]) == 1
    settle()
    start = api.get(URL)
    api.get(URL, headers={"If-None-Match": start.headers["ETag"]}, status=304)


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({"since": ""}, {"since"}),
        ({"since": "abc"}, {"since"}),
        ({"since": "キー"}, {"since"}),
        ({"since": "x" * 500}, {"since"}),
        ({"since": "WyJcdWQ4MDAiLCIxIiwiMSIsMSwxLDFd"}, {"since"}),  # a lone surrogate
        ({"since": "WyIxIiwiMSIsIjEiLDEsMTAwMDAwMDAwMDAwMDAwMDAwMDAsMV0"}, {"since"}),  # 10**19
        ({"since": "WyIxIiwiMSIsIjEiLDEsdHJ1ZSwxXQ"}, {"since"}),  # true
        ({"limit": "0"}, {"limit"}),
        ({"limit": "1001"}, {"limit"}),
        ({"include": "changes"}, {"include"}),
        ({"resource": "pears"}, {"resource"}),
        ({"resource": ""}, {"resource"}),
        ({"cursor": "1", "limit": "a"}, {"cursor", "limit"}),
    ],
)
def test_what_is_no_parameter_is_named(api, params, names):
    assert api.get(URL, params, status=400).json.keys() == names


def test_a_cursor_stays_with_its_resources(api, read):
    body = api.get(URL, {"since": read()["cursor"], "resource": "units"}, status=400).json
    assert "other resources" in body["since"][0]


def test_polling_takes_three_statements(api, read, database, make):
    """The user, the entries, and whether the cursor is good; the documents of each resource by one more."""
    start = read()["cursor"]
    for number in range(3):
        api.post_json("/api/units/bulk/", [{"name": f"{number}-{n}"} for n in range(30)])
        api.post_json("/api/categories/bulk/", [{"name": f"{number}-{n}"} for n in range(30)])
        newest = read(start)["cursor"]
        for params, count in (
            ({"since": newest}, 3),
            ({"since": start}, 3),
            ({"since": start, "include": "document"}, 5),
            ({}, 4),
        ):
            with capture_statements(database) as statements:
                api.get(URL, params)
            assert len(statements) == count, statements
