"""The screens on which pages are looked at: one on each run, all of them by `.ci/run`."""

from __future__ import annotations

import pytest

SCREENS = [
    (390, "light"),
    *(pytest.param(*screen, marks=pytest.mark.deep) for screen in [(390, "dark"), (1440, "light"), (1440, "dark")]),
]
"""Width in pixels, and whether it is light or dark."""
