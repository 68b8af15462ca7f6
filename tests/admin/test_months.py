"""Calendar months."""

from datetime import date

from shoptrack_admin.overview.months import Month


def test_months_go_on_over_the_end_of_a_year_and_stop_at_the_first():
    assert Month(2025, 1).shifted(-1) == Month(2024, 12)
    assert Month(2024, 12).shifted(1) == Month(2025, 1)
    assert str(Month(2025, 4).shifted(-11)) == "2024-05"
    assert Month.of(date.min).shifted(-5) == Month(1, 1)
