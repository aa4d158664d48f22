"""The demo: two organizations with a day on, a week ahead and an evening behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voelgoed.config import Config


def ensure_demo(config: Config) -> list[str]:
    """Make the demo on the first start, and today's event on any; returns the lines that say how to sign in."""
    from voelgoed.demo.ensure import ensure

    return ensure(config)
