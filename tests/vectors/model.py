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
    if case["day"] in ("gone", "another_gone"):
        return "too_late"
    if case["day"] in ("to_come", "another_to_come"):
        return "too_early"
    if not case["zone_open"]:
        return "wrong_zone"
    if not case["free"]:
        if not case["inside"]:
            return "no_reentry"
        return "duplicate" if case["recent"] else "already_inside"
    if case["stopped"]:
        return "entry_stopped"  # whoever could come in otherwise waits
    return "zone_full" if case["zone_full"] else "admitted"


def cases() -> list[dict[str, Any]]:
    """Return every combination that differs in something the rules speak of."""
    plain = {
        "direction": "in", "readable": True, "key_known": True, "genuine": True, "ticket_known": True,
        "own_event": True, "replaced": False, "void": False, "day": "now", "zone_open": True, "inside": False,
        "free": True, "recent": False, "stopped": False, "zone_full": False,
    }  # fmt: skip
    made = [plain | {name: False} for name in ("readable", "key_known", "genuine", "ticket_known", "own_event")]
    days = ("now", "gone", "to_come", "another_gone", "another_to_come")
    flags = ("void", "replaced", "inside", "recent", "stopped", "zone_full")
    for direction, day, zone_open, free in itertools.product(("in", "out"), days, (True, False), (True, False)):
        for values in itertools.product((False, True), repeat=len(flags)):
            case = plain | {"direction": direction, "day": day, "zone_open": zone_open, "free": free}
            made.append(case | dict(zip(flags, values, strict=True)))
    return made


def main() -> None:
    """Write the vectors."""
    lines = [json.dumps({"facts": case, "verdict": steward(case)}) for case in cases()]
    FILE.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
