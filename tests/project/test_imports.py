"""No module imports itself over others. `make lint` checks that imports go down only (import-linter)."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = [
    "shoptrack",
    "shoptrack_auth",
    "shoptrack_admin",
    "shoptrack_reports",
    "shoptrack_barcodes",
    "shoptrack_django_import",
]


def find_modules() -> dict[str, Path]:
    files = (file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
        for file in files
    }


def find_imported(file: Path, modules: dict[str, Path]) -> set[str]:
    """Return the modules that a file imports, in functions and for type checkers too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: imports are absolute"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                found.add(name if name in modules else str(node.module))
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found & modules.keys()


def test_no_import_leads_back():
    modules = find_modules()
    graph = {name: find_imported(file, modules) - {name} for name, file in modules.items()}
    assert len(graph) > 300
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(f"These import each other: {' → '.join(error.args[1])}") from None


KINDS = {
    "Boolean",
    "Choice",
    "Computed",
    "Date",
    "DateTime",
    "Decimal",
    "Integer",
    "LongText",
    "Reference",
    "Text",
}


def find_questions_about_kinds(file: Path) -> list[str]:
    """Return where code asks which kind of field it has, by ``isinstance`` or ``match``."""
    tree = ast.parse(file.read_text())
    fields = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("shoptrack.resources")
        for alias in node.names
        if alias.name in KINDS
    }
    asked = [
        node.args[1]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("isinstance", "issubclass")
    ]
    asked += [node.cls for node in ast.walk(tree) if isinstance(node, ast.MatchClass)]
    return [
        f"{file.relative_to(ROOT)}:{part.lineno}"
        for expression in asked
        for part in ast.walk(expression)
        if isinstance(part, ast.Name) and part.id in fields
    ]


def test_nothing_asks_which_kind_a_field_is():
    found = []
    for file in find_modules().values():
        if "fields" not in file.parts:
            found += find_questions_about_kinds(file)
    assert found == []


def test_the_core_has_few_rooms():
    rooms = {
        path.name
        for path in (ROOT / "shoptrack").iterdir()
        if path.suffix == ".py" or (path.is_dir() and any(path.rglob("*.py")))
    } - {"revisions"}  # which Alembic reads and nobody imports
    assert len(rooms) <= 20, sorted(rooms)
    described = (ROOT / "docs/architecture.md").read_text()
    assert [room for room in sorted(rooms) if f"`{room}" not in described] == []


def test_modules_are_worth_opening_and_not_too_long():
    for file in find_modules().values():
        lines = len(file.read_text().splitlines())
        assert lines <= 400, f"{file.relative_to(ROOT)} has {lines} lines"
