"""The blocks of the guide to plugins that quote files of the project. ``make docs`` writes them anew.

A comment before a block says what it quotes: a file, a class, function or method of one, or a table of a .toml file::

    <!-- examples/shoptrack_budgets/shoptrack_budgets/models.py:Budget, with imports -->

With imports, the names that it takes from ShopTrack come first.
"""

import ast
import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOUR = ROOT / "docs" / "plugins.md"
GUIDE = [TOUR, *sorted((ROOT / "docs" / "plugins").glob("*.md"))]
OUR_PACKAGES = ("shoptrack", "shoptrack_auth", "shoptrack_admin")
MAX_LENGTH = 100  # of a line
BLOCK = re.compile(
    r"^<!-- (?P<path>[\w./-]+)(?::(?P<name>[^\s,]+)(?P<imports>, with imports)?)? -->\n```(?P<language>\w*)\n.*?^```$",
    re.MULTILINE | re.DOTALL,
)


def rewritten(text: str) -> str:
    """Return a text whose blocks hold what the files hold now.

    :raises LookupError: a file lacks what is quoted of it
    """
    return BLOCK.sub(_block, text)


def _block(match: re.Match[str]) -> str:
    path, name = match["path"], match["name"]
    source = (ROOT / path).read_text(encoding="utf-8")
    quoted = _part(source, name, path) if name else source
    if match["imports"]:
        quoted = _imports(source, quoted) + quoted
    comment = match[0].partition("\n")[0]
    return f"{comment}\n```{match['language']}\n{quoted.strip()}\n```"


def _part(source: str, name: str, path: str) -> str:
    if path.endswith(".toml"):
        found = re.search(rf"^\[{re.escape(name)}\]\n.*?(?=^(?:\[|#)|\Z)", source, re.M | re.S)
        if found:
            return found[0]
        raise LookupError(f"{path} has no [{name}].")
    nodes = ast.parse(source).body
    *classes, last = name.split(".")
    for outer in classes:
        nodes = next((n.body for n in nodes if isinstance(n, ast.ClassDef) and n.name == outer), [])
    for node in nodes:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == last:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            return textwrap.dedent("\n".join(source.splitlines()[first - 1 : node.end_lineno]))
    raise LookupError(f"{path} has no class or function {name}.")


def _imports(source: str, quoted: str) -> str:
    """Return the imports from ShopTrack's packages of names that occur in a part of a file."""
    words = set(re.findall(r"\w+", quoted))
    lines = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in OUR_PACKAGES:
            names = [alias.name for alias in node.names if alias.name in words]
            line = f"from {node.module} import {', '.join(names)}"
            if len(line) > MAX_LENGTH:
                line = (
                    "\n    ".join([f"from {node.module} import (", *(f"{n}," for n in names)])
                    + "\n)"
                )
            lines += [line] if names else []
    return "\n".join(lines) + "\n\n\n" if lines else ""


if __name__ == "__main__":
    for page in GUIDE:
        page.write_text(rewritten(page.read_text(encoding="utf-8")), encoding="utf-8")
