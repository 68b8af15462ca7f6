"""What plugins may import: names that the core's packages export. Our own plugins import nothing else."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .quotes import GUIDE
from .reference import PACKAGES, write_reference

ROOT = Path(__file__).parents[2]
PLUGINS = [
    "shoptrack_auth",
    "shoptrack_admin",
    "shoptrack_reports",
    "shoptrack_barcodes",
    "shoptrack_django_import",
    "examples/shoptrack_budgets",
    "examples/shoptrack_record_notes",
    "examples/shoptrack_proxy_auth",
    "shoptrack/cli/new_plugin/templates",
    "shoptrack/cli/new_plugin/part_templates",
]

CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
# What the guide does not explain, by the reason. The reference has these names.
NOT_EXPLAINED = {
    "pytest calls these hooks": {
        "shoptrack.testing": [
            "pytest_addoption",
            "pytest_configure",
            "pytest_fixture_setup",
            "pytest_pycollect_makeitem",
            "pytest_report_header",
        ],
    },
    "the command calls them": {
        "shoptrack.cli": ["INSTALLED_INI", "main"],
    },
    "the start reads settings with them, and plugins have tables": {
        "shoptrack.settings": [
            "DEVELOPMENT_KEY",
            "EXAMPLE_KEY",
            "MIN_KEY_BYTES",
            "STARTUP_FAILED",
            "SettingsTables",
            "Sources",
            "Variable",
            "format_url",
            "generate_secret_key",
            "parse_url",
            "read_memory_limit",
        ],
    },
    "whole databases are loaded with them, as by shoptrack_django_import": {
        "shoptrack.db": [
            "analyze",
            "find_nonempty_tables",
            "get_job",
            "get_last_ids",
            "lock_tables",
            "postgresql_settings",
            "reset_sequences",
        ],
    },
    "the administration and the sign-in plugin ask for what plugins add": {
        "shoptrack.plugins": ["SignInLink", "SignInLinks"],
        "shoptrack.permissions": ["Authenticator", "get_refusal"],
    },
    "migrations run with them, and plugins have revisions": {
        "shoptrack.db.migrations": [
            "CORE_PACKAGE",
            "Downgrade",
            "DowngradeImpact",
            "Leftover",
            "Lineage",
            "LineageState",
            "Lineages",
            "MigrationError",
            "NewerSchema",
            "check_no_django_tables",
            "check_not_ahead",
            "check_unreferenced",
            "find_differences",
            "find_leftovers",
            "find_pending",
            "find_stored_tables",
            "format_difference",
            "get_current_revisions",
            "get_lineage_name",
            "get_tables",
            "log_leftovers",
            "make_include_object",
            "open_exclusive_transaction",
            "refresh_derived_tables",
            "select_with_prerequisites",
            "sort_lineages",
        ],
    },
}


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


def find_unexplained(package: str) -> list[str]:
    """Return the public names of a package that no code in the guide has."""
    code = " ".join(match for page in GUIDE for match in CODE.findall(page.read_text()))
    words = set(re.findall(r"\w+", code))
    return sorted(set(importlib.import_module(package).__all__) - words)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_guide_explains_every_public_name(package):
    """Name it where it is used, in docs/plugins.md or docs/plugins/, or give the reason why not."""
    exceptions = [name for group in NOT_EXPLAINED.values() for name in group.get(package, ())]
    assert find_unexplained(package) == sorted(exceptions)


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: page.name)
def test_the_guide_imports_public_names_only(page):
    code = "\n".join(
        re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    )
    imports = re.findall(
        r"^from (shoptrack(?:\.[\w.]+)?) import (\([^)]*\)|.*)$", code, re.MULTILINE
    )
    for module, names in imports:
        assert module in PACKAGES, f"{page.name} imports {module}"
        assert set(re.findall(r"\w+", names)) <= {*importlib.import_module(module).__all__}
