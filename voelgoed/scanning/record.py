"""Writes what was judged: one statement for any length; late facts fold their ticket again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from voelgoed.foundation.points import point
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.tenancy.trip import Reply, Statement, trip
from voelgoed.scanning.case import Case
from voelgoed.scanning.fact import Stay, Tick
from voelgoed.scanning.found import SQL, Found, KnownTicket
from voelgoed.scanning.refold import refold
from voelgoed.scanning.rule import known_id
from voelgoed.scanning.verdict import POSITIVE

RECORD = Statement((SQL / "record.sql").read_text())
LATER = Statement((SQL / "later.sql").read_text())
LOCK_ZONES = Statement((SQL / "lock_zones.sql").read_text())


class Overtaken(RuntimeError):
    """Another transaction changed the same ticket first: read and judge again."""


def write(cases: Sequence[Case], found: Found) -> None:
    """Write scans, admissions, closings and counters; raises Overtaken when another list won a ticket."""
    if not cases:
        return
    opened, closed = _differences(found.tickets.values())
    ticks = [(case.device["event_id"], tick) for case in cases for tick in case.ticks]
    with trip("scanning.record") as sent:
        if found.to_lock:
            sent.send(LOCK_ZONES, {"zones": found.to_lock, "near": []})
        wrote = sent.send(RECORD, _rows([_scan(case) for case in cases], opened, closed, counts(ticks)))
        if opened or closed:
            found.later = sent.send(LATER, _later(cases))
    if not _all_there(wrote, opened, closed):
        raise Overtaken
    if (opened or closed) and _overtaken(cases, found):
        raise Overtaken
    point("scan.written")
    late: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for case in cases:
        if case.ticket is not None and _late(case):
            late[case.ticket.id].add(case.asked.scan_id)
    if late:
        refold(late)


def _overtaken(cases: Sequence[Case], found: Found) -> bool:
    """Say whether a later fact or a void came in between reading and writing, which the unique indexes cannot see.

    Writing has waited for whoever had a ticket or its day locked; who comes after waits for this transaction.
    """
    return bool(found.later and found.later.one()[0])


def _later(cases: Sequence[Case]) -> dict[str, Any]:
    moved = [case for case in cases if case.ticks]
    return {
        "own": [case.asked.scan_id for case in cases],
        "ticket_ids": [case.ticket_id for case in moved],
        "since": [case.at for case in moved],
        "valid_ids": [case.ticket_id for case in moved if case.ticket and not case.ticket.rule.void_at],
        "open_ids": [case.ticket_id for case in moved if case.ticket and not case.ticket.raw.get("blocked")],
        "day_ids": list({known_id(case.day["id"]) for case in moved if case.day and case.day["ended"] is None}),
        "begun": min((case.at for case in moved if case.at), default=None),
    }


def _late(case: Case) -> bool:
    """Say whether the record must be folded again: the fact is older than others, or an exit met nobody inside.

    Such a fact has touched no counter yet: folding again brings it in.
    """
    if case.ticket is None:
        return False
    counts_ = case.verdict in POSITIVE or case.verdict == "not_inside"
    return counts_ and (case.late or case.verdict == "not_inside")


Rows = list[dict[str, Any]]


def record(scans: Rows, opened: Rows, closed: Rows, counted: Rows) -> bool:
    """Execute the one writing statement; says whether every admission and closing was still there to be had."""
    with trip("scanning.record") as sent:
        wrote = sent.send(RECORD, _rows(scans, opened, closed, counted))
    return _all_there(wrote, opened, closed)


def _rows(scans: Rows, opened: Rows, closed: Rows, counted: Rows) -> dict[str, Any]:
    return {
        "organization_id": current_scope().organization_id,
        "scans": _json(scans),
        "opened": _json(opened),
        "closed": _json(closed),
        "counts": _json(counted),
    }


def _all_there(wrote: Reply, opened: Rows, closed: Rows) -> bool:
    _, had_closed, had_opened, _ = wrote.one()
    return bool(had_opened == len(opened) and had_closed == len(closed))


def _json(value: Any) -> str:
    return to_json(value).decode()


def _differences(tickets: Iterable[KnownTicket]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Compare each ticket's record with what was read: new stays, and old ones that are closed now."""
    opened: list[dict[str, Any]] = []
    closed: list[dict[str, Any]] = []
    for ticket in tickets:
        before = {stay["id"]: stay["closed"] for stay in ticket.raw["stays"] or []}
        for stay in ticket.record.stays:
            if str(stay.id) not in before:
                opened.append(admission(stay, ticket.id, ticket.raw["event_id"]))
            elif stay.closed_at is not None and before[str(stay.id)] is None:
                closed.append(dict(vars(stay)))
    return opened, closed


def admission(stay: Stay, ticket_id: UUID, event_id: Any) -> dict[str, Any]:
    """Return a stay as the row of its admission."""
    return {**vars(stay), "ticket_id": ticket_id, "event_id": event_id}


def counts(ticks: Iterable[tuple[Any, Tick]], corrections: bool = False) -> list[dict[str, Any]]:
    """Sum ticks into rows of minute counters; as corrections they also say how much they changed."""
    summed: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for event_id, tick in ticks:
        minute = tick.at.replace(second=0, microsecond=0)
        key = (event_id, tick.day_id, tick.gate_id, tick.zone_id, tick.direction, minute)
        for index, value in enumerate((tick.bodies, tick.tickets, tick.holders)):
            summed[key][index] += value
    names = ("event_id", "day_id", "gate_id", "zone_id", "direction", "minute")
    return [
        {
            **dict(zip(names, key, strict=True)),
            "id": uuid7(),
            "bodies": bodies,
            "tickets": tickets,
            "holders": holders,
            # Twice the change keeps the sum of all four rising even where the others fall.
            "corrections": 2 * (abs(bodies) + abs(tickets) + abs(holders)) if corrections else 0,
        }
        for key, (bodies, tickets, holders) in summed.items()
        if bodies or tickets or holders
    ]


def _scan(case: Case) -> dict[str, Any]:
    asked = case.asked
    return {
        "id": asked.scan_id,
        "device_id": case.device["id"],
        "event_id": case.device["event_id"],
        "gate_id": case.gate["id"],
        "day_id": case.day["id"] if case.day else None,
        "ticket_id": case.ticket_id,
        "sequence": asked.sequence,
        "code": asked.code_hash,
        "body_hash": asked.body_hash,
        "direction": asked.direction,
        "bodies": asked.bodies,
        "taken": case.taken,
        "verdict": case.verdict,
        "answer": case.said,
        "tier": case.tier,
        "offline": asked.batch_id is not None,
        "recheck": asked.recheck,
        "staff_number": asked.staff_number,
        "scanned_at": asked.scanned_at,
        "clock_offset_ms": asked.clock_offset_ms,
        "effective_at": case.at,
        "batch_id": asked.batch_id,
    }
