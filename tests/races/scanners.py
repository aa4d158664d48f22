"""What the processes of a race do at the gate."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Problem
from voelgoed.scanning.asked import Asked
from voelgoed.scanning.decide import override, undo
from voelgoed.scanning.desk import judge_now
from voelgoed.scanning.scan import Scan
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.ticket import Ticket


def scan(
    token_hash: bytes,
    sequence: int,
    code: str,
    scan_id: UUID | None = None,
    scanned_at: datetime | None = None,
    direction: Literal["in", "out"] = "in",
) -> tuple[str, dict[str, str] | None]:
    """Scan a code; say the verdict, and where and when it was used before."""
    asked = Asked(
        token_hash, scan_id or uuid4(), sequence, direction, scanned_at or now(), code=code, recheck=sequence % 2 == 0
    )
    try:
        judged = judge_now([asked])[0]
    except Problem as problem:
        rollback()
        return problem.type, None
    commit()
    return judged.verdict, judged.said["previous"]


def take_back(scan_id: UUID) -> tuple[str, None]:
    """Undo an admission; say how it went."""
    try:
        undo(rows(Scan).get(scan_id), "the race")
    except Problem as problem:
        rollback()
        return problem.type, None
    commit()
    return "undone", None


def let_in(scan_id: UUID) -> tuple[str, None]:
    """Override a refusal; say how it went."""
    try:
        override(rows(Scan).get(scan_id), "the race")
    except Problem as problem:
        rollback()
        return problem.type, None
    commit()
    return "let in", None


def void(ticket_id: UUID) -> tuple[str, None]:
    """Void a ticket."""
    void_ticket(rows(Ticket).get(ticket_id), "the race", limited=False)
    commit()
    return "voided", None
