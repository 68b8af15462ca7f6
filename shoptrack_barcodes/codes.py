"""Codes of barcodes: EAN-8, EAN-13 (in Japan: JAN) and UPC-A.

No library checks them: python-stdnum, the usual one, is licensed under the LGPL, which asks more than ShopTrack's MIT.
"""

from typing import Any

from shoptrack.db import fold, fold_lookalikes
from shoptrack.resources import InvalidValue
from shoptrack_barcodes.translation import _

LENGTHS = (8, 12, 13)  # EAN-8, UPC-A, EAN-13
EXAMPLE = "4901234567894"
DASH = fold_lookalikes("-")


def parse_code(value: Any) -> str:
    """Return the digits of a code as somebody types, pastes or scans it: with any spaces, dashes and width.

    :raises InvalidValue: it has other characters, another length or a wrong check digit
    """
    if not isinstance(value, str):
        raise InvalidValue(_("Send the barcode as text: a number loses leading zeros."))
    code = "".join(fold_lookalikes(fold(value)).replace(DASH, "").split())
    if not (code.isascii() and code.isdigit()):
        raise InvalidValue(_("Enter the digits of the barcode, as in ${example}.", example=EXAMPLE))
    if len(code) not in LENGTHS:
        raise InvalidValue(
            _("A barcode has 8, 12 or 13 digits. This one has ${number}.", number=len(code))
        )
    expected = compute_check_digit(code[:-1])
    if code[-1] != expected:
        raise InvalidValue(
            _(
                "The last digit of this barcode should be ${expected}, not ${found}. Compare all digits.",
                expected=expected,
                found=code[-1],
            )
        )
    return code


def compute_check_digit(digits: str) -> str:
    """Return the check digit after these digits (GS1 General Specifications, 7.9)."""
    weighted = sum(int(digit) * (1 + 2 * (n % 2 == 0)) for n, digit in enumerate(digits[::-1]))
    return str(-weighted % 10)


def normalize_code(code: str) -> str:
    """Return the 13 digits of a code, which are the same for its forms: UPC-A is EAN-13 without its first zero."""
    return code.zfill(13)
