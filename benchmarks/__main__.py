"""`python -m benchmarks`: one stage, all figures, one table."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterator

from benchmarks import bare, gate, pillars, push, till
from benchmarks.figure import HEAD, Figure
from benchmarks.stage import Stage, application, more_codes, stage


def _all(running: Stage) -> Iterator[Figure]:
    yield Figure("first start, demo made", running.first_start, "s", 20.0, "s aimed at")
    yield Figure("later start", running.later_start, "s", 5.0, "s aimed at")
    yield Figure("memory of the whole stack, idle", running.memory(), "MiB PSS", 700.0, "MiB aimed at")
    app = application(running)
    owner = app.config["VOELGOED"].database_owner_url.replace("postgresql+psycopg://", "postgresql://")
    bare.prepare(owner)
    codes = more_codes(app, running, gate.NEEDED + push.PUSHES)
    yield from gate.figures(running, codes[: gate.NEEDED], owner)
    yield from push.figures(running, codes[gate.NEEDED :])
    yield from till.figures(running, owner)
    yield from pillars.figures(app, running, owner)


def main() -> None:
    """Print the table, and with --json the figures for a program."""
    rows = []
    print(f"{platform.platform()}, Python {platform.python_version()}\n\n{HEAD}", flush=True)
    with stage() as running:
        for one in _all(running):
            rows.append(one)
            print(one.row(), flush=True)
    if "--json" in sys.argv:
        print(json.dumps([{**vars(one), "ratio": one.ratio} for one in rows], indent=1))


if __name__ == "__main__":
    main()
