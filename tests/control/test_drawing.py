"""Lines of minutes as path data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voelgoed.control.drawing import HEIGHT, ceiling, chart, line, spark
from voelgoed.control.picture import Bar

MINUTES = st.lists(st.integers(0, 100_000), min_size=1, max_size=60)


@given(st.integers(0, 10_000_000))
def test_the_top_line_is_round_and_never_below(most: int) -> None:
    top = ceiling(most)
    assert top >= max(most, 10)
    assert top <= max(10, 2 * most)
    assert str(top).rstrip("0") in {"1", "15", "2", "3", "4", "6", "8"}


@given(MINUTES)
def test_a_line_has_a_point_a_minute_inside_its_box(values: list[int]) -> None:
    points = line(values, 1000, HEIGHT, max(values)).removeprefix("M").split()
    heights = [float(y) for y in points[1::2]]
    assert len(heights) == len(values)
    assert all(0 <= y <= HEIGHT for y in heights)
    assert spark(values).startswith("M")


def test_nothing_is_a_flat_line() -> None:
    assert line([], 10, 5, 1) == "M0 5H10"
    assert "0 now, 0 at most" in chart([0] * 60, [0] * 60, ()).words


@pytest.mark.parametrize(
    ("bodies", "capacity", "state"),
    [(0, 0, "calm"), (79, 100, "calm"), (80, 100, "wait"), (94, 100, "wait"), (95, 100, "stop"), (130, 100, "stop")],
)
def test_a_bar_follows_the_thresholds_and_never_leaves_its_box(bodies: int, capacity: int, state: str) -> None:
    bar = Bar(bodies, capacity)
    assert bar.state == state
    assert 0 <= bar.width <= 100
