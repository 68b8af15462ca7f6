"""Query parameters that narrow a list."""

from urllib.parse import quote

import pytest

from shoptrack.resources.fields.lists import MAX_FILTER_VALUES

ALL = ["beef", "milk", "milk again", "yogurt", "refund"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("store_id={life}", ["beef", "milk", "refund"]),
        ("store_id__in={life},{maruya}", ALL),
        ("store_id__in={life}&store_id__in={maruya}", ALL),
        ("product_id={milk}", ["milk", "milk again"]),
        ("category_id={meat}", ["beef", "refund"]),
        ("category_id__in={meat},{dairy}&store_id={maruya}", ["milk again", "yogurt"]),
        ("unit_id={piece}", ["milk", "milk again", "yogurt"]),
        ("origin_id={hokkaido}", ["milk", "milk again"]),
        ("origin_id__isnull=true", ["beef", "yogurt", "refund"]),
        ("origin_id__isnull=false", ["milk", "milk again"]),
        ("manufacturer_id__isnull=false", []),
        ("product_id=999999", []),
        ("product_id=9223372036854775807", []),
        ("purchase_date=2025-04-01", ["beef", "milk"]),
        ("purchase_date__gt=2025-04-01&purchase_date__lt=2025-04-05", ["milk again", "yogurt"]),
        ("purchase_date__gte=2025-04-04&purchase_date__lte=2025-04-05", ["yogurt", "refund"]),
        ("purchase_date__weekday=2", ["beef", "milk"]),
        ("purchase_date__weekday=6&purchase_date__gte=2025-04-02", ["refund"]),
        ("purchase_date__weekday=7", []),
        ("price__gte=180&price__lte=200", ["milk", "milk again"]),
        ("price__lt=0", ["refund"]),
        ("quantity=2.5", ["yogurt"]),
        ("quantity__gt=1&quantity__lt=500", ["yogurt"]),
        ("quantity__lte=-500.000", ["refund"]),
        ("product_name__icontains=YOGURT", ["yogurt"]),
        ("store_name__icontains=らいふ", ["beef", "milk", "refund"]),
        ("store_name=Maruya", ["milk again", "yogurt"]),
    ],
)
def test_records_are_narrowed(names, query, found):
    assert names(query) == found


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("text", ["0", "8", "1.0", "Monday", ""])
def test_what_is_no_day_of_the_week_is_refused(api, text):
    answer = api.get(f"/api/shopping-records/?purchase_date__weekday={text}", status=400)
    assert answer.json == {
        "purchase_date__weekday": ["Must be a number from 1 (Monday) to 7 (Sunday)."]
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%", ["beef", "refund"]),
        ("_", ["yogurt"]),
        ("100%", ["beef", "refund"]),
        ("t_p", ["yogurt"]),
        ("t%p", []),
        ("'", []),
        ('"; DROP TABLE stores; --', []),
        ("\\", []),
        ("/", []),
        ("", ALL),
    ],
)
def test_wildcards_and_quotes_are_plain_characters(names, text, found):
    assert names(f"product_name__icontains={quote(text)}") == found


def test_categories_are_narrowed_by_id_and_name(api, make):
    one, two = make.category(name="Meat"), make.category(name="ＭＥＡＴ dish")
    assert [row["id"] for row in api.get(f"/api/categories/?id={one.id}").json] == [one.id]
    assert api.get(f"/api/categories/?id__in={two.id},{one.id}&name=Meat").json[0]["id"] == one.id
    assert len(api.get("/api/categories/?name__icontains=meat").json) == 2
    assert api.get("/api/categories/?name=meat").json == []


@pytest.mark.parametrize("path", ["categories", "units", "manufacturers", "origins", "stores"])
def test_every_resource_takes_the_same_parameters(api, make, path):
    row = getattr(make, {"categories": "category"}.get(path, path.removesuffix("s")))(name="ab")
    for query in ("name=ab", "name__icontains=B", "search=a", f"id={row.id}", "ordering=-name"):
        assert [found["id"] for found in api.get(f"/api/{path}/?{query}").json] == [row.id]


@pytest.mark.database("sqlite")
def test_an_unknown_parameter_is_named_with_the_possible_ones(api):
    answer = api.get("/api/categories/?colour=red&name=x&page=2", status=400)
    assert list(answer.json) == ["colour", "page"]
    assert "name__icontains" in answer.json["colour"][0]
    assert "ordering" in answer.json["colour"][0]


@pytest.mark.parametrize(
    ("number", "status"), [(MAX_FILTER_VALUES, 200), (MAX_FILTER_VALUES + 1, 400)]
)
def test_as_many_ids_may_be_sent_as_the_sentence_says(api, number, status):
    response = api.get(f"/api/stores/?id__in={','.join(['1'] * number)}", status=status)
    refusal = {"id__in": ["Send at most 1000 values, separated by commas."]}
    assert response.json == ([] if status == 200 else refusal)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("query", "name", "sentence"),
    [
        ("store_id=abc", "store_id", "Incorrect type. Expected pk value, received str."),
        ("store_id=", "store_id", "Incorrect type. Expected pk value, received str."),
        ("store_id__in=1,x", "store_id__in", "Incorrect type. Expected pk value, received str."),
        ("id=9999999999999999999", "id", "object does not exist"),
        ("origin_id__isnull=maybe", "origin_id__isnull", "Must be true or false."),
        ("purchase_date=2025-13-01", "purchase_date", "Date has wrong format."),
        ("price__gte=cheap", "price__gte", "A valid integer is required."),
        ("price=99999999999", "price", "less than or equal to 2147483647"),
        ("quantity__lt=NaN", "quantity__lt", "A valid number is required."),
        ("quantity=1.2345", "quantity", "no more than 3 decimal places"),
        ("product_name=%00", "product_name", "Null characters are not allowed."),
        ("search=%00", "search", "Null characters are not allowed."),
        ("price=1&price=2", "price", "Send this parameter only once."),
        ("count=no", "count", "Must be true or false."),
        ("fields=id,colour", "fields", "Unknown field 'colour'."),
        ("ordering=store", "ordering", "Cannot order by 'store'."),
        ("ordering=price,-price", "ordering", "'price' is listed twice."),
        ("limit=0", "limit", "Must be a whole number from 1 to 1000."),
        ("limit=1001", "limit", "Must be a whole number from 1 to 1000."),
        ("limit=ten", "limit", "Must be a whole number from 1 to 1000."),
        ("limit=-1", "limit", "Must be a whole number from 1 to 1000."),
        ("limit=5&offset=-1", "offset", "Must be a whole number from 0 to "),
        ("limit=5&offset=99999999999999999999", "offset", "Must be a whole number from 0 to "),
        ("offset=5", "offset", "This parameter requires limit"),
        ("cursor=abc", "cursor", "This parameter requires limit"),
        ("limit=5&offset=0&cursor=abc", "cursor", "Send either offset or cursor."),
        ("limit=5&cursor=abc", "cursor", "Invalid cursor."),
        ("limit=5&cursor=%E7%89%9B", "cursor", "Invalid cursor."),
    ],
)
def test_a_bad_value_is_named_and_told_what_would_do(api, query, name, sentence):
    answer = api.get(f"/api/shopping-records/?{query}", status=400)
    assert list(answer.json) == [name]
    assert sentence in answer.json[name][0]


@pytest.mark.database("sqlite")
def test_all_faults_are_told_at_once(api):
    answer = api.get("/api/shopping-records/?colour=red&price=x&limit=0&fields=y", status=400)
    assert set(answer.json) == {"colour", "price", "limit", "fields"}


def test_fields_slims_documents_down(api, household):
    record = api.get("/api/shopping-records/?fields=product,id&limit=1").json[0]
    assert list(record) == ["id", "product"]
    assert set(record["product"]) == {"id", "name", "category", "unit", "manufacturer", "origin"}
    assert api.get("/api/stores/?fields=name&ordering=name").json == [
        {"name": "Maruya"},
        {"name": "ライフ"},
    ]


@pytest.mark.database("sqlite")
def test_a_list_that_is_asked_anonymously_is_refused_before_its_parameters(client):
    client.get("/api/categories/?colour=red", status=401)
