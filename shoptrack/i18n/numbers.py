"""Numbers as people read them."""

from decimal import Decimal


def number(value: int | Decimal) -> str:
    """Return a number with its thousands set apart, and without zeros that end its decimals."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "\N{MINUS SIGN}")
