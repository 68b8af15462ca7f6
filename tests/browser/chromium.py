"""Debian's Chromium, which Playwright drives: nothing is downloaded."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Whatever a page asks for, there is no other host in the world.
CUT_OFF = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"


def program() -> str:
    """Return the path of a Chromium. Without one the test is skipped."""
    for name in PROGRAMS:
        if found := shutil.which(name):
            return found
    sentence = f"There is no {' or '.join(PROGRAMS)} here. Debian has it: apt-get install chromium"
    pytest.skip(sentence)


@contextmanager
def launched() -> Iterator[Browser]:
    """Run a browser without a window that reaches this machine alone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=[CUT_OFF])
        yield browser
        browser.close()
