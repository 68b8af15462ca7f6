"""Formats numbers and amounts for users."""


def format_money(amount: int) -> str:
    """Format an amount of the household's currency, given in its smallest unit."""
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{sign}¥{abs(amount):,}"
