"""Judges one scan against what was read: facts for the policy, the verdict, and what it does to the ticket's record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from voelgoed.catalog.validity import window_of
from voelgoed.foundation.dedup import dedup_of
from voelgoed.scanning.case import Case
from voelgoed.scanning.fact import Fact, Tick
from voelgoed.scanning.fold import apply
from voelgoed.scanning.found import Found, KnownTicket
from voelgoed.scanning.policy import verdict_of
from voelgoed.scanning.rule import known_id, moment
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.verdict import BY_NAME, POSITIVE

WINDOW = timedelta(seconds=dedup_of(Scan).window)
NO_TICKET = frozenset({"unknown_code", "forged", "wrong_event"})


def facts(case: Case, found: Found, zone_full: bool) -> dict[str, Any]:
    """State what the policy may ask about."""
    ticket = case.ticket
    said = {"direction": case.asked.direction, **case.bare, "ticket_known": ticket is not None}
    if ticket is None:
        return said
    present = ticket.record.open()
    free = case.free
    said |= {
        "own_event": ticket.raw["event_id"] == case.device["event_id"],
        "replaced": case.read is not None and case.read.content.code_version < ticket.raw["code_version"],
        "void": ticket.rule.void_at is not None,
        "blocked": ticket.raw["blocked"] is not None,
        "day": _day_fact(case, found),
        "window": "now" if case.moving else _window_fact(case, found),
        "zone_open": _zone_open(case, found),
        "gate_open": _gate_open(case),
        "inside": bool(present),
        "free": case.moving or len(free) >= case.wanted,
        "group_complete": case.moving or len(present) + case.wanted >= ticket.rule.group,
        "recent": _recent(case),
        "stopped": case.stops(found).hold(found.entered(case.gate)),
        "zone_full": zone_full,
    }
    return said


def _day_fact(case: Case, found: Found) -> str:
    """Say whether the ticket is for the day that is on: now, to come, gone, or another one."""
    day, ticket = case.day, case.ticket
    if day is None or ticket is None or case.at is None:
        return "gone"
    at = case.at.timestamp()
    if ticket.raw["days_mask"] >> day["number"] & 1:
        return "to_come" if at < day["doors"] else "gone" if at >= day["ends"] else "now"
    later = any(
        ticket.raw["days_mask"] >> other["number"] & 1 and other["doors"] > at
        for other in found.days[case.device["event_id"]]
    )
    return "another_to_come" if later else "another_gone"


def _window_fact(case: Case, found: Found) -> str:
    """Say whether the ticket lets in by now: now, to come, or gone for this day."""
    day, ticket = case.day, case.ticket
    if day is None or ticket is None or case.at is None or not validity(ticket):
        return "now"
    since, until = window_of(
        date.fromisoformat(day["date"]), moment(day["doors"]), moment(day["ends"]),
        found.timezones[case.device["event_id"]], ticket.raw["valid_from"], ticket.raw["valid_until"],
    )  # fmt: skip
    if since is not None and case.at < since:
        return "to_come"
    return "gone" if until is not None and case.at >= until else "now"


def validity(ticket: KnownTicket) -> dict[str, str | None] | None:
    """Return between which times of a day a ticket lets in, if it says so."""
    since, until = ticket.raw.get("valid_from"), ticket.raw.get("valid_until")
    return {"from": since, "until": until} if since or until else None


def _zone_open(case: Case, found: Found) -> bool:
    """Say whether the ticket opens the gate's zone, or a zone inside it that one must walk through it to reach."""
    zones = case.ticket.raw["zones"] if case.ticket else None
    if not zones:
        return True
    return any(case.gate["into_id"] in found.around(zone) for zone in zones)


def _gate_open(case: Case) -> bool:
    """Say whether the ticket's type comes in by this gate; ways from zone to zone are a matter of zones."""
    gates = case.ticket.raw["gates"] if case.ticket else None
    return not gates or case.gate["from_id"] is not None or any(one["id"] == case.gate["id"] for one in gates)


def _recent(case: Case) -> bool:
    """Say whether the last admission is inside the window, and nothing has closed it since."""
    present = case.ticket.record.open() if case.ticket else []
    if not present or case.at is None:
        return False
    return case.at - max(stay.opened_at for stay in present) < WINDOW


def decide(case: Case, found: Found, zone_full: bool = False) -> None:
    """Give the verdict, apply it to the ticket's record, and write the answer that is stored with the scan."""
    if case.known is not None and case.gate["from_id"] is None and case.known["event_id"] == case.device["event_id"]:
        case.verdict = "duplicate"
        case.said = {
            "message": _message(case, found), "ticket": case.known["ticket"], "previous": case.known["previous"],
        }  # fmt: skip
        return
    case.tier = "database"
    case.verdict = _offline(case, verdict_of(facts(case, found, zone_full)))
    previous = _previous(case)
    if case.ticket is not None and (case.verdict in POSITIVE or case.verdict == "not_inside"):
        _do(case, found)
    case.said = {
        "message": _message(case, found),
        "ticket": _ticket(case),
        "previous": previous if case.verdict not in ("admitted", "exited") else None,
    }


def _offline(case: Case, judged: str) -> str:
    """Return what a phone without network has told people, who have come or gone since: the fold decides what it was.

    Only a code that is no ticket of the event is refused whatever the phone said.
    """
    told = case.asked.offline_verdict
    if case.asked.batch_id is None or told is None or judged in NO_TICKET:
        return judged
    if told not in BY_NAME:
        return "not_judged"
    if case.asked.direction == "out":
        return told if told in ("exited", "not_inside") else "not_judged"
    return "offline_admitted" if told in POSITIVE else told


def _do(case: Case, found: Found) -> None:
    ticket = case.ticket
    if ticket is None or case.at is None or case.day is None:
        return
    offline = case.asked.batch_id is not None and case.asked.offline_verdict is not None
    case.taken = case.asked.bodies or (ticket.rule.bodies if offline else case.wanted)
    case.late = case.late or ticket.unsure or (ticket.last is not None and case.at <= ticket.last)
    if offline:
        _do_later(case, ticket, fact_of(case, found))
    elif not case.late and case.verdict != "not_inside":
        case.ticks = _applied(ticket, fact_of(case, found))
    ticket.gates[known_id(case.gate["id"])] = case.gate["name"]


def _applied(ticket: KnownTicket, fact: Fact) -> list[Tick]:
    """Apply a fact that is later than all that is known of its ticket; returns what the counters gain."""
    before = len(ticket.record.ticks)
    apply(ticket.record, ticket.rule, fact)
    ticket.last = fact.at
    return ticket.record.ticks[before:]


def _do_later(case: Case, ticket: KnownTicket, fact: Fact) -> None:
    """Apply what a phone did without network; what is older than others, or contradicts them, is left to the fold.

    So is all that follows it in the list about the same ticket.
    """
    stays, ticks = list(ticket.record.stays), len(ticket.record.ticks)
    if not case.late and case.verdict != "not_inside":
        case.ticks = _applied(ticket, fact)
        if not ticket.record.conflicts and all(one.direction != "unexplained" for one in case.ticks):
            return
        ticket.record.stays, case.ticks = stays, []
        del ticket.record.ticks[ticks:]
        ticket.record.conflicts.clear()
    case.late = ticket.unsure = True


def fact_of(case: Case, found: Found) -> Fact:
    """Return the scan as a fact of the fold."""
    if case.at is None or case.day is None:
        raise LookupError("a fact has a moment and a day")
    return Fact(
        kind=case.asked.direction,
        at=case.at,
        id=case.asked.scan_id,
        device_id=known_id(case.device["id"]),
        sequence=case.asked.sequence,
        day_id=known_id(case.day["id"]),
        way=found.way(case.gate),
        bodies=case.taken,
    )


def _previous(case: Case) -> dict[str, Any] | None:
    """Say where and when the ticket was last let in."""
    if case.ticket is None or not case.ticket.record.stays:
        return None
    last = max(case.ticket.record.stays, key=lambda stay: stay.opened_at)
    at = last.opened_at.isoformat().replace("+00:00", "Z")
    return {"gate": case.ticket.gates.get(last.gate_id, ""), "at": at}


def _ticket(case: Case) -> dict[str, Any] | None:
    """Say what the steward may know of the ticket; another event's says nothing but that."""
    ticket = case.ticket
    if ticket is None or case.verdict in ("wrong_event", "unknown_code", "forged"):
        return None
    return {
        "id": str(ticket.id),
        "type": ticket.raw["type"],
        "serial": ticket.raw["serial"],
        "admits": ticket.raw["bodies"],
        "inside": len(ticket.record.open()),
        "taken": case.taken,
        **({"valid": valid} if (valid := validity(ticket)) else {}),
    }


def _message(case: Case, found: Found) -> str:
    words = BY_NAME[case.verdict].message
    if case.verdict in ("too_early", "too_late") and case.day is not None and case.ticket is not None:
        mask = case.ticket.raw["days_mask"]
        own = [day for day in found.days[case.device["event_id"]] if mask >> day["number"] & 1]
        if own and own[0]["id"] != case.day["id"]:
            words += ": for another day"
    if words == BY_NAME[case.verdict].message and case.ticket is not None and (valid := validity(case.ticket)):
        words += _when(case.verdict, valid)
    if case.verdict == "wrong_gate" and case.ticket is not None:
        words = f"Go to {', '.join(one['name'] for one in case.ticket.raw['gates'])}"
    if case.verdict == "blocked" and case.ticket is not None:
        words += f": {case.ticket.raw['blocked']}"
    return words


def _when(verdict: str, valid: dict[str, str | None]) -> str:
    """Say from when or until when its ticket lets in, to who comes too early or too late."""
    if verdict == "too_early" and valid["from"]:
        return f": lets in from {valid['from']}"
    return f": let in until {valid['until']}" if verdict == "too_late" and valid["until"] else ""
