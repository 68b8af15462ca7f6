"""The comparison of answers with the document notices what is not described."""

import pytest

from shoptrack.openapi.response_checks import UndocumentedResponse
from shoptrack.testing import Client, make_test_app

from .test_plugins import HEAD

pytestmark = pytest.mark.database("sqlite")

PLUGIN = f"""
{HEAD}
from pyramid.response import Response

ANSWERS = [ResponseDescription(200, "Hello.", Schema("Hello", [Integer("number")]), [Header("X-Hello", "Hi.")])]

@describe_view(responses=ANSWERS)
def hello(request):
    request.response.status_int = int(request.GET.get("status", 200))
    if "silent" not in request.GET:
        request.response.headers["X-Hello"] = "hi"
    if "loud" in request.GET:
        request.response.headers["X-Loud"] = "HI"
    if "text" in request.GET:
        request.response.content_type = "text/plain"
        request.response.text = "hello"
        return request.response
    return eval(request.GET.get("body", "dict(number=1)"))

def page(request):
    return Response("<p>Hello.</p>")

def includeme(config):
    add(config, "/api/hello/", hello)
    for name, path in (("page", "/api/page/"), ("page of", "/api/page/{{name}}/")):
        config.add_route(name, path)
        config.add_view(page, route_name=name, permission=NO_PERMISSION_REQUIRED)
"""


@pytest.fixture
def hello(new_database, tmp_path, monkeypatch):
    """Return a function that asks a plugin, which answers as it is told to."""
    (tmp_path / "liar.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "liar", raising=False)
    client = Client(make_test_app(new_database(), ("liar",)))
    return lambda path="hello/", **query: client.get(f"/api/{path}", query, status="*")


def test_what_is_described_passes(hello):
    assert hello().json == {"number": 1}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (
            {"status": "202"},
            "answered 202, and its description knows 200, 400, 405, 406, 414, 500, 503",
        ),
        ({"silent": ""}, "without the header X-Hello"),
        ({"loud": ""}, "headers that are not described: x-loud"),
        ({"text": ""}, "as 'text/plain', not application/json"),
        ({"body": "dict(number='1')"}, "number is not as described"),
        ({"body": "dict(number=2**31)"}, "number is not as described"),
        ({"body": "{}"}, "the body is not as described"),
        ({"body": "dict(number=1, more=2)"}, "the body is not as described"),
        ({"body": "[1]"}, "the body is not as described"),
    ],
)
def test_what_is_not_described_is_noticed(hello, query, reason):
    with pytest.raises(UndocumentedResponse, match=reason):
        hello(**query)


@pytest.mark.parametrize("path", ["page/", "page/ken/"])
def test_pages_need_no_description(hello, path):
    assert hello(path).text == "<p>Hello.</p>"


def test_a_list_may_lack_members_only_where_they_were_not_asked_for(api, make):
    make.record()
    assert api.get("/api/shopping-records/?fields=price").json == [{"price": 1000}]
