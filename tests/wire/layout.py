"""Bodies as a person reads them: JSON in lines, what cannot be seen made visible, the beginning of pages."""

import json
import re

WIDTH = 118
MAX_LINES = 5  # of a text that is no JSON
# A text of JSON, and what is done with white space and commas beside it.
PART = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]|, |[^"\[\]{},]+|,')
FLAT_OBJECT = re.compile(r'\{(?:"(?:[^"\\]|\\.)*"|[^"{}\[\]])*\}')
MAX_UNBROKEN = 60


def compact(text: str) -> str:
    """Return JSON without the white space between its parts: so it is on the wire."""
    return re.sub(r'("(?:[^"\\]|\\.)*")|\s+', lambda match: match[1] or "", text)


def shown(body: bytes) -> str:
    """Return a body as text, with signs for carriage returns, a byte order mark, and a line break at its end."""
    text = body.decode(errors="backslashreplace").replace("\r", "␍").replace("\ufeff", "⟦BOM⟧")
    return text[:-1] + "⏎" if text.endswith("\n") else text


def pretty(text: str) -> list[str]:
    """Return lines for a body."""
    try:
        lines = _wrap(json.dumps(json.loads(text), ensure_ascii=False))
    except ValueError:
        lines = []
    if lines and compact("".join(lines)) == text:
        return lines
    lines = [line for line in text.split("\n") if line.strip()]
    return lines if len(lines) <= MAX_LINES else [*lines[: MAX_LINES - 1], "…"]


def _wrap(text: str) -> list[str]:
    """Break JSON where it is too wide, between any two of its members, and indent by depth.

    Each element of a list that needs several lines begins one.
    """
    if len(text) <= WIDTH:
        return [text]
    text = FLAT_OBJECT.sub(_join, text)
    lines, line, member = [], "", ""
    depth = line_depth = 0
    for part in PART.findall(text):
        depth += (part in ("[", "{")) - (part in ("]", "}"))
        member += part
        if part != ", ":
            continue
        if len(line) + len(member) > WIDTH and line.strip():
            lines.append(line.rstrip())
            line = " " * line_depth
        line, member = line + member, ""
        line_depth = depth
        if depth == 1 and text.startswith("["):
            lines.append(line.rstrip())
            line = " "
    if len(line) + len(member) > WIDTH and line.strip():
        lines.append(line.rstrip())
        line = " " * line_depth
    return [line.replace(",\0", ", ") for line in [*lines, line + member]]


def _join(match: re.Match[str]) -> str:
    """Keep a small object on one line."""
    text = match[0]
    return text.replace(", ", ",\0") if len(text) <= MAX_UNBROKEN else text
