"""The export of a list: one file with all rows, for people, spreadsheets and scripts."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from shoptrack.records.models import ShoppingRecord
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import row_statements
from shoptrack.resources.csv import make_columns

URL = "/api/shopping-records/export/"
KEYS = [column.key for column in make_columns(ShoppingRecordResource)]


def read(answer, *, encoding="utf-8-sig", delimiter=",") -> list[list[str]]:
    text = answer.body.decode(encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.fixture
def record(make):
    store = make.store(name="Life", location="Kyoto")
    product = make.product(name="Beef", origin_id=make.origin(name="Hokkaido").id)
    return make.record(price=-298, quantity="1.5", store_id=store.id, product_id=product.id)


def test_a_file_has_the_rows_with_all_that_they_nest(api, record):
    answer = api.get(f"{URL}?headings=keys")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="shopping-records.csv"'
    assert answer.body.startswith(b"\xef\xbb\xbfid,price,")
    header, row = read(answer)
    assert header == KEYS
    cells = dict(zip(header, row, strict=True))
    document = api.get(f"/api/shopping-records/{record.id}/").json
    product = document["product"]
    assert cells == {
        "id": str(record.id),
        "price": "-298",
        "currency": "JPY",
        "purchase_date": document["purchase_date"],
        "store_id": str(document["store"]["id"]),
        "store_name": "Life",
        "store_location": "Kyoto",
        "quantity": "1.500",
        "product_id": str(product["id"]),
        "product_name": "Beef",
        "product_category_id": str(product["category"]["id"]),
        "product_category_name": product["category"]["name"],
        "product_unit_id": str(product["unit"]["id"]),
        "product_unit_name": product["unit"]["name"],
        "product_manufacturer_id": "",
        "product_manufacturer_name": "",
        "product_origin_id": str(product["origin"]["id"]),
        "product_origin_name": "Hokkaido",
    }


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("query", "header", "heading"),
    [
        ("", {}, "purchase date"),
        ("", {"Accept-Language": "ja,en;q=0.5"}, "購入日"),
        ("", {"Accept-Language": "fr"}, "purchase date"),
        ("?headings=ja", {}, "購入日"),
        ("?headings=en", {"Accept-Language": "ja"}, "purchase date"),
        ("?headings=keys", {"Accept-Language": "ja"}, "purchase_date"),
    ],
)
def test_headings_are_in_the_language_of_the_parameter_or_of_the_reader(
    api, query, header, heading
):
    answer = api.get(URL + query, headers=header)
    assert read(answer)[0][3] == heading
    assert "Accept-Language" in answer.headers["Vary"]


def test_filters_search_and_ordering_are_those_of_the_list(api, make):
    products = {name: make.product(name=name).id for name in ("Milk", "Bread", "ぎゅうにゅう")}
    for price, name in ((1, "Milk"), (2, "Bread"), (3, "ぎゅうにゅう"), (4, "ぎゅうにゅう")):
        make.record(price=price, product_id=products[name])
    for query in (
        {"search": "ギュウニュウ", "ordering": "-price"},
        {"price__gte": "2", "ordering": "price"},
        {"product_id__in": f"{products['Milk']},{products['Bread']}"},
        {"product_name__icontains": "mil"},
    ):
        listed = [row["price"] for row in api.get("/api/shopping-records/", query).json]
        assert listed
        assert [int(row[1]) for row in read(api.get(URL, query))[1:]] == listed


@pytest.mark.database("sqlite")
def test_fields_select_columns(api, record):
    assert read(api.get(f"{URL}?fields=id,store&headings=keys"))[0] == [
        "id",
        "store_id",
        "store_name",
        "store_location",
    ]


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(("name", "delimiter"), [(",", ","), (";", ";"), ("tab", "\t")])
def test_a_separator_can_be_chosen(api, make, name, delimiter):
    make.category(name='a,b;c\td"e')
    answer = api.get("/api/categories/export/", {"delimiter": name})
    assert read(answer, delimiter=delimiter)[1][1] == 'a,b;c\td"e'


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("encoding", "charset", "start"),
    [
        ("utf-8-sig", "utf-8", b"\xef\xbb\xbfid"),
        ("utf-8", "utf-8", b"id"),
        ("cp932", "windows-31j", b"id"),
    ],
)
def test_an_encoding_can_be_chosen(api, make, encoding, charset, start):
    make.category(name="牛乳①")
    answer = api.get("/api/categories/export/", {"encoding": encoding})
    assert answer.headers["Content-Type"] == f"text/csv; charset={charset}"
    assert answer.body.startswith(start)
    assert read(answer, encoding=encoding)[1][1] == "牛乳①"


@pytest.mark.database("sqlite")
def test_what_cp932_lacks_is_a_reference_and_never_begins_a_formula(api, make):
    for name in ("😀", "〜", "é=1", "😀\n=1", "&#65;"):
        make.category(name=name)
    names = [
        row[1]
        for delimiter in (",", ";")
        for row in read(
            api.get("/api/categories/export/", {"encoding": "cp932", "delimiter": delimiter}),
            encoding="cp932",
            delimiter=delimiter,
        )[1:]
    ]
    assert names == ["&#128512;", "&#12316;", "&#233;'=1", "&#128512;\n'=1", "&#38;#65;"] * 2


def test_a_text_is_no_formula(api, make):
    names = ["=1+1", "+1", "-1+2", "@SUM(A1)", "a;=1", 'a"b,c', "-5"]
    for name in names:
        make.category(name=name)
    written = [row[1] for row in read(api.get("/api/categories/export/"))[1:]]
    assert written == ["'=1+1", "'+1", "'-1+2", "'@SUM(A1)", "a;'=1", 'a"b,c', "-5"]


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("format=xlsx", {"format": ["Must be one of: csv."]}),
        ("encoding=latin-1", {"encoding": ["Must be one of: utf-8-sig, utf-8, cp932."]}),
        ("delimiter=x", {"delimiter": ["Must be one of: , ; tab. In a URL, write ; as %3B."]}),
        ("headings=fr", {"headings": ["Must be one of: keys, en, ja."]}),
        ("headings=en&headings=ja", {"headings": ["Send this parameter only once."]}),
        ("ordering=x", {"ordering": ["Cannot order by 'x'. Available: id, name."]}),
        (
            "limit=5&format=xlsx",
            {
                "limit": [
                    "Unknown parameter. Available: delimiter, encoding, fields, format, headings, id, "
                    "id__in, name, name__icontains, ordering, search."
                ],
                "format": ["Must be one of: csv."],
            },
        ),
    ],
)
def test_bad_parameters_are_named_all_at_once(api, query, errors):
    assert api.get(f"/api/categories/export/?{query}", status=400).json == errors


@pytest.mark.database("sqlite")
def test_pages_are_no_parameters_of_a_file(api):
    for name in ("limit", "offset", "cursor", "count"):
        assert name in api.get(f"{URL}?{name}=1", status=400).json


@pytest.mark.database("sqlite")
def test_a_reader_who_takes_only_json_is_told_so(api):
    api.get(URL, headers={"Accept": "application/json"}, status=406)


@pytest.mark.database("sqlite")
def test_only_get_is_allowed(api):
    answer = api.post(URL, status=405)
    assert "GET" in answer.headers["Allow"]


@pytest.mark.database("sqlite")
def test_an_empty_list_has_headings(api):
    assert read(api.get(f"{URL}?headings=keys")) == [KEYS]


def test_a_file_that_has_not_changed_is_not_sent_again(api, make):
    make.category(name="Meat")
    url = "/api/categories/export/"
    etag = api.get(url).headers["ETag"]
    api.get(url, headers={"If-None-Match": etag}, status=304)
    for other in ("?encoding=cp932", "?headings=ja", "?delimiter=%3B"):
        assert api.get(url + other, headers={"If-None-Match": etag}).headers["ETag"] != etag
    japanese = {"If-None-Match": etag, "Accept-Language": "ja"}
    assert api.get(url, headers=japanese).headers["ETag"] != etag
    make.category(name="Dairy")
    api.get(url, headers={"If-None-Match": etag}, status=200)


@pytest.mark.database("sqlite")
def test_every_resource_has_an_export(api):
    for path in api.get("/api/").json:
        answer = api.get(f"/api/{path}/export/?headings=keys")
        assert read(answer)[0][0] == "id"


def test_a_file_of_thousands_of_rows_is_whole(api, make):
    record = make.record()
    make.rows(
        ShoppingRecord,
        2500,
        **{
            "price": 5,
            "purchase_date": date(2025, 1, 1),
            "quantity": Decimal(1),
            "store_id": record.store_id,
            "product_id": record.product_id,
        },
    )
    rows = read(api.get(URL))
    assert len(rows) == 2502
    assert len({row[0] for row in rows}) == 2502


@pytest.mark.database("sqlite")
def test_no_more_than_a_number_of_nested_rows_is_kept_in_memory(api, make, monkeypatch):
    products = [make.product(name=f"P{number}", origin_id=None).id for number in range(4)]
    products[2:2] = [make.product(name="Far", origin_id=make.origin().id).id]
    for product in products * 2:
        make.record(product_id=product)
    lists = [api.get(url).body for url in (URL, "/api/shopping-records/")]
    monkeypatch.setattr(row_statements, "MAX_NESTED_ROWS", 1)
    assert [api.get(url).body for url in (URL, "/api/shopping-records/")] == lists
