"""How paying stands while it is under way: where the payer has to go, and whether a person is asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from voelgoed.checkout.checkout import CheckoutAttempt
from voelgoed.foundation.database import db
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowOutcome
from voelgoed.payments.payment import Charge, ChargeEnd, PayerPage, Payment

NOTHING_WAITS: dict[str, Any] = {"redirect_url": None, "needs_person": False}


def under_way(checkout_id: UUID) -> dict[str, Any]:
    """Return `redirect_url`, where the payer has to go now, and `needs_person`; null and false when nothing waits."""
    return {"redirect_url": payer_page(checkout_id), "needs_person": _stuck(checkout_id)}


def payer_page(checkout_id: UUID) -> str | None:
    """Return where the payer of a checkout's last attempt has to go, while that is open."""
    statement = (
        select(PayerPage.url)
        .join(Charge, Charge.id == PayerPage.charge_id)
        .join(
            CheckoutAttempt,
            (CheckoutAttempt.checkout_id == Charge.checkout_id) & (CheckoutAttempt.number == Charge.attempt),
        )
        .outerjoin(WorkflowOutcome, WorkflowOutcome.run_id == CheckoutAttempt.run_id)
        .outerjoin(ChargeEnd, ChargeEnd.charge_id == Charge.id)
        .outerjoin(Payment, Payment.charge_id == Charge.id)
        .where(
            Charge.checkout_id == checkout_id,
            WorkflowOutcome.id.is_(None), ChargeEnd.id.is_(None), Payment.id.is_(None),
        )
        .order_by(Charge.tender.desc())
        .limit(1)
    )  # fmt: skip
    return db.session.scalar(statement)


def _stuck(checkout_id: UUID) -> bool:
    mine = select(RunStuck.id).join(CheckoutAttempt, CheckoutAttempt.run_id == RunStuck.run_id)
    return db.session.scalar(mine.where(CheckoutAttempt.checkout_id == checkout_id).limit(1)) is not None
