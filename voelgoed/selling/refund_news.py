"""Looking after a refund that was sent: a processor may say later that it failed, and then it is owed again.

A message only says where to look: what is booked follows from what the processor then answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.workflow import Pending, Retry, Workflow, start
from voelgoed.foundation.workflow.journal import WorkflowRun
from voelgoed.payments.gateways import Declined, Unknown
from voelgoed.payments.payment import Charge, Payment, Refund, RefundEnd, stands
from voelgoed.selling.end_refund import owe_again
from voelgoed.selling.pay_back import key_of_round, open_gateway, owed_of, pay_back

NEWS = ("refund.failed", "refund.updated", "charge.refund.updated")
"""Kinds of message that may say that a refund which seemed to go well did not."""
LOOK_AGAIN = 20.0  # seconds


@dataclass(frozen=True)
class LookAfterRefund:
    """Which sending of a refund is asked about."""

    refund_end_id: UUID


@dataclass(frozen=True)
class Sending:
    """Where to ask, and under which key it was sent; without a key a person sent it by hand."""

    organization_id: UUID
    account_id: UUID | None
    reference: str | None
    key: str | None


look_after_refund = Workflow("look_after_refund", inputs=LookAfterRefund, version=1)


@look_after_refund.step(no_undo="it only reads how it was sent")
def sent(refund_end_id: UUID) -> Sending:
    """Read how it was sent."""
    end = rows(RefundEnd).get(refund_end_id)
    owed = owed_of(end.refund)
    run = rows(WorkflowRun).filter_by(workflow=pay_back.name, key=key_of_round(end.refund_id, end.round)).one_or_none()
    key = f"{run.id}:send_back" if run else None
    return Sending(current_scope().organization_id, owed.account_id, owed.reference, key)


@look_after_refund.step(external=True, retries=5)
def failed(sent: Sending) -> str | Pending:
    """Ask how it stands; says why it failed, or nothing when it did not."""
    if sent.key is None or sent.account_id is None or sent.reference is None:
        return ""
    answer = open_gateway(sent.organization_id, sent.account_id).find_refund(sent.key, sent.reference)
    if isinstance(answer, Unknown):
        return Pending(LOOK_AGAIN)
    return answer.reason if isinstance(answer, Declined) else ""


@failed.compensate
def on_looking_error() -> Retry:
    """Ask again: asking changes nothing there."""
    return Retry()


@failed.undo
def must_be_looked_at(sent: Sending) -> None:
    """Call a person: it may have failed there, and nobody would hear of it."""
    raise RuntimeError(f"how {sent.reference or 'a refund'} stands there was not found out or not booked: look there")


@look_after_refund.step
def owed_again(refund_end_id: UUID, failed: str) -> bool:
    """Book that it is owed again, when it failed; a person then finds it under what needs one."""
    if failed:
        owe_again(rows(RefundEnd).get(refund_end_id), failed)
    return bool(failed)


def look_after(refunds: Sequence[Refund], why: str) -> int:
    """Begin to look after refunds that were sent, with the caller's transaction; returns how many there are."""
    ids = [one.id for one in refunds]
    ends = select(RefundEnd).where(RefundEnd.refund_id.in_(ids), RefundEnd.how == "sent", stands())
    found = db.session.scalars(ends).all()
    for end in found:
        start(look_after_refund, LookAfterRefund(end.id), key=f"{end.id}:{why}")
    return len(found)


def refunds_of_charge(charge: Charge) -> Sequence[Refund]:
    """Return what went back of a charge's payment, also through credits: a message of Paystack's names no refund."""
    paid = select(Payment.id).where(Payment.charge_id == charge.id)
    own = select(Refund).where(Refund.gateway == charge.gateway)
    return db.session.scalars(own.where(or_(Refund.payment_id.in_(paid), Refund.origin_id.in_(paid)))).all()
