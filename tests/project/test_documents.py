"""What the documents lead to is there: other documents, headings in them, files and folders."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import ROOT

DOCUMENTS = sorted(
    document.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "docs/*/*.md", "benchmarks/*.md", "examples/*/*.md")
    for document in ROOT.glob(pattern)
)
FOLDERS = (
    "alembic",
    "benchmarks",
    "deploy",
    "docs",
    "examples",
    "tests",
    r"shoptrack(?:_auth|_admin|_reports|_barcodes|_django_import)?",
)
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)")
FILE = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]+)(?:::\w+)?`")
MEASURED = "RESULTS"  # what `make bench` and the like write, on the machine that they measure
MADE = (
    "benchmarks/.venv",
    "docs/screenshots",
    "shoptrack/openapi/pages/vendor/",
)  # by tasks and by the build


def text_of(document: Path) -> str:
    """Return a document without its blocks of code."""
    return re.sub(r"^ *```.*?^ *```$", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)


def anchors(document: Path) -> Iterator[str]:
    """Yield the names by which the headings of a document are led to, as GitHub makes them."""
    for heading in re.findall(r"^#+ (.+)$", text_of(document), re.MULTILINE):
        kept = (c for c in heading.lower() if c in " -_" or unicodedata.category(c)[0] in "LN")
        yield "".join(kept).replace(" ", "-")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name):
    document = ROOT / name
    for path, anchor in LINK.findall(text_of(document)):
        target = document.parent / path if path else document
        assert target.exists() or target.name.startswith(MEASURED), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_files_that_are_named_are_there(name):
    named = [path for path in FILE.findall(text_of(ROOT / name)) if path not in MADE]
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_readme_leads_to_every_document():
    led = {path for path, _ in LINK.findall((ROOT / "README.md").read_text())}
    by_the_guide = {name for name in DOCUMENTS if name.startswith("docs/plugins/")}
    assert {name for name in DOCUMENTS if name.startswith("docs/")} - by_the_guide <= led
