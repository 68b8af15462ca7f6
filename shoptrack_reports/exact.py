"""Amounts of money that are fractions: kept exact to the end, and rounded once."""

from fractions import Fraction

from shoptrack.resources.fields import JSONSchema

PLACES = 6
AMOUNT: JSONSchema = {
    "type": "string",
    "format": "decimal",
    "pattern": rf"^[0-9]+\.[0-9]{{{PLACES}}}$",
}


def rounded(amount: Fraction) -> str:
    """Return an amount that is not negative as text, rounded to six places, half to even."""
    whole, rest = divmod(round(amount * 10**PLACES), 10**PLACES)
    return f"{whole}.{rest:0{PLACES}}"
