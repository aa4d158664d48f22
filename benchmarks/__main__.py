"""`python -m benchmarks`: one stage, all figures or some, one table."""

from __future__ import annotations

import json
import platform
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any

from benchmarks import bare, gate, gate_batches, gate_bundle, ledger, phone, pillars, push, till
from benchmarks.figure import HEAD, Figure
from benchmarks.stage import Stage, application, issued, more_codes, stage

PARTS = ("stack", "gate", "phone", "push", "till", "pillars", "ledger")
CODES = {"gate": gate.NEEDED + gate_batches.NEEDED + gate_bundle.SCANS, "phone": phone.NEEDED, "push": push.PUSHES}


def _figures(running: Stage, parts: list[str], tickets: int) -> Iterator[Figure]:
    if "stack" in parts:
        yield Figure("first start, demo made", running.first_start, "s", 20.0, "s aimed at")
        yield Figure("later start", running.later_start, "s", 5.0, "s aimed at")
        yield Figure("memory of the whole stack, idle", running.memory(), "MiB PSS", 700.0, "MiB aimed at")
    app = application(running)
    owner = app.config["VOELGOED"].database_owner_url.replace("postgresql+psycopg://", "postgresql://")
    bare.prepare(owner)
    phones = gate.Phones(running)
    codes = {part: more_codes(app, running, count) for part, count in CODES.items() if part in parts}
    if "gate" in parts:
        yield from _gate(app, running, phones, codes["gate"], owner, tickets)
    if "phone" in parts:
        if "gate" not in parts:  # the gate's figures have made the event large already
            issued(app, running, tickets)
        yield from phone.figures(app, running, codes["phone"])
    if "push" in parts:
        yield from push.figures(running, phones, codes["push"])
    if "till" in parts:
        yield from till.figures(app, running, owner)
    if "pillars" in parts:
        yield from pillars.figures(app, running, owner)
    if "ledger" in parts:
        yield from ledger.figures(app, running, owner)


def _gate(
    app: Any, running: Stage, phones: gate.Phones, codes: list[str], owner: str, tickets: int
) -> Iterator[Figure]:
    few = 0.0
    for one in gate.figures(running, phones, codes[: gate.NEEDED], owner):
        few = one.value if one.name == "scan, 32 at once" else few
        yield one
    left = codes[gate.NEEDED :]
    yield from gate_batches.figures(running, phones, left[: gate_batches.NEEDED])
    issued(app, running, tickets)
    yield from gate_bundle.figures(running, phones, left[gate_batches.NEEDED :], tickets, few)


def _asked() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part; may be said several times")
    parser.add_argument("--tickets", type=int, default=100_000, help="the large event's tickets; up to 1 000 000")
    parser.add_argument("--json", action="store_true", help="print the figures once more, for a program")
    return parser.parse_args()


def main() -> None:
    """Print the table, and with --json the figures for a program."""
    asked, rows = _asked(), []
    print(f"{platform.platform()}, Python {platform.python_version()}\n\n{HEAD}", flush=True)
    with stage() as running:
        for one in _figures(running, asked.only or list(PARTS), asked.tickets):
            rows.append(one)
            print(one.row(), flush=True)
    if asked.json:
        print(json.dumps([{**vars(one), "ratio": one.ratio} for one in rows], indent=1))


if __name__ == "__main__":
    main()
