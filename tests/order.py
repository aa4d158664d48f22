"""What runs when: the longest files first, and all that needs the demo's stack in one process."""

from __future__ import annotations

from zlib import crc32

import pytest
from xdist.scheduler import LoadScopeScheduling

STACK = "tests/journeys/"
"""One demo serves all of its files: seeding another takes longer than any of them."""
LONGEST = (
    STACK,
    "tests/boxoffice/till/test_till.py",
    "tests/races/test_sales_kills.py",
    "tests/scanning_page/test_scan_page.py",
    "tests/boxoffice/till/test_drawer.py",
    "tests/races/test_scan_races.py",
    "tests/boxoffice/till/",
    "tests/scanning_page/",
    "tests/races/",
    "tests/cli/",
    "tests/selling/",
    "tests/control/test_watching.py",
    "tests/foundation/workflow/test_workflow_kills.py",
    "tests/faults/",
    "tests/stateful/",
    "tests/foundation/embedded/",
    "tests/catalog/test_set_up_journey.py",
    "tests/contracts/",
    "tests/foundation/live/",
)
"""Beginnings of paths, by what their tests cost; a process that is done early takes one of the many small files."""

SPREAD = ("tests/faults/test_kills.py", "tests/faults/test_answers.py", "tests/stateful/")
"""Files of many long tests, each alone: several processes share them."""
PARTS = 6


def place(path: str) -> int:
    """Return a path's place in `LONGEST`; what is not in it comes last."""
    return next((place for place, beginning in enumerate(LONGEST) if path.startswith(beginning)), len(LONGEST))


class LongestFirst(LoadScopeScheduling):
    """Whole files, or parts of those in `SPREAD`, to one process: in the order of `LONGEST`, not of how many tests."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(STACK):
            return STACK
        path = nodeid.split("::", 1)[0]
        return f"{path}:{crc32(nodeid.encode()) % PARTS}" if path.startswith(SPREAD) else path


def scheduler(config: pytest.Config, log: object) -> LongestFirst | None:
    """Return the scheduler for whole files; any other distribution is xdist's own."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return LongestFirst(config, log)


def sort(items: list[pytest.Item]) -> None:
    """Sort tests by their place, else as collected."""
    items.sort(key=lambda item: place(item.nodeid))
