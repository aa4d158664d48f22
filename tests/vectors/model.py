"""The verdicts by an independent reading of the rules: `python -m tests.vectors.model` writes verdicts.json anew.

It asks its questions in the order in which a steward would, not from the table; both must agree on every case.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("verdicts.json")


def steward(case: dict[str, Any]) -> str:
    """Answer as the rules of the gate say it in words."""
    if not case["readable"] or not case["key_known"]:
        return "unknown_code"  # it is no code, or no key of ours made it
    if not case["genuine"]:
        return "forged"
    if not case["ticket_known"]:
        return "unknown_code"
    if not case["own_event"]:
        return "wrong_event"
    if case["direction"] == "out":
        return "exited" if case["inside"] else "not_inside"  # an exit is never refused
    if case["void"] or case["replaced"]:
        return "void"
    if case["blocked"]:
        return "blocked"
    if case["day"] in ("gone", "another_gone"):
        return "too_late"
    if case["day"] in ("to_come", "another_to_come"):
        return "too_early"
    if case["window"] != "now":  # its own hours of that day
        return "too_late" if case["window"] == "gone" else "too_early"
    if not case["zone_open"]:
        return "wrong_zone"
    if not case["gate_open"]:
        return "wrong_gate"
    if not case["free"]:
        if not case["inside"]:
            return "no_reentry"
        return "duplicate" if case["recent"] else "already_inside"
    if not case["group_complete"]:
        return "group_incomplete"  # too few of it have come together
    if case["stopped"]:
        return "entry_stopped"  # whoever could come in otherwise waits
    return "zone_full" if case["zone_full"] else "admitted"


PLAIN = {
    "direction": "in", "readable": True, "key_known": True, "genuine": True, "ticket_known": True, "own_event": True,
    "replaced": False, "void": False, "blocked": False, "day": "now", "window": "now", "zone_open": True,
    "gate_open": True, "inside": False, "free": True, "recent": False, "group_complete": True, "stopped": False,
    "zone_full": False,
}  # fmt: skip
"""Somebody with a good ticket who may come in now."""
DAYS = ("now", "gone", "to_come", "another_gone", "another_to_come")
PLACE = ("zone_open", "gate_open", "group_complete", "stopped", "zone_full")
TICKET = ("void", "replaced", "blocked")
RECORD = ("inside", "free", "recent")


def cases() -> list[dict[str, Any]]:
    """Return what differs in something the rules speak of: all of the ticket's, all of the place's, many of both."""
    made = [PLAIN | {name: False} for name in ("readable", "key_known", "genuine", "ticket_known", "own_event")]
    for direction, day in itertools.product(("in", "out"), DAYS):
        for ticket, record in itertools.product(_all(TICKET), _all(RECORD)):
            made.append(PLAIN | ticket | record | {"direction": direction, "day": day})
            made.append(made[-1] | {"zone_open": False, "gate_open": False, "stopped": True})
    for direction in ("in", "out"):
        made += [PLAIN | place | record | {"direction": direction}
                 for place, record in itertools.product(_all(PLACE), _all(RECORD))]  # fmt: skip
    for direction, day, window in itertools.product(("in", "out"), DAYS, ("to_come", "gone")):
        said = {"direction": direction, "day": day, "window": window}
        made += [PLAIN | place | said for place in _all(PLACE)]
        made += [PLAIN | one | said for one in (*_all(TICKET), *_all(RECORD))]
    return [dict(one) for one in dict.fromkeys(tuple(case.items()) for case in made)]


def _all(names: tuple[str, ...]) -> list[dict[str, bool]]:
    """Return every way to answer these questions."""
    return [dict(zip(names, values, strict=True)) for values in itertools.product((False, True), repeat=len(names))]


def main() -> None:
    """Write the vectors."""
    lines = [json.dumps({"facts": case, "verdict": steward(case)}) for case in cases()]
    FILE.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
