"""Order, pages by cursor and by offset, counts."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from shoptrack.records.models import ShoppingRecord
from shoptrack.resources.ordering import MAX_CURSOR_LENGTH

RECORDS = "/api/shopping-records/"


def links(answer) -> dict[str, str]:
    """Return the addresses of the Link header, by relation."""
    found = re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers.get("Link", ""))
    return {relation: address for address, relation in found}


def ids(answer) -> list[int]:
    return [row["id"] for row in answer.json]


@pytest.fixture
def records(make, database):
    """Make 25 records, with days and prices that repeat; return their ids in the default order."""
    product, store = make.product().id, make.store().id
    for number in range(25):
        make.record(
            product_id=product,
            store_id=store,
            price=number % 4,
            purchase_date=date(2025, 1, 1) + timedelta(days=(number * 7) % 5),
        )
    order = select(ShoppingRecord.id).order_by(ShoppingRecord.purchase_date, ShoppingRecord.id)
    with database.read_engine.connect() as connection:
        return list(connection.scalars(order))


def test_a_page_tells_the_total_and_the_next(api, records):
    answer = api.get(f"{RECORDS}?limit=10")
    assert ids(answer) == records[:10]
    assert answer.headers["Total-Count"] == "25"
    assert list(links(answer)) == ["next"]


def test_names_that_are_sent_twice_stay_in_the_links(api, records):
    first = api.get(f"{RECORDS}?ordering=price&ordering=-purchase_date&limit=20")
    rest = api.get(links(first)["next"])
    whole = api.get(f"{RECORDS}?ordering=price,-purchase_date")
    assert ids(first) + ids(rest) == ids(whole)


def walk(api, address: str, relation: str) -> list[list[int]]:
    pages = []
    while address:
        answer = api.get(address)
        pages.append(ids(answer))
        address = links(answer).get(relation, "")
    return pages


@pytest.mark.parametrize("paging", ["limit=10", "limit=10&offset=0"])
def test_pages_forwards_are_the_whole_list_without_gaps(api, records, paging):
    assert walk(api, f"{RECORDS}?{paging}", "next") == [records[:10], records[10:20], records[20:]]


@pytest.mark.parametrize("paging", ["limit=10", "limit=10&offset=0"])
def test_pages_backwards_are_those_that_were_passed(api, records, paging):
    second = links(api.get(f"{RECORDS}?{paging}"))["next"]
    last = links(api.get(second))["next"]
    assert walk(api, last, "prev") == [records[20:], records[10:20], records[:10]]


def test_a_page_near_the_start_has_a_previous_one_from_the_first_row(api, records):
    previous = links(api.get(f"{RECORDS}?limit=10&offset=5"))["prev"]
    assert ids(api.get(previous)) == records[:10]


@pytest.mark.parametrize(
    "ordering",
    [
        "price",
        "-price",
        "-purchase_date,-id",
        "price,-purchase_date",
        "-price,purchase_date,-id",
        "quantity",
    ],
)
def test_every_order_pages_alike_by_cursor_and_by_offset(api, records, ordering):
    whole = ids(api.get(f"{RECORDS}?ordering={ordering}"))
    assert sorted(whole) == sorted(records)
    for paging in ("limit=4", "limit=4&offset=0"):
        pages = walk(api, f"{RECORDS}?ordering={ordering}&{paging}", "next")
        assert [id for page in pages for id in page] == whole
    reversed_pages = walk(
        api, links(api.get(f"{RECORDS}?ordering={ordering}&limit=24"))["next"], "prev"
    )
    assert reversed_pages == [whole[24:], whole[:24]]


def test_the_id_is_the_last_key_of_every_order(api, records):
    rows = api.get(f"{RECORDS}?ordering=-price").json
    keys = [(-row["price"], row["id"]) for row in rows]
    assert keys == sorted(keys)


def test_rows_that_are_added_or_deleted_meanwhile_move_no_page(api, records, make):
    first = api.get(f"{RECORDS}?limit=10")
    api.delete(f"{RECORDS}{records[0]}/")
    make.record(purchase_date=date(2024, 1, 1))
    assert ids(api.get(links(first)["next"])) == records[10:20]


def test_links_keep_filters_and_order(api, records):
    address = f"{RECORDS}?price__lt=2&ordering=-id&limit=5&fields=id,price"
    pages = walk(api, address, "next")
    assert [id for page in pages for id in page] == sorted(
        (row["id"] for row in api.get(RECORDS).json if row["price"] < 2), reverse=True
    )
    assert "Total-Count" in api.get(address).headers


def test_the_total_counts_what_the_filters_leave(api, records):
    assert api.get(f"{RECORDS}?price=0&limit=1").headers["Total-Count"] == "7"


def test_an_empty_page_tells_the_total_too(api, records):
    assert api.get(f"{RECORDS}?limit=5&offset=100").headers["Total-Count"] == "25"
    assert api.get(f"{RECORDS}?limit=5&offset=100&price=0").headers["Total-Count"] == "7"
    assert api.get(f"{RECORDS}?limit=5&price=-1").headers["Total-Count"] == "0"
    assert api.get(f"{RECORDS}?limit=5&offset=100&price=-1").headers["Total-Count"] == "0"


def test_the_total_can_be_left_out(api, records):
    assert "Total-Count" not in api.get(f"{RECORDS}?limit=1&count=false").headers


def test_a_whole_list_has_neither_total_nor_links(api, records):
    answer = api.get(RECORDS)
    assert "Total-Count" not in answer.headers
    assert "Link" not in answer.headers


def test_a_page_beyond_the_end_is_empty(api, records):
    answer = api.get(f"{RECORDS}?limit=10&offset=100")
    assert answer.json == []
    assert answer.headers["Total-Count"] == "25"
    assert ids(api.get(links(answer)["prev"])) == []


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("change", ["ordering=price", "price=1", "search=x"])
def test_a_cursor_of_another_list_is_refused(api, records, change):
    cursor = links(api.get(f"{RECORDS}?limit=5"))["next"].split("cursor=")[1]
    answer = api.get(f"{RECORDS}?limit=5&cursor={cursor}&{change}", status=400)
    assert "This cursor belongs to another query." in answer.json["cursor"][0]


def open_cursor(answer) -> str:
    """Return the text inside the cursor to the next page."""
    cursor = links(answer)["next"].split("cursor=")[1]
    return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()


def make_cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_cursor_with_other_values_is_no_failure(api, records):
    text = open_cursor(api.get(f"{RECORDS}?limit=5"))
    for wrong in ("null", "[]", '"x"', "1e999", "9" * 30, '"0000-00-00"', "{}"):
        changed = re.sub(r'"20\d\d-\d\d-\d\d"', wrong, text)
        assert changed != text
        api.get(f"{RECORDS}?limit=5&cursor={make_cursor(changed)}", status=400)
    beyond = re.sub(r",\d+\]\]$", f",{2**62}]]", text)
    assert beyond != text
    api.get(f"{RECORDS}?limit=5&cursor={make_cursor(beyond)}", status=200)


@pytest.mark.parametrize(
    ("characters", "status"), [(MAX_CURSOR_LENGTH, 200), (MAX_CURSOR_LENGTH + 2, 400)]
)
def test_a_cursor_is_at_most_as_long_as_it_may_be(api, records, characters, status):
    text = open_cursor(api.get(f"{RECORDS}?limit=5"))
    cursor = make_cursor(text.ljust(characters * 3 // 4))
    assert len(cursor) == characters
    response = api.get(f"{RECORDS}?limit=5&cursor={cursor}", status=status)
    if status == 400:
        assert "Invalid cursor." in response.json["cursor"][0]


def test_a_cursor_holds_no_null_character(api, make):
    for name in ("a", "b"):
        make.category(name=name)
    address = "/api/categories/?ordering=name&limit=1"
    text = open_cursor(api.get(address))
    changed = text.replace('"a"', r'"a\u0000"')
    assert changed != text
    response = api.get(f"{address}&cursor={make_cursor(changed)}", status=400)
    assert "Invalid cursor." in response.json["cursor"][0]


def test_names_are_ordered_by_their_folded_form(api, make):
    for name in ("b", "Ｃ", "A", "ｱ", "い", "ウ", "a2"):
        make.category(name=name)
    ordered = [row["name"] for row in api.get("/api/categories/?ordering=name").json]
    assert ordered == ["A", "a2", "b", "Ｃ", "ｱ", "い", "ウ"]
    pages = walk(api, "/api/categories/?ordering=-name&limit=2", "next")
    by_id = {row["id"]: row["name"] for row in api.get("/api/categories/").json}
    assert [by_id[id] for page in pages for id in page] == ordered[::-1]
