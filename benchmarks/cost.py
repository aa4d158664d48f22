"""What a load costs the stage: CPU seconds of each kind of process, and the memory that they hold afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from benchmarks.stage import Stage

KINDS = (("gunicorn", "web"), ("postgres", "PostgreSQL"), ("valkey", "cache"))
"""A word of the command line, and what the process is; the others work on jobs or keep the rest running."""


def _seconds(stage: Stage) -> Counter[str]:
    spent: Counter[str] = Counter()
    root = psutil.Process(stage.process.pid)
    for one in [root, *root.children(recursive=True)]:
        try:
            command, times = " ".join(one.cmdline()), one.cpu_times()
        except psutil.Error:
            continue
        kind = next((name for word, name in KINDS if word in command), "jobs")
        spent[kind] += times.user + times.system
    return spent


@contextmanager
def spent(stage: Stage) -> Iterator[Counter[str]]:
    """Fill a counter with the CPU seconds that the stage's processes take within: web, PostgreSQL, cache, jobs."""
    before, found = _seconds(stage), Counter[str]()
    yield found
    found.update(_seconds(stage))
    found.subtract(before)


def told(found: Counter[str], count: int) -> str:
    """Say what each of so many deeds cost, in milliseconds of CPU."""
    if not count:
        return ""
    return ", ".join(f"{kind} {1000 * seconds / count:.1f} ms" for kind, seconds in sorted(found.items()))
