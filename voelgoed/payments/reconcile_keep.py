"""Keeping a list, resolving its differences, and booking that its money arrived."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import insert as insert_rows
from sqlalchemy.dialects.postgresql import insert

from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, current_scope, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem
from voelgoed.ledger.chart import BANK, GATEWAY_FEES, clearing_of
from voelgoed.ledger.entry import JournalEntry
from voelgoed.ledger.post import Line, post
from voelgoed.payments.reconcile import DayList, DayListItem, DifferenceResolution, ListSettled
from voelgoed.payments.reconcile_match import Difference, match
from voelgoed.payments.reconcile_read import Listed


def keep_list(
    gateway: str, day: date, came: str, name: str, found: Sequence[Listed], skipped: int = 0
) -> tuple[DayList, bool]:
    """Keep a list with its items; the same one again is found, not kept twice. Says whether it is new."""
    own = rows(Organization).one()
    digest = hashlib.sha256(repr(list(found)).encode()).hexdigest()
    values = {"gateway": gateway, "day": day, "currency": own.currency, "came": came, "name": name[:200] or "list",
              "digest": digest, "items": len(found), "skipped": skipped,
              "actor": current_scope().actor.label}  # fmt: skip
    made = db.session.scalars(
        insert(DayList).values(**values).on_conflict_do_nothing().returning(DayList)
    ).one_or_none()
    if made is None:
        return rows(DayList).filter_by(gateway=gateway, day=day, digest=digest).one(), False
    items = [{"list_id": made.id, "number": number, **_columns(one)} for number, one in enumerate(found, start=1)]
    if items:
        db.session.execute(insert_rows(DayListItem), items)
    return made, True


def _columns(one: Listed) -> dict[str, object]:
    at: datetime | None = one.happened_at
    return {"key": one.key, "reference": one.reference, "amount_cents": one.amount_cents, "fee_cents": one.fee_cents,
            "currency": one.currency, "happened_at": at}  # fmt: skip


def resolve(found: DayList, name: str, reason: str) -> DifferenceResolution:
    """Say why a difference is accepted; raises Problem 404 for one that there is not, 409 `resolved`."""
    difference: Difference | None = next((one for one in match(found).differences if one.name == name), None)
    if difference is None:
        raise Problem(404, "no_such_difference")
    values = {"list_id": found.id, "difference": name, "reason": reason, "actor": current_scope().actor.label}
    statement = insert(DifferenceResolution).values(**values).on_conflict_do_nothing().returning(DifferenceResolution)
    made = db.session.scalars(statement).one_or_none()
    if made is None:
        raise Problem(409, "resolved", "Somebody has resolved that already")
    return made


def settle(found: DayList, payout_cents: int, reason: str | None) -> JournalEntry:
    """Book that a list's money arrived: what came to the bank, and what the gateway kept, against what it owed.

    Raises Problem: 409 `settled`; 422 `too_much` when more came than the list says; 422 `reason_needed` when what
    was kept is not what the list says are its fees.
    """
    matching = match(found)
    kept = matching.total_cents - payout_cents
    if kept < 0 or not matching.total_cents:
        raise Problem(422, "too_much", "More came than the list says", "Compare the list with the bank's statement.")
    if kept != matching.fee_cents and not reason:
        raise Problem(422, "reason_needed", "Another fee than the list says", "Say why.")
    values = {"list_id": found.id, "payout_cents": payout_cents, "fee_cents": kept, "reason": reason,
              "actor": current_scope().actor.label}  # fmt: skip
    done = db.session.scalars(
        insert(ListSettled).values(**values).on_conflict_do_nothing().returning(ListSettled)
    ).one_or_none()
    if done is None:
        raise Problem(409, "settled", "That list was settled already")
    lines = [
        Line(BANK, payout_cents),
        Line(GATEWAY_FEES, kept),
        Line(clearing_of(found.gateway), -matching.total_cents),
    ]
    words = f"Settlement of {found.gateway} for {found.day.isoformat()}"
    return post("settlement", done, lines, currency=found.currency, timezone=rows(Organization).one().timezone,
                words=words)  # fmt: skip


def settled(found: DayList) -> ListSettled | None:
    """Return the settlement of a list, if it was booked."""
    return children(found, ListSettled).first()
