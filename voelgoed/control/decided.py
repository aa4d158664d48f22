"""What was decided lately of what needed a person: who, when, about what, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.database import db
from voelgoed.ledger.entry import JournalEntry
from voelgoed.payments.payment import Refund, RefundEnd

MOST = 12
AGAIN = "Had it tried again"


@dataclass(frozen=True)
class Decided:
    """One decision; `about` is what was known then, `why` what the person gave as reason or proof."""

    at: datetime
    who: str
    about: str
    why: str


def decided() -> list[Decided]:
    """Return the last decisions in this organization, the newest first."""
    return sorted([*_stuck(), *_came_back()], key=lambda one: one.at, reverse=True)[:MOST]


def _stuck() -> list[Decided]:
    """A decision deletes the call for a person; the trail keeps what it said, whose deed it was, and why."""
    statement = (
        select(AuditEntry)
        .where(AuditEntry.object == "run_stuck", AuditEntry.action == "deleted", AuditEntry.actor_kind == "user")
        .order_by(AuditEntry.id.desc())
        .limit(MOST)
    )
    return [
        Decided(one.created_at, one.actor_label, _was(one, "reason"), one.reason or AGAIN)
        for one in db.session.scalars(statement)
    ]


def _was(entry: AuditEntry, field: str) -> str:
    return str((entry.changes.get(field) or [""])[0] or "")


def _came_back() -> Sequence[Decided]:
    """What a person did about refunds that were sent and came back."""
    statement = (
        select(RefundEnd, Refund, JournalEntry.actor)
        .join(Refund, Refund.id == RefundEnd.refund_id)
        .join(JournalEntry, JournalEntry.source_id == RefundEnd.id)
        .where(RefundEnd.round > 1, RefundEnd.reason.is_not(None), JournalEntry.source_kind == "refund_end")
        .order_by(RefundEnd.id.desc())
        .limit(MOST)
    )
    return [
        Decided(end.created_at, who, f"A refund through {refund.gateway} came back", end.reason or "")
        for end, refund, who in db.session.execute(statement)
    ]
