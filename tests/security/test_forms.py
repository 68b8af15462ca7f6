"""Forms of the administration that no browser sends: each page answers that it cannot read them, or what is wrong."""

import re

import pytest
from pyramid.interfaces import IRoutesMapper

pytestmark = pytest.mark.database("sqlite")

MULTIPART = "multipart/form-data; boundary=x"
FORM = "application/x-www-form-urlencoded"
# Their pages are those of categories.
ALIKE = ("units", "manufacturers", "origins", "stores", "products")
FIELDS = ["id", "name", "username", "next", "version", "permissions", "groups", "password", "into"]


def part(name: str, value: str, more: str = "") -> str:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'


BODIES = {
    "no field but the token": ("", "", FORM),
    "no UTF-8": ("", "&name=%ff&%ff=1", FORM),
    "NUL": ("", "".join(f"&{name}=%00" for name in FIELDS), FORM),
    "half characters": ("", "".join(f"&{name}=%ED%A0%80" for name in FIELDS), FORM),
    "each field twice": ("", "".join(f"&{name}=1&{name}=2" for name in FIELDS), FORM),
    "huge numbers": ("", "".join(f"&{name}={'9' * 5000}" for name in FIELDS), FORM),
    "2,000 fields": ("", "&a=1" * 2000, FORM),
    "JSON": ('{"csrf_token": "', '", "name": "x"}', "application/json"),
    "files": ("", "".join(part(name, "x", '; filename="a"') for name in FIELDS), MULTIPART),
    "an unfinished part": ("", "--x\r\nContent-Disposition: form-data; name=", MULTIPART),
    "no boundary": ("", part("name", "x"), "multipart/form-data"),
    "text": ("", "&name=x", "text/plain"),
}


@pytest.fixture
def paths(app, make) -> list[str]:
    """Return the address of every page."""
    routes = app.registry.getUtility(IRoutesMapper).get_routes()
    id = make.category().id
    found = [route.pattern for route in routes if route.pattern.startswith("/admin/")]
    left_out = ("/admin/logout/", *(f"/admin/{name}/" for name in ALIKE))
    return [
        re.sub(r"\{[^}]*\}", str(id), pattern)
        for pattern in found
        if not pattern.startswith(left_out)
    ]


@pytest.mark.parametrize("case", BODIES)
def test_no_form_is_an_error_of_the_server(admin, paths, case):
    before, after, content_type = BODIES[case]
    token = admin.get("/admin/account/").forms[0]["csrf_token"].value
    sent = part("csrf_token", token) if content_type.startswith("multipart") else token
    if content_type in (FORM, "text/plain"):
        sent = f"csrf_token={token}"
    body = f"{before}{sent}{after}".encode()
    for path in paths:
        answer = admin.post(path, body, headers={"Content-Type": content_type}, expect_errors=True)
        assert answer.status_int in (200, 303, 400, 403, 404, 405, 413, 415), (path, answer.status)
