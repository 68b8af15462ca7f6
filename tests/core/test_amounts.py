"""Amounts of money as people type and read them."""

from decimal import Decimal

import pytest
from babel.core import get_global
from babel.localedata import locale_identifiers
from babel.numbers import get_territory_currencies

from shoptrack.i18n import InvalidNumber, find_currency, format_amount, parse_amount
from shoptrack.i18n.currencies import CODES

JPY, EUR, KWD, CHF = (find_currency(code) for code in ("JPY", "EUR", "KWD", "CHF"))


@pytest.mark.parametrize(
    ("currency", "locale", "amount", "text"),
    [
        (JPY, "en", 1280, "¥1,280"),
        (JPY, "ja", 1280, "¥1,280"),
        (JPY, "ja", -1280, "−¥1,280"),
        (JPY, "en", 0, "¥0"),
        (EUR, "en", 1280, "€12.80"),
        (EUR, "ja", -5, "−€0.05"),
        (EUR, "de", -123456, "−1.234,56\u00a0€"),
        (KWD, "en", 12800, "KWD\u00a012.800"),
        (CHF, "de-CH", 1280, "CHF\u00a012.80"),
        (CHF, "ccp", 1280, "12.80\u00a0CHF"),
        (find_currency("RSD"), "en", 12800, "RSD\u00a0128.00"),
    ],
)
def test_an_amount_is_written_in_the_readers_language(currency, locale, amount, text):
    assert format_amount(amount, currency, locale) == text


def test_a_short_amount_has_no_decimals_that_are_zero():
    assert format_amount(128_000, EUR, "en", is_short=True) == "€1,280"
    assert format_amount(128_050, EUR, "en", is_short=True) == "€1,280.50"


def test_parts_of_the_smallest_unit_are_further_decimals():
    shown = [format_amount(Decimal(text), EUR, "en") for text in ("1.28", "128", "0.00049")]
    assert shown == ["€0.0128", "€1.28", "€0.00"]
    assert format_amount(Decimal("19.500000"), JPY, "en") == "¥19.5"


@pytest.mark.parametrize(
    ("currency", "text", "amount"),
    [
        *((JPY, text, 1280) for text in ("1280", "1,280", "¥1,280", "￥１，２８０", "¥ 1,280")),
        *((JPY, text, 1280) for text in ("1,280円", "JPY 1,280", "1280 jpy", "1280.00")),
        *(
            (JPY, text, -1280)
            for text in ("-1,280", "−¥1,280", "¥−1,280", "￥－１２８０", "ー1280円")
        ),
        *(
            (EUR, text, 1280)
            for text in ("12.8", "12.80", "€12.80", "12.80 €", "12.800", "EUR 12.80")
        ),
        *((EUR, text, 128000) for text in ("1,280", "€1,280.00")),
        (EUR, "-.05", -5),
        (KWD, "1.28", 1280),
    ],
)
def test_an_amount_is_read_as_it_is_typed(currency, text, amount):
    assert parse_amount(text, currency, "ja") == amount


@pytest.mark.parametrize(
    ("currency", "text", "message"),
    [
        (JPY, "12.5", "Amounts in JPY have no decimals."),
        (EUR, "12.805", "Amounts in EUR have at most 2 decimals."),
        (EUR, "12,80", "“12,80” has “,” in a wrong place. It separates thousands, as in 1,234.5."),
        (
            EUR,
            "€12,80",
            "“€12,80” has “,” in a wrong place. It separates thousands, as in 1,234.5.",
        ),
        *(
            (JPY, text, f"“{text}” is not an amount in JPY. Write it like ¥1,234.")
            for text in ("", "¥", "$12", "12 €", "-¥-5", "¥¥5", "5¥5", "1e3", "12 80", "JPY")
        ),
        (EUR, "¥12", "“¥12” is not an amount in EUR. Write it like €1,234.00."),
        (JPY, "9" * 2000, f"“{'9' * 100}…” is not an amount in JPY. Write it like ¥1,234."),
    ],
)
def test_what_is_no_amount_is_refused(currency, text, message):
    with pytest.raises(InvalidNumber) as refused:
        parse_amount(text, currency, "en")
    assert refused.value.args == (message,)


def test_what_is_written_is_read_in_every_language():
    for locale in locale_identifiers():
        for currency in (JPY, EUR, KWD, CHF):
            for amount in (0, 7, -1, 1234567, -100000):
                text = format_amount(amount, currency, locale)
                if locale.startswith("fy") and amount < 0:  # West Frisian writes 5-
                    continue
                assert parse_amount(text, currency, locale) == amount, (locale, text)


def test_the_currencies_are_those_of_iso_4217():
    """Babel knows the name of each, and each currency that is legal tender today is among them."""
    names = get_global("all_currencies")
    tender = {
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory, tender=True)
    }
    assert [code for code in CODES if code not in names] == []
    assert sorted(tender - set(CODES)) == []
    assert [find_currency(code).digits for code in ("jpy", " EUR ", "BHD", "CLF")] == [0, 2, 3, 4]


def test_an_unknown_code_is_refused():
    for code in ("XYZ", "", "YEN", "¥", "JPYY"):
        with pytest.raises(ValueError, match="No currency of ISO 4217 has the code"):
            find_currency(code)
