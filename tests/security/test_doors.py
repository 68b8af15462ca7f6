"""Text that no database stores, through every door there is: refused or taken out, never an error of the server.

The doors are found in what the application says of itself: its OpenAPI document, its routes, the forms of its pages,
its tables of settings, its commands.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote_to_bytes

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyramid.interfaces import IRoutesMapper
from webob import Request
from webtest import TestApp

from shoptrack.cli import main
from shoptrack.openapi.spec import ApiSpec
from shoptrack.resources.resource import ServedResources
from shoptrack.settings import ConfigurationError, SettingsTables, Sources

HOSTILE = ["a\0b", "a\ud800b"]
HEADERS = [
    *("Accept", "Accept-Language", "Authorization", "Cookie", "Content-Type", "Host", "If-Match"),
    *("If-None-Match", "Origin", "Referer", "User-Agent", "X-Forwarded-For", "X-Request-ID"),
]
COOKIES = ["refresh_token", "shoptrack-admin", "shoptrack-language", "shoptrack-messages"]
# They end the session by which the other doors are tried; tests/auth/hostile tries them.
LEFT_OUT = re.compile("/logout/|/token/|/password/|/sessions/|^/admin/account/")

texts = st.text(st.characters() | st.sampled_from("\0\ud800\udfff\x85\u2028\x1b"), min_size=1)
Door = Callable[[str], object]  # sends a text, and returns the response


def escaped(text: str) -> str:
    return quote(text.encode(errors="surrogatepass"), safe="")


@pytest.fixture
def ids(make, make_user, make_group) -> dict[str, int]:
    """Make rows of every kind, two of each that lists are paged by; return an id of each by its path."""
    kinds = ("category", "unit", "manufacturer", "origin", "store", "product")
    plurals = ("categories", "units", "manufacturers", "origins", "stores", "products")
    for number in range(2):
        made = {
            kind: getattr(make, kind)(name=f"{kind}{number}") for kind in kinds if kind != "product"
        }
        references = {f"{kind}_id": made[kind].id for kind in kinds[:4]}
        made["product"] = make.product(name=f"product{number}", **references)
        record = make.record(product_id=made["product"].id, store_id=made["store"].id)
    ids = {plural: made[kind].id for kind, plural in zip(kinds, plurals, strict=True)}
    others = {"users": make_user("aki"), "groups": make_group("family")}
    return {"shopping-records": record.id, **ids, **{path: row.id for path, row in others.items()}}


def filled(path: str, ids: dict[str, int]) -> str:
    """Return a path whose parameters are those of a row."""
    kind = next((kind for kind in ids if f"/{kind}/" in path), "products")
    return re.sub(r"\{[^}]*\}", str(ids[kind]), path)


def api_doors(app, api, ids) -> Iterator[Door]:
    """Yield each parameter of each path, each query parameter, and each member of each body."""
    openapi = app.registry[ApiSpec].openapi
    schemas = openapi["components"]["schemas"]

    def send(method, path, **options):
        return api.request(path, method=method, expect_errors=True, **options)

    for path, item in openapi["paths"].items():
        if LEFT_OUT.search(path):
            continue
        row = filled(path, ids)
        for method, operation in item.items():
            method = method.upper()
            if "{" in path:
                yield lambda text, m=method, p=path: send(
                    m, re.sub(r"\{[^}]*\}", lambda _: escaped(text), p)
                )
            for parameter in operation.get("parameters", ()):
                if parameter.get("in") == "query":
                    name = parameter["name"]
                    yield lambda text, m=method, p=row, n=name: send(m, f"{p}?{n}={escaped(text)}")
            for content in operation.get("requestBody", {}).get("content", {}).values():
                name = content["schema"].get("$ref", "").rpartition("/")[2]
                body = schemas.get(name, content["schema"])
                for member in body.get("properties", ()):
                    yield lambda text, m=method, p=row, n=member: send(
                        m, p, body=json.dumps({n: text}).encode(), content_type="application/json"
                    )
                break


def cursor_doors(app, api, ids) -> Iterator[Door]:
    """Yield each value of a cursor, for each order of each list."""
    for path, resource in ServedResources.of(app.registry).items():
        for key in ("id", *(field.name for field in resource.fields)):
            address = f"/api/{path}/?limit=1&ordering={key}"
            first = api.get(address, expect_errors=True)
            match = re.search(r"cursor=([\w-]+)", first.headers.get("Link", ""))
            if match is None:
                continue
            encoded = match[1] + "=" * (-len(match[1]) % 4)
            fingerprint, backwards, values = json.loads(urlsafe_b64decode(encoded))
            for position in range(len(values)):

                def door(
                    text, at=position, address=address, known=(fingerprint, backwards, values)
                ):
                    changed = [*known[2][:at], text, *known[2][at + 1 :]]
                    cursor = urlsafe_b64encode(json.dumps([*known[:2], changed]).encode()).decode()
                    return api.get(f"{address}&cursor={cursor.rstrip('=')}", expect_errors=True)

                yield door


def octal(text: str) -> str:
    """Return a text as quoted cookies spell any byte."""
    return "".join(f"\\{byte:03o}" for byte in text.encode(errors="surrogatepass"))


def header_doors(app, api, admin) -> Iterator[Door]:
    """Yield each header and each cookie that is read, on the API and on the pages."""

    def send(name, text, path):
        environ = {f"HTTP_{name.upper().replace('-', '_')}": text}
        if name == "Content-Type":
            environ = {"CONTENT_TYPE": text}
        client = admin if path.startswith("/admin/") else api
        return client.get(path, extra_environ=environ, expect_errors=True)

    for path in ("/api/units/", "/admin/", "/admin/login/"):
        for name in HEADERS:
            # A server hands bytes over as if they were Latin-1.
            yield lambda text, n=name, p=path: send(
                n, text.encode(errors="surrogatepass").decode("latin-1"), p
            )
        for name in COOKIES:
            yield lambda text, n=name, p=path: send("Cookie", f'{n}="{octal(text)}"', p)


def page_doors(app, admin, ids) -> Iterator[Door]:
    """Yield each parameter of each page's path, and each field of each form on the pages."""
    for route in app.registry.getUtility(IRoutesMapper).get_routes():
        path = route.pattern
        if not path.startswith("/admin/") or LEFT_OUT.search(path):
            continue
        if "{" in path:
            yield lambda text, p=path: get_path(
                admin, re.sub(r"\{[^}]*\}", lambda _: escaped(text), p)
            )
        row = filled(path, ids)
        page = admin.get(row, expect_errors=True)
        if page.status_int != 200 or page.content_type != "text/html":
            continue
        for form in page.forms.values():
            action = form.action or row
            if LEFT_OUT.search(action):
                continue
            # Texts only: the file of an import is tried by tests/csv_import.
            fields = [
                (name, value)
                for name, value in form.submit_fields()
                if name and isinstance(value, str)
            ]
            for name in dict.fromkeys([*form.fields, "next", "ordering", "before", "key"]):
                if name and name != "csrf_token":
                    yield lambda text, f=form, a=action, n=name, sent=fields: submit(
                        admin, f.method, a, [*(pair for pair in sent if pair[0] != n), (n, text)]
                    )


def get_path(client, path: str):
    """Ask for a path that may be no UTF-8, of which WebTest's cookies make an error."""
    environ = {**client.extra_environ, "PATH_INFO": unquote_to_bytes(path).decode("latin-1")}
    environ["HTTP_COOKIE"] = "; ".join(f"{one.name}={one.value}" for one in client.cookiejar)
    return Request.blank("/", environ).get_response(client.app)


def submit(admin, method: str, action: str, pairs: list[tuple[str, str]]):
    sent = "&".join(f"{quote(name)}={escaped(value)}" for name, value in pairs)
    if method.upper() == "POST":
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return admin.post(action, sent.encode(), headers=headers, expect_errors=True)
    return admin.get(f"{action.partition('?')[0]}?{sent}", expect_errors=True)


@pytest.fixture
def doors(app, api, admin, ids) -> list[Door]:
    plain = TestApp(app, api.extra_environ)
    return [
        *api_doors(app, plain, ids),
        *cursor_doors(app, plain, ids),
        *header_doors(app, plain, admin),
        *page_doors(app, admin, ids),
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_every_door_refuses_what_no_database_stores(doors, text):
    assert len(doors) > 400
    for door in doors:
        answer = door(text)
        assert answer.status_int < 500, answer.request


@given(data=st.data())
@settings(max_examples=100)
def test_no_text_is_an_error_of_the_server(doors, data):
    answer = data.draw(st.sampled_from(doors))(data.draw(texts))
    assert answer.status_int < 500, answer.request


def tables(app):
    return SettingsTables.of(app.registry)


@pytest.mark.database("sqlite")
@given(text=texts)
def test_a_setting_is_refused_by_its_name_or_taken(app, text):
    for table in tables(app):
        for name in table.get_variable_names():
            try:
                values = Sources(environ={name: text}, dotenv_path=None).read(table)
            except ConfigurationError:
                continue
            assert not re.search("[\0\ud800-\udfff]", text), (name, values)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_every_command_refuses_what_is_no_text(text):
    for name in main.list_commands(None):
        result = CliRunner().invoke(main, [name, text])
        assert result.exit_code == 2
        assert result.output.endswith("Error: Argument 2 is not UTF-8 text.\n")
