"""Markdown: what the results are written in."""

from collections.abc import Iterable, Mapping, Sequence


def facts(facts: Mapping[str, str]) -> str:
    """Return what the figures depend on, as a list."""
    return "".join(f"- {name}: {value}\n" for name, value in facts.items())


def section(heading: str, content: str) -> str:
    """Return text under its heading; where nothing was measured, there is neither."""
    return f"## {heading}\n\n{content}" if content else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose columns stand one under the other in plain text too; nothing without rows."""
    lines = [list(head), *(list(row) for row in rows)]
    if len(lines) == 1:
        return ""
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    lines.insert(1, ["-" * max(3, width) for width in widths])
    return "".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |\n"
        for line in lines
    )
