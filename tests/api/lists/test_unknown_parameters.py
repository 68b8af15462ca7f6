"""An unknown query parameter is never silently ignored."""

import pytest

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
    for sentences in answer.json.values():
        assert sentences[0].startswith("Unknown parameter. Possible are: category_id, ")


def test_every_list_refuses_them(api, url):
    assert list(api.get(f"{url}?limit=1&unknown=1", status=400).json) == ["unknown"]


def test_a_lonely_question_mark_is_no_parameter(api, url):
    api.get(f"{url}?", status=200)


def test_anonymous_callers_get_401_whatever_the_parameters(client, url):
    client.get(f"{url}?unknown=1", status=401)
