"""Amounts of money as people type and read them: ¥1,280, €12.80, or 12,80 € in German.

Everywhere else an amount is a whole number of the currency's smallest unit.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from shoptrack.i18n.currencies import Currency
from shoptrack.i18n.numbers import (
    MAX_LENGTH,
    MINUS,
    InvalidNumber,
    NumberMarks,
    check_groups,
    find_locale,
    fold,
    get_marks,
    read_folded,
)
from shoptrack.i18n.text_input import shorten
from shoptrack.i18n.translation import _

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
LOCAL_SIGNS = {"CNY": "元", "JPY": "円", "KRW": "원"}  # typed in pages of any language
PART_DIGITS = 3  # decimals of a smallest unit that are shown


@dataclass(frozen=True)
class AmountMarks:
    """How a language writes amounts of a currency.

    :param affixes: texts before and after the digits of an amount
    :param negative: the same for amounts below zero
    :param typed: matches the folded text of an amount: signs, and what else is no mark of the currency
    """

    numbers: NumberMarks
    affixes: tuple[str, str]
    negative: tuple[str, str]
    typed: re.Pattern[str]


@lru_cache
def _get_marks(code: str, locale: str) -> AmountMarks:
    from babel.numbers import get_currency_name, get_currency_symbol

    found = find_locale(locale)
    # Japanese has a full-width yen sign of its own, which looks lost beside narrow digits.
    symbol = fold(get_currency_symbol(code, found))
    standard = found.currency_formats["standard"]
    affixes, negative = (
        (_write_prefix(standard.prefix[n], symbol), _write_suffix(standard.suffix[n], symbol))
        for n in (0, 1)
    )
    names = {code, symbol, get_currency_name(code, locale=found), *LOCAL_SIGNS.get(code, ())}
    names |= {get_currency_name(code, count, found) for count in (1, 2)}
    mark = "|".join(re.escape(fold(name)) for name in sorted(names, key=len, reverse=True))
    typed = rf"([+-]?)\s*(?:{mark})?\s*([+-]?)\s*(.*?)\s*(?:{mark})?"
    return AmountMarks(
        get_marks(locale), affixes, negative, re.compile(typed, re.IGNORECASE | re.DOTALL)
    )


def _write_prefix(pattern: str, symbol: str) -> str:
    text = pattern.replace("-", MINUS).replace("¤", symbol)
    return text + NO_BREAK_SPACE if pattern.endswith("¤") and _is_word(symbol[-1]) else text


def _write_suffix(pattern: str, symbol: str) -> str:
    text = pattern.replace("-", MINUS).replace("¤", symbol)
    return NO_BREAK_SPACE + text if pattern.startswith("¤") and _is_word(symbol[0]) else text


def _is_word(character: str) -> bool:
    """Return whether a space separates the character from digits, as in CHF 5 (a rule of CLDR that Babel lacks)."""
    return unicodedata.category(character)[0] not in "SZ"


def parse_amount(text: str, currency: Currency, locale: str) -> int:
    """Return the amount that somebody typed, in the currency's smallest unit.

    The currency's sign, code or name may stand before or after the number.

    :param locale: the name of the language, whose separators count
    :raises InvalidNumber: it is no amount in this currency, or has more decimals than the currency
    """
    marks = _get_marks(currency.code, locale)
    match = marks.typed.fullmatch(fold(text)) if len(text) <= MAX_LENGTH else None
    number = None
    if match is not None:
        folded = f"{match[1]}{match[2]}{match[3]}"
        number = read_folded(folded, marks.numbers)
        if number is None:
            check_groups(text, folded, marks.numbers)
    if number is None:
        example = format_amount(1234 * 10**currency.digits, currency, locale)
        raise InvalidNumber(
            _(
                "“${text}” is not an amount in ${currency}. Write it like ${example}.",
                text=shorten(text),
                currency=currency.code,
                example=example,
            )
        )
    return to_smallest_unit(number, currency)


def to_smallest_unit(number: Decimal, currency: Currency) -> int:
    """Return an amount in the currency's smallest unit.

    :raises InvalidNumber: it has more decimals than the currency
    """
    sign, digits, exponent = number.as_tuple()
    whole = int("".join(map(str, digits)))
    shift = currency.digits + int(exponent)
    if shift < 0:
        whole, rest = divmod(whole, 10**-shift)
        if rest:
            raise InvalidNumber(_make_decimals_message(currency))
    else:
        whole *= 10**shift
    return -whole if sign else whole


def _make_decimals_message(currency: Currency) -> str:
    if not currency.digits:
        return _("Amounts in ${currency} have no decimals.", currency=currency.code)
    return _(
        "Amounts in ${currency} have at most ${digits} decimals.",
        currency=currency.code,
        digits=currency.digits,
    )


def from_smallest_unit(amount: int, currency: Currency) -> Decimal:
    """Return an amount that is given in the currency's smallest unit, with all decimals of the currency."""
    sign = int(amount < 0)
    digits = tuple(map(int, str(abs(amount))))
    return Decimal((sign, digits, -currency.digits))


def format_amount(
    amount: int | Decimal, currency: Currency, locale: str, *, is_short: bool = False
) -> str:
    """Return an amount that is given in the currency's smallest unit, as people read it.

    Of parts of the smallest unit, which prices per gram have, at most three further decimals are shown.

    :param locale: the name of the language
    :param is_short: whether to leave out decimals that are all zero, as on the axis of a chart
    """
    marks = _get_marks(currency.code, locale)
    before, after = marks.negative if amount < 0 else marks.affixes
    whole, _point, parts = f"{abs(Decimal(amount)):.{PART_DIGITS}f}".partition(".")
    digits, places = whole.rjust(currency.digits + 1, "0"), currency.digits
    end = len(digits) - places
    decimals = digits[end:] + parts.rstrip("0")
    if is_short and not decimals.strip("0"):
        decimals = ""
    text = marks.numbers.write(digits[:end], decimals)
    return f"{before}{text}{after}"
