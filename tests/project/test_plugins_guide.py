"""The guide for authors of plugins tells of all that there is, and quotes files as they are."""

import inspect
import re
import textwrap

import pytest

from shoptrack.plugins import DIRECTIVES

from .conftest import ROOT
from .quotes import BLOCK, GUIDE, PAGES, rewritten

TEXT = GUIDE.read_text()
EXAMPLE = ROOT / "examples" / "shoptrack_budgets"
NAMES = [directive.__name__ for directive in DIRECTIVES]


def section(name: str) -> str:
    """Return the text of a directive's section."""
    found = re.search(rf"^### `{name}`\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, f"docs/plugins.md has no section ### `{name}`."
    return found[1]


@pytest.mark.parametrize("name", NAMES)
def test_every_directive_is_in_the_table_and_has_a_section(name):
    assert re.search(rf"^\| \[`{name}`\]\(#{name}\) \| .+ \|$", TEXT, re.MULTILINE)
    for said in ("**When.**", "**Errors.**"):
        assert said in section(name)


@pytest.mark.parametrize("directive", DIRECTIVES, ids=NAMES)
def test_every_directive_has_a_docstring_with_an_example(directive):
    lines = inspect.cleandoc(directive.__doc__ or "").splitlines()
    assert lines, directive.__name__
    indented = [line for line in lines if line.startswith("    ") or not line]
    example = textwrap.dedent("\n".join(indented[: len(lines)]))
    assert f"config.{directive.__name__}(" in example


def test_nothing_is_told_of_that_is_no_directive():
    assert sorted(re.findall(r"^### `(\w+)`$", TEXT, re.MULTILINE)) == sorted(NAMES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_quoted_is_what_the_files_hold(page):
    text = page.read_text()
    assert rewritten(text) == text, "Run make docs."


def test_the_modules_of_the_example_are_quoted():
    quoted = {match["path"] for match in BLOCK.finditer(TEXT)}
    modules = {
        str(file.relative_to(ROOT)) for file in (EXAMPLE / "shoptrack_budgets").rglob("*.py")
    }
    assert modules <= quoted


def test_a_quote_of_what_is_not_there_is_an_error():
    block = "<!-- {} -->\n```python\n```"
    for what in ("pyproject.toml:project.nothing", "shoptrack/errors.py:Nothing"):
        with pytest.raises(LookupError):
            rewritten(block.format(what))


def test_the_example_uses_what_is_offered_to_everybody():
    for file in EXAMPLE.rglob("*.py"):
        imported = re.findall(r"^(?:from|import) (shoptrack\w*)", file.read_text(), re.MULTILINE)
        assert set(imported) <= {"shoptrack", "shoptrack_budgets"}, file
