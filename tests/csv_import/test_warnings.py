"""What is unlikely about the lines of a file."""

import pytest

from .conftest import HEADER, LINE

SECOND = LINE.replace(",250", ",251")


@pytest.fixture
def usual(importer):
    """Import four lines whose price is usual."""
    days = ("04-01", "04-02", "04-03", "04-04")
    importer(HEADER + "".join(LINE.replace("04-01", day) for day in days), status=201)


def get_warnings(answer):
    return [(one["line"], one["field"], one["code"]) for one in answer.json["warnings"]]


def test_a_dry_run_names_unlikely_lines(importer, usual):
    text = (
        HEADER
        + LINE.replace("04-01", "04-05").replace(",250", ",25000")
        + SECOND.replace("04-01", "04-04")
    )
    answer = importer(text, dry_run=True, warnings=True)
    assert get_warnings(answer) == [(2, "price", "price_outlier")]
    assert answer.json["counts"]["faulty"] == 0


def test_they_keep_nothing_from_being_stored(importer, usual, api):
    text = HEADER + LINE.replace(",250", ",25000")
    answer = importer(text, warnings=True, status=201)
    assert get_warnings(answer) == [(2, "price", "price_outlier")]
    assert len(api.get("/api/shopping-records/").json) == 5


def test_two_equal_lines_are_named(importer):
    answer = importer(HEADER + LINE + LINE, warnings=True, dry_run=True)
    assert {code for _line, _field, code in get_warnings(answer)} == {"equal_record"}


def test_a_changed_row_is_not_compared_with_itself(importer, usual, api):
    record = api.get("/api/shopping-records/").json[0]
    text = f"id,price\r\n{record['id']},99\r\n"
    answer = importer(text, warnings=True, dry_run=True)
    assert get_warnings(answer) == []
    text = f"id,price\r\n{record['id']},99000\r\n"
    assert get_warnings(importer(text, warnings=True, dry_run=True)) == [
        (2, "price", "price_outlier")
    ]


def test_without_the_parameter_there_are_none(importer):
    assert "warnings" not in importer(HEADER + LINE, dry_run=True).json
