"""docs/security.md names tests; each of them is there."""

import re

from .conftest import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and "tried by" not in line]
NAMED = re.compile(r"`((?:tests/[\w/]+\.py)?)::(test_\w+)`")


def named(row: str) -> list[tuple[str, str]]:
    """Return the tests that a row names, by file; one without a file is in that of the one before it."""
    tests: list[tuple[str, str]] = []
    for path, name in NAMED.findall(row):
        tests.append((path or tests[-1][0], name))
    return tests


def missing(rows: list[str]) -> list[str]:
    """Return the tests that rows name and that are not there."""
    return [
        f"{path}::{name}"
        for row in rows
        for path, name in named(row)
        if not re.search(rf"^ *def {name}\(", (ROOT / path).read_text(), re.MULTILINE)
    ]


def test_every_attack_is_tried_by_a_test():
    assert len(ROWS) > 30
    assert [row for row in ROWS if not named(row.rpartition(" | ")[2])] == []
    assert [row for row in ROWS if row.count("::") != len(named(row))] == []


def test_every_test_that_is_named_exists():
    assert missing(ROWS) == []
