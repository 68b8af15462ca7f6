"""What plugins may import: names that the core's packages export. Our own plugins import nothing else."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .reference import PACKAGES, write_reference

ROOT = Path(__file__).parents[2]
PLUGINS = [
    "shoptrack_auth",
    "shoptrack_admin",
    "shoptrack_reports",
    "shoptrack_django_import",
    "examples/shoptrack_budgets",
    "examples/shoptrack_record_notes",
    "examples/shoptrack_proxy_auth",
    "shoptrack/cli/new_plugin/templates",
    "shoptrack/cli/new_plugin/part_templates",
]


def find_imports(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what a file imports from the core: the module and the name."""
    text = path.read_text().replace("${includes}", "")
    code = re.sub(r"\$\{\w+\}", "name", text)  # a template, as it is for no further part
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module.split(".")[0] == "shoptrack":
                for alias in node.names:
                    yield node.module, alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "shoptrack":
                    yield alias.name, "*"


def find_files(plugin: str) -> list[Path]:
    folder = ROOT / plugin
    files = [*folder.rglob("*.py"), *folder.rglob("*.py.template")]
    return [file for file in files if ".venv" not in file.parts and "revisions" not in file.parts]


@pytest.mark.parametrize("plugin", PLUGINS)
def test_plugins_import_public_names_only(plugin):
    files = find_files(plugin)
    private = [
        f"{file.relative_to(ROOT)}: from {module} import {name}"
        for file in files
        for module, name in find_imports(file)
        if module not in PACKAGES or name not in importlib.import_module(module).__all__
    ]
    assert private == []


def test_revisions_of_plugins_import_nothing_of_their_packages():
    for plugin in PLUGINS:
        for file in (ROOT / plugin).rglob("revisions/*.py"):
            for module, _name in find_imports(file):
                assert module in PACKAGES, f"{file.relative_to(ROOT)} imports {module}"


def test_every_public_name_is_there_and_has_a_docstring():
    for package in PACKAGES:
        module = importlib.import_module(package)
        for name in module.__all__:
            assert hasattr(module, name), f"{package} exports {name}, which it does not have"


def test_the_reference_has_every_public_name():
    """`make docs` writes it anew."""
    reference = (ROOT / "docs/reference.md").read_text()
    assert reference == write_reference()
