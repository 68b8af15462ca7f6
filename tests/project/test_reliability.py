"""Pages for whoever runs ShopTrack name tests; each of them is there, and each fault that is tried is told of."""

import re

import pytest

from .conftest import ROOT
from .test_security import missing, named


def get_rows(page: str) -> list[str]:
    """Return the rows of a page's tables that name tests."""
    blocks = (ROOT / "docs" / page).read_text().split("\n\n")
    tables = [block for block in blocks if "tried by" in block.partition("\n")[0]]
    return [row for table in tables for row in table.splitlines()[2:]]


PAGES = {page: get_rows(page) for page in ("reliability.md", "backup.md", "deployment.md")}
FAULTS = ROOT / "tests" / "faults"


@pytest.mark.parametrize("page", PAGES)
def test_every_promise_is_tried_by_a_test(page):
    rows = PAGES[page]
    assert len(rows) > 10
    assert [row for row in rows if not named(row.rpartition(" | ")[2])] == []
    assert [row for row in rows if row.count("::") != len(named(row))] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_is_named_exists(page):
    assert missing(PAGES[page]) == []


def test_every_fault_that_is_tried_is_told():
    told = {name for row in PAGES["reliability.md"] for _path, name in named(row)}
    tried = {
        name
        for path in FAULTS.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(), re.MULTILINE)
    }
    assert tried - told == set()
