"""An unknown query parameter is never silently ignored."""

import pytest

from shoptrack.web.request_path import MAX_PARAMETERS

pytestmark = pytest.mark.database("sqlite")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("page=5", ["page"]),
        ("page=5&page_size=10&sort=-id", ["page", "page_size", "sort"]),
        ("colour=a&colour=b", ["colour"]),
        ("category", ["category"]),
        ("NAME=a", ["NAME"]),
        ("name__startswith=a", ["name__startswith"]),
        ("password=a", ["password"]),
        ("price__gte=1", ["price__gte"]),
        ("=1", [""]),
        ("%E7%89%9B=1", ["牛"]),
        ("a%00b=1", ["a\0b"]),
        ("detail=1", ["detail"]),
    ],
)
def test_each_unknown_parameter_is_named(api, query, names):
    answer = api.get(f"/api/products/?{query}", status=400)
    assert list(answer.json) == names
    first, *others = answer.json.values()
    assert first[0].startswith("Unknown parameter. Available: category_id, ")
    assert others == [["Unknown parameter."]] * len(others)


def test_every_list_refuses_them(api, url):
    assert list(api.get(f"{url}?limit=1&unknown=1", status=400).json) == ["unknown"]


def test_a_lonely_question_mark_is_no_parameter(api, url):
    api.get(f"{url}?", status=200)


def test_anonymous_callers_get_401_whatever_the_parameters(client, url):
    client.get(f"{url}?unknown=1", status=401)


def test_many_unknown_parameters_get_no_longer_a_response_than_they_are(api):
    names = [f"unknown{number:04}" for number in range(MAX_PARAMETERS)]
    answer = api.get(f"/api/products/?{'&'.join(names)}", status=400)
    assert list(answer.json) == names
    assert len(answer.body) < 64_000


@pytest.mark.parametrize("query", ["{}=1", "ordering={}", "fields={}"])
def test_a_long_name_is_not_repeated(api, query):
    answer = api.get(f"/api/products/?{query.format('x' * 30_000)}", status=400)
    assert "x" * 100 + "…" in answer.text
    assert len(answer.body) < 2000


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("x&" * MAX_PARAMETERS, 400, "Too many query parameters (maximum: 1100)."),
        ("x" * 32_769, 414, "The query string is too long (maximum: 32768 bytes)."),
    ],
)
def test_a_query_has_an_end(client, query, status, sentence):
    for path in ("/api/products/", "/api/reports/spending/", "/api/auth/token/", "/admin/users/"):
        answer = client.get(f"{path}?{query}", status=status)
        assert sentence in answer.text


def test_a_thousand_ids_are_no_long_query(api):
    ids = [2**62 + number for number in range(1000)]
    api.get(f"/api/products/?id__in={','.join(map(str, ids))}&limit=1", status=200)
    api.get(f"/api/products/?limit=1&{'&'.join(f'id__in={id}' for id in ids)}", status=200)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_long_media_type_is_not_repeated(api, method):
    headers = {"Content-Type": f"text/{'x' * 5000}"}
    answer = api.request("/api/products/", method=method, body=b"x", headers=headers, status="*")
    assert answer.status_int in (405, 415)
    assert len(answer.body) < 300
