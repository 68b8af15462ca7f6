"""What is a code, and in which forms it is one."""

import pytest

from shoptrack.resources import InvalidValue
from shoptrack_barcodes.codes import compute_check_digit, normalize_code, parse_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4901234567894", "4901234567894"),
        ("4006381333931", "4006381333931"),
        ("036000291452", "036000291452"),
        ("96385074", "96385074"),
        ("00000017", "00000017"),
        (" 4901234567894\r\n", "4901234567894"),
        ("4 901234 567894", "4901234567894"),
        ("490-1234-56789-4", "4901234567894"),
        ("４９０１２３４５６７８９４", "4901234567894"),
        ("４９０ー１２３４−５６７８９４", "4901234567894"),
        ("4901\u3000234\u00a0567894", "4901234567894"),
    ],
)
def test_codes_are_read_as_people_type_paste_and_scan_them(text, code):
    assert parse_code(text) == code


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (4901234567894, "Send the barcode as text: a number loses leading zeros."),
        (True, "Send the barcode as text: a number loses leading zeros."),
        ([], "Send the barcode as text: a number loses leading zeros."),
        ("", "Enter the digits of the barcode, as in 4901234567894."),
        ("-", "Enter the digits of the barcode, as in 4901234567894."),
        ("4.90123E+12", "Enter the digits of the barcode, as in 4901234567894."),
        ("490123456789\0", "Enter the digits of the barcode, as in 4901234567894."),
        ("٤٩٠١٢٣٤٥٦٧٨٩٤", "Enter the digits of the barcode, as in 4901234567894."),
        ("12345678905", "A barcode has 8, 12 or 13 digits. This one has 11."),
        ("14901234567891", "A barcode has 8, 12 or 13 digits. This one has 14."),
        (
            "4901234567890",
            "The last digit of this barcode should be 4, not 0. Compare all digits.",
        ),
    ],
)
def test_what_is_wrong_is_said(value, message):
    with pytest.raises(InvalidValue) as error:
        parse_code(value)
    assert error.value.args == (message,)


@pytest.mark.parametrize(
    ("digits", "expected"),
    [("490123456789", "4"), ("01234567890", "5"), ("1234567", "0"), ("0000001", "7")],
)
def test_check_digits(digits, expected):
    assert compute_check_digit(digits) == expected
    assert compute_check_digit(normalize_code(digits + expected)[:-1]) == expected
