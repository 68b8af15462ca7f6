"""The guide for authors of plugins tells of all that there is, and quotes files as they are."""

import inspect
import re
import textwrap

import pytest

from shoptrack.plugins import DIRECTIVES

from .conftest import ROOT
from .quotes import BLOCK, GUIDE, TOUR, rewritten

TEXTS = {page.relative_to(TOUR.parent).as_posix(): page.read_text() for page in GUIDE}
PAGES = [name for name in TEXTS if name != TOUR.name]
EXAMPLE = ROOT / "examples" / "shoptrack_budgets"
WISHLIST = ROOT / "tests" / "guide" / "shoptrack_wishlist"
NAMES = [directive.__name__ for directive in DIRECTIVES]
MAX_LINES = {TOUR.name: 250}  # of a page 400
CODE = re.compile(r"```.*?^```$", re.MULTILINE | re.DOTALL)


def sections(name: str) -> dict[str, str]:
    """Return the sections of a directive, by the pages that have them."""
    found = {}
    for page, text in TEXTS.items():
        match = re.search(rf"^### `{name}`\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
        if match:
            found[page] = match[1]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_directive_is_in_the_table_and_has_a_section_in_one_page(name):
    (page,) = sections(name)
    assert page in PAGES, "The tour has no sections of directives."
    row = rf"^\| \[`{name}`\]\({re.escape(page)}#{name}\) \| .+ \|$"
    assert re.search(row, TEXTS[TOUR.name], re.MULTILINE)
    for said in ("**When.**", "**Errors.**"):
        assert said in sections(name)[page]


@pytest.mark.parametrize("directive", DIRECTIVES, ids=NAMES)
def test_every_directive_has_a_docstring_with_an_example(directive):
    lines = inspect.cleandoc(directive.__doc__ or "").splitlines()
    assert lines, directive.__name__
    indented = [line for line in lines if line.startswith("    ") or not line]
    example = textwrap.dedent("\n".join(indented[: len(lines)]))
    assert f"config.{directive.__name__}(" in example


def test_nothing_is_told_of_that_is_no_directive():
    told = [name for text in TEXTS.values() for name in re.findall(r"^### `(\w+)`$", text, re.M)]
    assert sorted(told) == sorted(NAMES)


@pytest.mark.parametrize("page", TEXTS)
def test_what_is_quoted_is_what_the_files_hold(page):
    assert rewritten(TEXTS[page]) == TEXTS[page], "Run make docs."


@pytest.mark.parametrize("page", TEXTS)
def test_code_is_quoted_from_files_that_are_tested(page):
    quoted = {match[0].partition("\n")[2] for match in BLOCK.finditer(TEXTS[page])}
    python = [block for block in CODE.findall(TEXTS[page]) if block.startswith("```python")]
    assert [block for block in python if block not in quoted] == []


@pytest.mark.parametrize("page", TEXTS)
def test_a_page_is_short(page):
    assert len(TEXTS[page].splitlines()) <= MAX_LINES.get(page, 400)


@pytest.mark.parametrize("page", PAGES)
def test_the_tour_leads_to_every_page(page):
    assert f"]({page})" in TEXTS[TOUR.name]


def quoted_files() -> set[str]:
    return {match["path"] for text in TEXTS.values() for match in BLOCK.finditer(text)}


@pytest.mark.parametrize("folder", [EXAMPLE / "shoptrack_budgets", WISHLIST])
def test_the_modules_of_the_plugins_are_quoted(folder):
    modules = {str(file.relative_to(ROOT)) for file in folder.rglob("*.py")}
    assert modules - quoted_files() - NOT_QUOTED == set()


NOT_QUOTED = {
    f"tests/guide/shoptrack_wishlist/{module}.py"
    for module in ("permissions", "resources", "translation", "revisions/wishlist_0001_create")
}  # they are as those of the budgets


def test_a_quote_of_what_is_not_there_is_an_error():
    block = "<!-- {} -->\n```python\n```"
    for what in (
        "pyproject.toml:project.nothing",
        "shoptrack/errors.py:Nothing",
        "shoptrack/errors.py:InUse.nothing",
        "shoptrack/errors.py:Nothing.body",
    ):
        with pytest.raises(LookupError):
            rewritten(block.format(what))


def test_a_method_is_quoted_without_its_indentation():
    quoted = rewritten("<!-- shoptrack/errors.py:InUse.body -->\n```python\n```")
    assert "\n```python\ndef body(self)" in quoted


def test_imports_come_first_where_they_are_asked_for():
    block = "<!-- shoptrack_reports/settings.py:ReportSettings{} -->\n```python\n```"
    imports = "from shoptrack.settings import SettingsTable, setting\n\n\nclass ReportSettings("
    assert f"\n```python\n{imports}" in rewritten(block.format(", with imports"))
    assert "\n```python\nclass ReportSettings(" in rewritten(block.format(""))


def test_the_example_uses_what_is_offered_to_everybody():
    for file in EXAMPLE.rglob("*.py"):
        imported = re.findall(r"^(?:from|import) (shoptrack\w*)", file.read_text(), re.MULTILINE)
        assert set(imported) <= {"shoptrack", "shoptrack_budgets"}, file
