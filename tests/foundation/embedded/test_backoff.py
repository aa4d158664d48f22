"""What keeps dying is started again ever more slowly, what was steady at once."""

from __future__ import annotations

from voelgoed.foundation.embedded.backoff import Backoff


def test_delays_double_up_to_half_a_minute() -> None:
    backoff = Backoff()
    assert [backoff.after(0.1) for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert backoff.ends == 8


def test_a_steady_minute_makes_it_quick_again() -> None:
    backoff = Backoff()
    assert [backoff.after(lived) for lived in (1, 1, 61, 1)] == [0.5, 1, 0.5, 1]
