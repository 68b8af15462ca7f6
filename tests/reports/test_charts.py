"""Where the parts of a chart lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoptrack_reports.charts import Scale, get_bar_lengths, make_column_chart

AMOUNTS = st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=24)


@given(AMOUNTS)
def test_every_column_lies_within_the_chart_and_touches_the_line_of_zero(values):
    chart = make_column_chart(values)
    (zero,) = [tick.y for tick in chart.ticks if tick.value == 0]
    for value, column in zip(values, chart.columns, strict=True):
        assert 0 <= column.x < column.x + column.width <= 100
        assert 0 <= column.y <= column.y + column.height <= 100
        foot = column.y + column.height if value >= 0 else column.y
        assert foot == pytest.approx(zero, abs=0.02)


@given(AMOUNTS)
def test_a_few_round_lines_cover_all_values(values):
    ticks = [tick.value for tick in make_column_chart(values).ticks]
    assert len(ticks) <= 6
    assert ticks[0] <= min(0, *values)
    assert ticks[-1] >= max(0, *values)
    steps = {after - before for before, after in zip(ticks, ticks[1:], strict=False)}
    assert all(str(step).rstrip("0") in ("1", "2", "5") for step in steps)


@given(AMOUNTS)
def test_a_scale_has_every_value_between_its_ends_in_proportion(values):
    scale = Scale.of(values)
    ends = scale.get_fraction(scale.bottom), scale.get_fraction(scale.top)
    assert ends == ((0, 1) if scale.top > scale.bottom else (1, 1))
    assert all(0 <= scale.get_fraction(value) <= 1 for value in values)


def test_bars_are_as_long_as_their_share_of_the_longest():
    assert get_bar_lengths([200, 100, 0, -5]) == [100.0, 50.0, 0.0, 0.0]
    assert get_bar_lengths([0, 0]) == [0.0, 0.0]
    assert get_bar_lengths([]) == []
