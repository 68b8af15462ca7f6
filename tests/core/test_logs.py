"""Logs as JSON: written by a process of its own, since a process has one way to log."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
import logging, sys
from pyramid.paster import get_app, setup_logging
from webtest import TestApp
setup_logging("development.ini")
client = TestApp(get_app("development.ini"))
client.get("/api/", headers={"X-Request-ID": "abc"})
logging.getLogger("shoptrack").warning("two\\nlines")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("shoptrack").exception("broken")
"""


@pytest.fixture
def lines(tmp_path):
    """Return a function that returns what the script logs, line by line."""

    def lines(**environ: str) -> list[str]:
        clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        clean |= {"DATABASE_URL": f"sqlite:///{tmp_path}/logs.sqlite3", **environ}
        run = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", SCRIPT],
            env=clean,
            cwd=ROOT,
            text=True,
            capture_output=True,
            check=True,
        )
        return run.stderr.splitlines()

    return lines


def test_each_record_is_an_object_on_a_line_of_its_own(lines):
    records = [json.loads(line) for line in lines(SHOPTRACK_LOG_FORMAT="json")]
    access, warning, error = records[-3:]
    assert access["logger"] == "shoptrack.access"
    assert (access["method"], access["path"], access["status"]) == ("GET", "/api/", "200")
    assert access["milliseconds"] > 0
    assert access["request_id"] == "abc"
    assert warning["message"] == "two\nlines"
    assert (warning["level"], warning["request_id"]) == ("WARNING", "-")
    assert warning["time"].startswith("20")
    assert "ZeroDivisionError" in error["exc_info"]


def test_text_is_what_there_is_otherwise(lines):
    assert any(" GET /api/ 200 " in line for line in lines())


def test_another_format_stops_the_start(lines):
    with pytest.raises(subprocess.CalledProcessError) as error:
        lines(SHOPTRACK_LOG_FORMAT="xml")
    assert "SHOPTRACK_LOG_FORMAT" in error.value.stderr
    assert "text or json" in error.value.stderr
