"""Deeds that supervisors did on phones without network: what each was, by whom, what became of it; for review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from voelgoed.accounts.membership import Membership
from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.database import db
from voelgoed.foundation.live.push import publish
from voelgoed.foundation.tenancy import children, current_scope, rows
from voelgoed.foundation.web.problem import Problem
from voelgoed.scanning.override import Override
from voelgoed.scanning.phone_deed import PhoneDeed, PhoneDeedReview
from voelgoed.scanning.phone_deeds import scan_of
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.undo import Undo
from voelgoed.scanning.verdict import BY_NAME
from voelgoed.ticketing.ticket import Ticket

SHOWN = 200
Outcome = Literal["counts", "waits", "not_proven", "refused"]


@dataclass(frozen=True)
class Item:
    """One deed: `who` has the staff number that was given, `answer` is what the phone had said before.

    It counts; or waits for its scan; or nobody proved to know the day's code; or the record had no use for it.
    """

    deed: PhoneDeed
    who: str | None
    phone: str
    gate: str
    ticket_id: UUID | None
    serial: str | None
    answer: str | None
    outcome: Outcome
    review: PhoneDeedReview | None


def waiting(event: Event) -> int:
    """Count the deeds of an event that nobody has reviewed."""
    seen = exists().where(PhoneDeedReview.deed_id == PhoneDeed.id)
    return children(event, PhoneDeed).filter(~seen).count()


def items(event: Event) -> list[Item]:
    """Return the deeds of an event, those to be reviewed first, then the latest."""
    deeds = children(event, PhoneDeed).order_by(PhoneDeed.created_at.desc()).limit(SHOWN).all()
    reviews = _reviews([one.id for one in deeds])
    return sorted((_item(one, reviews.get(one.id)) for one in deeds), key=lambda one: one.review is not None)


def _item(deed: PhoneDeed, review: PhoneDeedReview | None) -> Item:
    scan = scan_of(deed)
    gate = rows(Gate).including_archived().get(scan.gate_id).name if scan else ""
    ticket = rows(Ticket).get(scan.ticket_id) if scan and scan.ticket_id else None
    ticket_id, serial = (ticket.id, ticket.serial) if ticket else (None, None)
    answer = BY_NAME[scan.verdict].message if scan else None
    return Item(
        deed, _who(deed.staff_number), deed.device.name, gate, ticket_id, serial, answer, _outcome(deed, scan), review
    )


def _who(staff_number: str) -> str | None:
    return db.session.scalar(select(Membership.name).where(Membership.staff_number == staff_number))


def _outcome(deed: PhoneDeed, scan: Scan | None) -> Outcome:
    done = Override if deed.deed == "override" else Undo
    if db.session.scalar(select(done.id).where(done.id == deed.id)):
        return "counts"
    if not deed.proven:
        return "not_proven"
    return "waits" if scan is None else "refused"


def _reviews(ids: Sequence[UUID]) -> dict[UUID, PhoneDeedReview]:
    found = db.session.scalars(select(PhoneDeedReview).where(PhoneDeedReview.deed_id.in_(ids)))
    return {one.deed_id: one for one in found}


def review(event: Event, deed_id: UUID, reason: str) -> None:
    """Close the review of a deed; raises Problem 409 `already_reviewed`."""
    deed = children(event, PhoneDeed).get(deed_id)
    values = {"deed_id": deed.id, "reason": reason, "actor": current_scope().actor.label}
    once = insert(PhoneDeedReview).values(values).on_conflict_do_nothing().returning(PhoneDeedReview.id)
    if db.session.scalar(once) is None:
        raise Problem(409, "already_reviewed", "Reviewed already", "Somebody was faster. Nothing was changed.")
    publish("occupancy", event.id)
