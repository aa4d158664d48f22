"""What `voelgoed up` says at its first start, and how it ends; the other journeys go on where it ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import Life, Stack

pytestmark = pytest.mark.slow


def test_the_demo_says_where_it_is_and_ends_with_all_it_started(first_life: tuple[Path, Life]) -> None:
    _, life = first_life
    assert f"ready: http://127.0.0.1:{life.port}" in life.said
    assert any("SIMULATOR" in line and "payments" in line for line in life.said)
    assert "@" in life.said[-1]  # a sign-in
    assert (life.ready, life.status, life.left) == (200, 0, [])


def test_it_runs_again_with_the_same_houses(stack: Stack) -> None:
    assert [one["slug"] for one in stack.demo()["organizations"]] == ["maroela", "bergwind"]
