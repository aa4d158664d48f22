"""Refunds that could not be sent, or came back: what is known of each, and what a person may do; each deed once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, cast, exists, func, select
from sqlalchemy.orm import aliased

from voelgoed.checkout.state import lock
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import because
from voelgoed.foundation.web import Problem
from voelgoed.foundation.web.words import moment as said
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowRun
from voelgoed.foundation.workflow.person import decide, settle, try_again
from voelgoed.payments.gateways.card import looks_like_a_card
from voelgoed.payments.payment import Refund, RefundEnd, RefundFailure
from voelgoed.selling.end_refund import How, end_refund
from voelgoed.selling.pay_back import begin_to_pay_back, pay_back

AGAIN, SENT, CASH, WRITE_OFF = "again", "sent", "cash", "write_off"
"""What a person may do: the names of the choices."""


@dataclass(frozen=True)
class StuckRefund:
    """A refund that waits: it could not be sent (`stuck` says why), or it was sent and came back (`failure`)."""

    refund: Refund
    stuck: RunStuck | None
    failure: RefundFailure | None = None

    @property
    def reason(self) -> str:
        """What is known of it."""
        if self.stuck is not None:
            return self.stuck.reason
        assert self.failure is not None
        return f"It was sent {said(self.failure.end.created_at)} and failed there later: {self.failure.reason}"

    @property
    def since(self) -> datetime:
        """When it was given, or came back."""
        return self.refund.created_at if self.failure is None else self.failure.created_at

    @property
    def to_whom(self) -> str:
        """The buyer's name, else who sold."""
        checkout = self.refund.payment.checkout
        return (checkout.customer.name if checkout.customer else None) or checkout.seller_label

    @property
    def choices(self) -> tuple[str, ...]:
        """What a person may do with it, in the order in which it is offered."""
        by_machine = self.refund.gateway == "card" or (self.stuck is not None and self.stuck.direction == "back")
        return (SENT, CASH, WRITE_OFF) if by_machine else (AGAIN, SENT, CASH, WRITE_OFF)


def stuck_refunds(seller_id: UUID | None = None) -> list[StuckRefund]:
    """Return the refunds of this organization that wait for a person, oldest first; of one seller's sales only."""
    statement = (
        select(RunStuck, WorkflowRun)
        .join(WorkflowRun, WorkflowRun.id == RunStuck.run_id)
        .where(WorkflowRun.workflow == pay_back.name)
        .order_by(RunStuck.id)
    )
    found = {UUID(str(run.inputs["refund_id"])): stuck for stuck, run in db.session.execute(statement)}
    listed = {one.id: one for one in db.session.scalars(select(Refund).where(Refund.id.in_(found)))}
    made = [StuckRefund(listed[key], stuck) for key, stuck in found.items() if key in listed]
    made += _came_back()
    return [one for one in made if seller_id in (None, one.refund.payment.checkout.seller_id)]


def _came_back() -> list[StuckRefund]:
    """Return what was sent, failed later, and is neither ended anew nor being sent anew."""
    later = aliased(RefundEnd)
    again = select(WorkflowRun.id).where(
        WorkflowRun.workflow == pay_back.name,
        WorkflowRun.key == func.concat(cast(Refund.id, String), ":", RefundEnd.round + 1),
    )
    statement = (
        select(Refund, RefundFailure)
        .join(RefundEnd, RefundEnd.refund_id == Refund.id)
        .join(RefundFailure, RefundFailure.refund_end_id == RefundEnd.id)
        .where(~exists().where(later.refund_id == Refund.id, later.round > RefundEnd.round), ~again.exists())
        .order_by(RefundFailure.id)
    )
    return [StuckRefund(refund, None, failure) for refund, failure in db.session.execute(statement)]


def send_again(refund_id: UUID) -> None:
    """Let the engine send it again: under the same key, or anew when it came back. Raises Problem 409 when too late."""
    one = _need(refund_id)
    if one.stuck is not None:
        try_again(one.stuck.id)
    elif one.failure is not None:
        begin_to_pay_back(one.refund, one.failure.end.round + 1)


def mark_sent(refund_id: UUID, reference: str) -> None:
    """Say that it was sent, with the reference (the slip's number) that proves it; raises Problem 422, 409."""
    if looks_like_a_card(reference):
        raise Problem(422, "card_number", "That looks like a card's number", "Give the reference of the refund.")
    _end(refund_id, "sent", f"Sent, by {reference}", reference)


def pay_in_cash(refund_id: UUID, note: str) -> None:
    """Pay it in cash, out of the acting person's drawer; raises Problem 409 `no_open_shift`."""
    _end(refund_id, "paid_otherwise", note)


def write_off_refund(refund_id: UUID, note: str) -> None:
    """Stop owing it."""
    _end(refund_id, "written_off", note)


def _need(refund_id: UUID) -> StuckRefund:
    """Return one that still waits, its sale held to the commit: of two who decide, the second finds none."""
    mine = db.session.scalar(select(Refund.checkout_id).where(Refund.id == refund_id))
    if mine is not None:
        lock(mine)
    found = next((one for one in stuck_refunds() if one.refund.id == refund_id), None)
    if found is None:
        raise Problem(409, "already_settled", "This refund is settled", "Somebody was faster: nothing was changed.")
    return found


def _end(refund_id: UUID, how: How, note: str, reference: str | None = None) -> None:
    one = _need(refund_id)
    with because(note):
        end_refund(one.refund, how, reference=reference, reason=note)
    if one.stuck is None:
        return
    if one.stuck.direction == "forward":
        decide(one.stuck.id, {"how": how, "reference": reference}, note)
    else:
        settle(one.stuck.id, note)


DEEDS: dict[str, Callable[[UUID, str, str], None]] = {
    AGAIN: lambda refund_id, _note, _reference: send_again(refund_id),
    SENT: lambda refund_id, _note, reference: mark_sent(refund_id, reference),
    CASH: lambda refund_id, note, _reference: pay_in_cash(refund_id, note),
    WRITE_OFF: lambda refund_id, note, _reference: write_off_refund(refund_id, note),
}
