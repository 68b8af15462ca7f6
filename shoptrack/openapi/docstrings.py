"""What code says of itself, for readers of the API's description."""


def first_paragraph(text: str | None) -> str:
    """Return the first paragraph of a docstring in one line, "" where there is none."""
    return " ".join((text or "").split("\n\n")[0].split())
