"""Numbers as people type and read them."""

import subprocess
import sys
from decimal import Decimal

import pytest
from babel.localedata import locale_identifiers

from shoptrack.i18n import InvalidNumber, format_number, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1280", "1280"),
        ("1,280", "1280"),
        ("1,234,567.89", "1234567.89"),
        ("１，２８０．５", "1280.5"),
        ("1２8０", "1280"),
        ("\u3000 1,280 \t", "1280"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0.123", "0.123"),
        ("007", "7"),
        ("+5", "5"),
        ("＋5", "5"),
        ("-0.50", "-0.50"),
        *((f"{minus}1,280", "-1280") for minus in "-−－‐‑‒–—―﹣ーｰ"),
        ("12345678901234567890123456789012345.5", "12345678901234567890123456789012345.5"),
    ],
)
def test_a_number_is_read_as_it_is_typed(text, number):
    for locale in ("en", "ja"):
        assert str(parse_number(text, locale)) == number


@pytest.mark.parametrize(
    "text",
    [
        "12,80",
        "1,2,3",
        "0,123",
        "01,280",
        "1234,567",
        "12,34,567",
        "1,280,",
        ",280",
        "1.280,50",
        "１２，８０",
    ],
)
def test_misplaced_separators_are_refused(text):
    with pytest.raises(InvalidNumber) as refused:
        parse_number(text, "en")
    assert refused.value.args == (
        f"“{text}” has “,” in a wrong place. It separates thousands, as in 1,234.5.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        ".",
        "a",
        "1_000",
        "1e3",
        "NaN",
        "Infinity",
        "1.2.3",
        "--5",
        "5-",
        "- 5",
        "1 280",
    ]
    + ["0x10", "1/2", "½", "5²", "①", "10–20", "(5)", "五", "1\n2", "9" * 101],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(InvalidNumber, match="is not a number. Write it like 1,234.5."):
        parse_number(text, "ja")


@pytest.mark.parametrize(
    ("locale", "text", "number"),
    [
        ("de", "1.280,50", "1280.50"),
        ("de", "12,80", "12.80"),
        ("de-CH", "1'280.5", "1280.5"),
        ("fr", "1 280,5", "1280.5"),
        ("fr", "1\u00a0280,5", "1280.5"),
        ("hi", "12,34,567", "1234567"),
        ("fa", "\u200e−1,280", "-1280"),
        ("tlh", "1,280", "1280"),  # Babel has no Klingon
    ],
)
def test_each_language_has_its_own_separators(locale, text, number):
    assert str(parse_number(text, locale)) == number


def test_the_separators_of_another_language_are_refused():
    for locale, text in [("de", "1.28"), ("de", "1,280.50"), ("hi", "1,234,567"), ("fr", "1.280")]:
        with pytest.raises(InvalidNumber):
            parse_number(text, locale)


def test_numbers_are_written_with_separators():
    assert format_number(1234567) == "1,234,567"
    assert format_number(Decimal("1234.500")) == "1,234.5"
    assert format_number(Decimal("-0.50"), "ja") == "−0.5"
    assert format_number(Decimal("1E+3")) == "1,000"
    assert format_number(100) == "100"
    assert format_number(Decimal("-1234.5"), "de") == "−1.234,5"


def test_what_is_written_is_read_in_every_language():
    numbers = [Decimal(text) for text in ("0", "-1", "999", "1000", "-1234567.125", "12345678.5")]
    for locale in locale_identifiers():
        for number in numbers:
            assert parse_number(format_number(number, locale), locale) == number, locale


def test_babel_is_loaded_with_the_first_number_only():
    """Its data takes 5 MB, which a server that serves the API alone does not need."""
    code = (
        "import sys; import shoptrack.testing; from shoptrack.i18n import NumberFormat, find_currency;"
        "number_format = NumberFormat('en', find_currency('EUR')); print('babel' in sys.modules);"
        "number_format.format_amount(1280); print('babel' in sys.modules)"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout.split() == ["False", "True"]
