"""The catalogues of translations are complete, and fit the sources. `make messages` brings them up to date."""

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from .conftest import ROOT

CATALOGUES = ("shoptrack*/locale/*/*/*.po", "examples/*/shoptrack_*/locale/*/*/*.po")
PATHS = sorted(path.relative_to(ROOT) for some in CATALOGUES for path in ROOT.glob(some))
PLACEHOLDER = re.compile(r"%\(\w+\)s|\$\{\w+\}|\{\w+\}")


@pytest.fixture(params=PATHS, ids=str)
def path(request) -> Path:
    return ROOT / request.param


@pytest.fixture
def catalogue(path):
    with path.open("rb") as file:
        return read_po(file)


def key(message):
    return message.id, message.context


def test_every_message_of_the_sources_is_there_and_no_other(path, catalogue, tmp_path):
    package = path.relative_to(ROOT).parents[3]
    extracted = tmp_path / "messages.pot"
    pybabel = Path(sys.executable).parent / "pybabel"
    command = [
        pybabel,
        "--quiet",
        "extract",
        "--mapping",
        "pyproject.toml",
        "-o",
        extracted,
        package,
    ]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)
    with extracted.open("rb") as file:
        wanted = {key(message) for message in read_po(file) if message.id}
    assert {key(message) for message in catalogue if message.id} == wanted
    assert not catalogue.obsolete


def test_every_message_is_translated_with_the_same_placeholders(catalogue):
    for message in filter(lambda message: message.id, catalogue):
        assert not message.fuzzy, message.id
        plural = isinstance(message.id, tuple)
        translations = message.string if plural else (message.string,)
        original = message.id[-1] if plural else message.id
        for translation in translations:
            assert translation, message.id
            assert sorted(PLACEHOLDER.findall(translation)) == sorted(PLACEHOLDER.findall(original))


def test_what_is_served_is_compiled_from_the_catalogue(path, catalogue):
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue()
