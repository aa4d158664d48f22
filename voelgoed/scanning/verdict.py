"""Verdicts: a closed list, each with its kind and its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["go", "stop", "elsewhere"]


@dataclass(frozen=True)
class Verdict:
    """What the steward is told: `go` lets in or out, `stop` does not, `elsewhere` says where or when to go."""

    name: str
    kind: Kind
    message: str


_ALL = (
    Verdict("admitted", "go", "Welcome"),
    Verdict("exited", "go", "Goodbye"),
    Verdict("offline_admitted", "go", "Let in, offline"),
    Verdict("already_inside", "stop", "Already inside"),
    Verdict("duplicate", "stop", "Just used"),
    Verdict("no_reentry", "stop", "No re-entry"),
    Verdict("group_incomplete", "stop", "Group not complete"),
    Verdict("wrong_event", "stop", "Another event"),
    Verdict("wrong_zone", "stop", "Another zone"),
    Verdict("too_late", "stop", "Too late"),
    Verdict("void", "stop", "Void ticket"),
    Verdict("blocked", "stop", "Blocked"),
    Verdict("unknown_code", "stop", "Not a ticket of ours"),
    Verdict("forged", "stop", "Forged"),
    Verdict("entry_stopped", "stop", "Entry is stopped"),
    Verdict("not_judged", "stop", "Not judged"),
    Verdict("wrong_gate", "elsewhere", "Another gate"),
    Verdict("too_early", "elsewhere", "Too early"),
    Verdict("zone_full", "elsewhere", "Zone is full"),
    Verdict("not_inside", "elsewhere", "Was not inside"),
)
BY_NAME = {one.name: one for one in _ALL}
VERDICTS = tuple(BY_NAME)
POSITIVE = frozenset(one.name for one in _ALL if one.kind == "go")
