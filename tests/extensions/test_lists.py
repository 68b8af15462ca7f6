"""Fields of extensions in lists: filters, search, ordering and pages. Rows without values have the defaults."""

import re

import pytest

URL = "/api/shopping-records/"


@pytest.fixture
def records(record, make):
    """Add five records: two with a row in the table of notes, one of them with the default rate."""
    store = make.store(name="Seiyu")
    return [
        record(price=100)["id"],
        record(price=-200, tax_rate=10)["id"],
        record(price=300, note="Too Dear", seen_at_id=store.id)["id"],
        record(price=400, rating=5)["id"],
        record(price=500, note="cheap", tax_rate=0)["id"],
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tax_rate=8", [0, 2, 3]),
        ("tax_rate=10", [1]),
        ("tax_rate__gte=8", [0, 1, 2, 3]),
        ("tax_rate__lt=8", [4]),
        ("tax_rate__gt=8&price__lt=0", [1]),
        ("note=Too+Dear", [2]),
        ("note__icontains=DEAR", [2]),
        ("note__isnull=true", [0, 1, 3]),
        ("note__isnull=false", [2, 4]),
        ("seen_at_id__isnull=false", [2]),
        ("seen_at_id__isnull=true", [0, 1, 3, 4]),
        ("seen_at_name=Seiyu", [2]),
        ("rating=5", [3]),
        ("rating__isnull=true", [0, 1, 2, 4]),
        ("search=dear", [2]),
        ("search=seiyu", [2]),
        ("search=cheap+milk", []),
        ("is_refund=true", [1]),
        ("is_refund=false", [0, 2, 3, 4]),
    ],
)
def test_filters(api, records, query, expected):
    found = [one["id"] for one in api.get(f"{URL}?ordering=id&{query}").json]
    assert found == [records[n] for n in expected]
    response = api.get(f"{URL}?ordering=id&limit=2&{query}")
    assert response.headers["Total-Count"] == str(len(expected))
    assert [one["id"] for one in response.json] == found[:2]


def test_a_filter_by_ids_of_references(api, records):
    seen = api.get(f"{URL}{records[2]}/").json["seen_at"]["id"]
    for query in (f"seen_at_id={seen}", f"seen_at_id__in={seen},{seen + 1}"):
        assert [one["id"] for one in api.get(f"{URL}?{query}").json] == [records[2]]


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("tax_rate,id", [4, 0, 2, 3, 1]),
        ("-tax_rate,id", [1, 0, 2, 3, 4]),
        ("tax_rate,-price", [4, 3, 2, 0, 1]),
        ("-tax_rate,-id", [1, 3, 2, 0, 4]),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_ordering_and_cursors_both_ways(api, records, ordering, expected, limit):
    ids = [records[n] for n in expected]
    assert [one["id"] for one in api.get(f"{URL}?ordering={ordering}").json] == ids
    walked, url = [], f"{URL}?ordering={ordering}&limit={limit}"
    pages = []
    while url:
        response = api.get(url)
        pages.append([one["id"] for one in response.json])
        walked += pages[-1]
        previous, url = url, links(response).get("next")
    assert walked == ids
    back = links(api.get(previous)).get("prev")
    for page in reversed(pages[:-1]):
        response = api.get(back)
        assert [one["id"] for one in response.json] == page
        back = links(response).get("prev")


def links(response):
    """Return the addresses of the pages beside a response's, by relation."""
    header = response.headers.get("Link", "")
    return {rel: url for url, rel in re.findall(r'<http://localhost(.*?)>; rel="(\w+)"', header)}


def test_chosen_fields(api, records):
    assert api.get(f"{URL}?fields=tax_rate,price&ordering=id").json[1] == {
        "price": -200,
        "tax_rate": 10,
    }
    assert api.get(f"{URL}?fields=price&ordering=-tax_rate").json[0] == {"price": -200}


def test_a_long_list_is_streamed_with_them(api, make, app, monkeypatch):
    from shoptrack.resources import repository

    monkeypatch.setattr("shoptrack.rest.views.CHUNK_ROWS", 2)
    monkeypatch.setattr(repository, "CHUNK_ROWS", 2)
    names = [make.product(name=f"P{n}").id for n in range(5)]
    documents = api.get("/api/products/?ordering=id").json
    assert [one["id"] for one in documents] == names
    assert {one["purchases"] for one in documents} == {0}


def test_other_lists_are_not_filtered_by_them(api):
    response = api.get("/api/shopping-records/?product_purchases=1", status=400)
    assert "product_purchases" in response.json
