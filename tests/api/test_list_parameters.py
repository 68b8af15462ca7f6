"""Query parameters of lists. There are none yet, and an unknown one is never silently ignored."""

import pytest


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("limit=5", ["limit"]),
        ("limit=5&offset=10&ordering=-id", ["limit", "offset", "ordering"]),
        ("name=a&name=b", ["name"]),
        ("category_id", ["category_id"]),
        ("=1", [""]),
        ("%E7%89%9B=1", ["牛"]),
        ("a%00b=1", ["a\0b"]),
        ("detail=1", ["detail"]),
    ],
)
def test_each_unknown_parameter_is_named(api, query, names):
    answer = api.get(f"/api/products/?{query}", status=400)
    said = ["Unknown parameter. This list takes none."]
    assert list(answer.json.items()) == [(name, said) for name in names]


def test_every_list_refuses_them(api, url):
    assert list(api.get(f"{url}?limit=1&unknown=1", status=400).json) == ["limit", "unknown"]


def test_a_lonely_question_mark_is_no_parameter(api, url):
    api.get(f"{url}?", status=200)


def test_anonymous_callers_get_401_whatever_the_parameters(client, url):
    client.get(f"{url}?unknown=1", status=401)
