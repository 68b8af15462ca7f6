"""The blocks of docs/plugins.md, and of the pages beside it, that quote files. ``make docs`` writes them anew.

A comment before a block says what it quotes: a file, a class or a function of one, or a table of a .toml file::

    <!-- examples/shoptrack_budgets/shoptrack_budgets/models.py:Budget -->
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "plugins.md"
PAGES = [GUIDE, *sorted((ROOT / "docs" / "plugins").glob("*.md"))]
BLOCK = re.compile(
    r"^<!-- (?P<path>[\w./-]+)(?::(?P<name>\S+))? -->\n```(?P<language>\w*)\n.*?^```$",
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
    comment = f"<!-- {path}:{name} -->" if name else f"<!-- {path} -->"
    return f"{comment}\n```{match['language']}\n{quoted.strip()}\n```"


def _part(source: str, name: str, path: str) -> str:
    if path.endswith(".toml"):
        found = re.search(rf"^\[{re.escape(name)}\]\n.*?(?=^(?:\[|#)|\Z)", source, re.M | re.S)
        if found:
            return found[0]
        raise LookupError(f"{path} has no [{name}].")
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            return "\n".join(source.splitlines()[first - 1 : node.end_lineno])
    raise LookupError(f"{path} has no class or function {name}.")


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(rewritten(page.read_text(encoding="utf-8")), encoding="utf-8")
