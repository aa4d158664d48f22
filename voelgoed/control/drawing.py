"""Lines and areas for SVG: minutes in, path data out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1000, 170
ROUND = (1, 1.5, 2, 3, 4, 6, 8)
SPARK_WIDTH, SPARK_HEIGHT = 96, 22


@dataclass(frozen=True)
class Chart:
    """The last hour's entries and exits a minute: paths in a box of 1000 × 170, and what the scale says."""

    entries: str
    area: str
    exits: str
    top: int
    words: str
    ticks: tuple[str, ...]


def line(values: Sequence[int], width: float, height: float, top: int) -> str:
    """Return path data through the values, evenly spaced, zero at the bottom."""
    if not values:
        return f"M0 {height:g}H{width:g}"
    step = width / max(1, len(values) - 1)
    points = (f"{index * step:.1f} {height - height * value / max(1, top):.1f}" for index, value in enumerate(values))
    return "M" + " ".join(points)


def spark(values: Sequence[int]) -> str:
    """Return the small line of a gate's last hour."""
    return line(values, SPARK_WIDTH, SPARK_HEIGHT - 2, max(values, default=1))


def ceiling(most: int) -> int:
    """Return a round number of at least `most`: 10, 15, 20, 30, 40, 60, 80, 100, 150, …"""
    ten = 10
    while ten * 8 < most:
        ten *= 10
    return next(int(ten * step) for step in ROUND if ten * step >= most)


def chart(entries: Sequence[int], exits: Sequence[int], ticks: tuple[str, ...]) -> Chart:
    """Draw an hour of whole minutes."""
    most = max((*entries, *exits, 0))
    top = ceiling(most)
    drawn = line(entries, WIDTH, HEIGHT, top)
    now = entries[-1] if entries else 0
    words = f"Entries a minute over the last hour: {now} now, {max(entries, default=0)} at most."
    return Chart(drawn, f"{drawn}V{HEIGHT}H0Z", line(exits, WIDTH, HEIGHT, top), top, words, ticks)
