"""Writing down what will be asked for outside, before anybody is asked; and ending what brought nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.calling import fingerprint
from voelgoed.foundation.database import db
from voelgoed.payments.capture import Tender
from voelgoed.payments.payment import Charge, ChargeEnd, Payment

REASON_SIZE = 500


def key_of(run_id: UUID, place: int) -> str:
    """Return the key under which the other side knows a run's charge; the engine gives its step the same."""
    return f"{run_id}:charge:{place}"


def intend(checkout: Checkout, attempt: int, tenders: Sequence[Tender], run_id: UUID) -> None:
    """Write a Charge for each tender but cash and credit, with the caller's transaction."""
    for place, one in enumerate(tenders):
        if one.gateway not in ("cash", "credit"):
            db.session.add(_intent(checkout, attempt, place, one, run_id))


def _intent(checkout: Checkout, attempt: int, place: int, tender: Tender, run_id: UUID) -> Charge:
    charge = Charge(
        checkout_id=checkout.id, attempt=attempt, tender=place + 1, gateway=tender.gateway, key=key_of(run_id, place),
        account_id=tender.account_id, machine_id=tender.machine_id, shift_id=tender.shift_id,
        reference=tender.reference, amount_cents=tender.amount_cents, currency=checkout.currency,
    )  # fmt: skip
    charge.method = tender.method.encode() if tender.method else None
    return charge


def discreet(tenders: Sequence[Tender]) -> list[Tender]:
    """Return tenders as a run may keep them: of each method only a fingerprint, by which repeats are told."""
    return [replace(one, method=fingerprint(one.method)[:16] if one.method else None) for one in tenders]


def charges_of(checkout_id: UUID, attempt: int) -> Sequence[Charge]:
    """Return the charges of an attempt, in order."""
    mine = select(Charge).where(Charge.checkout_id == checkout_id, Charge.attempt == attempt)
    return db.session.scalars(mine.order_by(Charge.tender)).all()


def end_charge(charge_id: UUID, how: str, reason: str) -> bool:
    """Say how a charge ended that brought nothing; False when it has ended before."""
    values = {"charge_id": charge_id, "how": how, "reason": reason.replace("\0", "")[:REASON_SIZE]}
    statement = insert(ChargeEnd).values(**values).on_conflict_do_nothing().returning(ChargeEnd.id)
    return db.session.scalar(statement) is not None


def end_open_charges(checkout_id: UUID, attempt: int, reason: str) -> None:
    """End as declined whatever of an attempt has neither brought money nor ended.

    Not what a card machine took: only a person can take that back, and until then it waits for one.
    """
    for charge in charges_of(checkout_id, attempt):
        if charge.gateway != "card" and not has_ended(charge.id):
            end_charge(charge.id, "declined", reason)


def has_ended(charge_id: UUID) -> bool:
    """Say whether a charge brought money or has ended."""
    brought = select(literal(True)).where(Payment.charge_id == charge_id)
    ended = select(literal(True)).where(ChargeEnd.charge_id == charge_id)
    return bool(db.session.scalar(brought.union_all(ended).limit(1)))
