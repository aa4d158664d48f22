"""Charges that wait for a person: nobody knows whether they brought money, or what they brought has no sale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from voelgoed.checkout.checkout import CheckoutAttempt
from voelgoed.checkout.state import lock
from voelgoed.foundation.database import db
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowOutcome
from voelgoed.payments.payment import Charge, ChargeEnd, Payment

CHECK, CAPTURED, NOT_CAPTURED, REFUND, WRITE_OFF = "check", "captured", "not_captured", "refund", "write_off"
"""What a person may do: the names of the choices."""


@dataclass(frozen=True)
class UnknownCharge:
    """What is known of it. `stuck` is its run's call for a person; without one the run has ended without this money."""

    charge: Charge
    run_id: UUID
    stuck: RunStuck | None
    reason: str

    @property
    def since(self) -> datetime:
        """When it was asked for."""
        return self.charge.created_at

    @property
    def from_whom(self) -> str:
        """The buyer's name, else who sold."""
        buyer = self.charge.checkout.customer
        return (buyer.name if buyer else None) or self.charge.checkout.seller_label

    @property
    def online(self) -> bool:
        """Whether a processor can be asked about it."""
        return self.charge.account_id is not None

    @property
    def choices(self) -> tuple[str, ...]:
        """What a person may do with it, in the order in which it is offered."""
        may_sell = self.stuck is not None and self.stuck.direction == "forward"
        return (
            *((CHECK,) if self.online else ()), *((CAPTURED,) if may_sell else ()), NOT_CAPTURED, REFUND, WRITE_OFF
        )  # fmt: skip


def unknown_charges(seller_id: UUID | None = None) -> list[UnknownCharge]:
    """Return the charges of this organization that wait for a person, oldest first; of one seller's sales only."""
    statement = _unknown()
    if seller_id is not None:
        statement = statement.where(Charge.checkout.has(seller_id=seller_id))
    return [_made(*row) for row in db.session.execute(statement.order_by(Charge.id)).all()]


def unknown_charge(charge_id: UUID) -> UnknownCharge | None:
    """Return one that still waits, its checkout held to the commit: of two who decide, the second finds none."""
    mine = db.session.scalar(select(Charge.checkout_id).where(Charge.id == charge_id))
    if mine is None:
        return None
    lock(mine)
    row = db.session.execute(_unknown().where(Charge.id == charge_id)).one_or_none()
    return _made(*row) if row else None


def _unknown() -> Select[Charge, UUID, RunStuck, str | None]:
    asked = and_(
        RunStuck.run_id == CheckoutAttempt.run_id, RunStuck.step == "charge", RunStuck.item == Charge.tender - 1
    )
    return (
        select(Charge, CheckoutAttempt.run_id, RunStuck, WorkflowOutcome.reason)
        .join(
            CheckoutAttempt,
            and_(CheckoutAttempt.checkout_id == Charge.checkout_id, CheckoutAttempt.number == Charge.attempt),
        )
        .outerjoin(RunStuck, asked)
        .outerjoin(WorkflowOutcome, WorkflowOutcome.run_id == CheckoutAttempt.run_id)
        .outerjoin(ChargeEnd, ChargeEnd.charge_id == Charge.id)
        .outerjoin(Payment, Payment.charge_id == Charge.id)
        .where(ChargeEnd.id.is_(None), Payment.id.is_(None))
        .where(or_(RunStuck.id.is_not(None), WorkflowOutcome.id.is_not(None)))
    )


def _made(charge: Charge, run_id: UUID, stuck: RunStuck | None, reason: str | None) -> UnknownCharge:
    said = stuck.reason if stuck else f"Its sale ended without it: {reason}"
    return UnknownCharge(charge, run_id, stuck, said)
