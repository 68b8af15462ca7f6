"""Style sheet, scripts and icon."""

import re
from importlib.resources import files

import pytest

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def paths(visitor):
    head = visitor.get("/admin/login/").html.head
    return [link["href"] for link in head.find_all("link")] + [head.script["src"]]


def test_they_are_served_to_everybody_and_kept_for_good(visitor, paths):
    for path in paths:
        answer = visitor.get(path)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Cookie" not in (answer.vary or ())
    kinds = {visitor.get(path).content_type for path in paths}
    assert kinds == {"text/css", "text/javascript", "image/svg+xml"}


def test_a_name_belongs_to_one_content(visitor, paths):
    assert all(len(path.rpartition("-")[2].partition(".")[0]) == 12 for path in paths)
    visitor.get("/admin/static/admin-000000000000.css", status=302)


@pytest.mark.parametrize(
    "name", ["admin.css", "..%2fsettings.py", "../settings.py", "%2e%2e/settings.py", ""]
)
def test_nothing_else_is_served(admin, name):
    admin.get(f"/admin/static/{name}", status=404)


def test_modules_import_what_is_served(visitor, paths):
    found, (script,) = set(), [path for path in paths if path.endswith(".js")]
    modules = [script]
    while modules:
        answer = visitor.get(modules.pop())
        assert answer.content_type == "text/javascript"
        imported = re.findall(r'^import .* from "\./(.+)";$', answer.text, re.MULTILINE)
        modules += [f"/admin/static/{name}" for name in imported]
        found |= {name.rpartition("-")[0] for name in imported}
    assert found == {"combobox", "new_row"}


def test_together_they_are_small():
    sizes = [len(file.read_bytes()) for file in (files("shoptrack_admin") / "static").iterdir()]
    assert sum(sizes) < 80_000
