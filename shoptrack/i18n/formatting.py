"""Formats numbers and amounts for users."""

from decimal import Decimal


def format_money(amount: int) -> str:
    """Format an amount of the household's currency, given in its smallest unit."""
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{sign}¥{abs(amount):,}"


def format_number(value: int | Decimal) -> str:
    """Format a number with thousands separators and without trailing zeros."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "\N{MINUS SIGN}")
