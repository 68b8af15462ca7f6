"""Amounts as people read them."""


def money(amount: int) -> str:
    """Return an amount of the household's currency."""
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{sign}¥{abs(amount):,}"
