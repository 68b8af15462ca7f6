"""docs/reliability.md names tests; each of them is there, and no fault is tried that it does not tell of."""

import re

from .conftest import ROOT
from .test_security import missing, named

PAGE = (ROOT / "docs" / "reliability.md").read_text()
TABLES = [block for block in PAGE.split("\n\n") if "tried by" in block.partition("\n")[0]]
ROWS = [row for table in TABLES for row in table.splitlines()[2:]]
FAULTS = ROOT / "tests" / "faults"


def test_every_fault_and_every_limit_is_tried_by_a_test():
    assert len(ROWS) > 25
    assert [row for row in ROWS if not named(row.rpartition(" | ")[2])] == []
    assert [row for row in ROWS if row.count("::") != len(named(row))] == []


def test_every_test_that_is_named_exists():
    assert missing(ROWS) == []


def test_every_fault_that_is_tried_is_told():
    told = {name for row in ROWS for _path, name in named(row)}
    tried = {
        name
        for path in FAULTS.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(), re.MULTILINE)
    }
    assert tried - told == set()
