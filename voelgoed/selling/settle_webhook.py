"""Applying what a processor told: wake the sale that waits for it, or deal with money that came too late."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import select

from voelgoed.checkout.checkout import CheckoutAttempt
from voelgoed.checkout.state import lock
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.workflow import outcome_of, wake
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowRun
from voelgoed.foundation.workflow.person import try_again
from voelgoed.payments.gateway_account import Webhook, WebhookApplied
from voelgoed.payments.payment import Charge, Payment, Refund
from voelgoed.selling.pay_back import pay_back
from voelgoed.selling.refund_news import NEWS, look_after, refunds_of_charge
from voelgoed.selling.settle_unknown_charge import send_back

RUN_FIRST = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:")
MONEY_CAME = ("payment_intent.succeeded", "charge.succeeded", "charge.success")
"""Kinds of message that say that money was taken; all others only wake who waits."""

NOT_OURS = "It is about no charge of ours."
WOKE_REFUND = "The refund that waited for it was woken and looks for itself."
LOOKS_AFTER = "The refund that was sent is looked after: if it failed, it is owed again."
WOKE = "Its sale was woken and looks for itself."
LOOKS_AGAIN = "Its sale waited for a person; it looks again."
KNOWN = "Its sale is paid: nothing was left to do."
TOO_LATE = "Its sale had ended without this money: what was taken is looked for and given back."
NOTHING_CAME = "Its sale had ended without this money, and none came."


def apply(webhook_id: UUID) -> None:
    """Apply a stored message, as a job; again it changes nothing that stands. In any order: the message only says
    where to look, and what is done follows from what the processor then answers."""
    hook = db.session.scalars(select(Webhook).where(Webhook.id == webhook_id)).one()
    db.session.add(WebhookApplied(webhook_id=hook.id, result=_apply(hook)))


def _apply(hook: Webhook) -> str:
    charge = rows(Charge).filter_by(key=hook.charge_key, account_id=hook.account_id).one_or_none()
    if hook.charge_key is None or charge is None:
        return _other(hook)
    if hook.kind in NEWS and look_after(refunds_of_charge(charge), _time_of(hook)):
        return LOOKS_AFTER
    lock(charge.checkout_id)
    run_id = _run_of(charge)
    if outcome_of(run_id) is None:
        return _wake(run_id)
    if rows(Payment).filter_by(charge_id=charge.id).count():
        return KNOWN
    if hook.kind not in MONEY_CAME:
        return NOTHING_CAME
    send_back(charge, str(hook.id))
    return TOO_LATE


def _other(hook: Webhook) -> str:
    """Wake whichever run of ours has this key at the processor, as a refund's has; every key begins with its run.

    One that has sent its refund is looked after: it may have failed since.
    """
    key = hook.charge_key or ""
    run_id = UUID(key[:36]) if RUN_FIRST.match(key) else None
    run = rows(WorkflowRun).filter_by(id=run_id).one_or_none() if run_id else None
    if run is None:
        return NOT_OURS
    if outcome_of(run.id) is None:
        wake(run.id)
        return WOKE_REFUND
    if run.workflow != pay_back.name or hook.kind not in NEWS:
        return NOT_OURS
    refund = rows(Refund).get(UUID(str(run.inputs["refund_id"])))
    return LOOKS_AFTER if look_after([refund], _time_of(hook)) else NOT_OURS


def _time_of(hook: Webhook) -> str:
    """Name this application of a message: applied again by a person, it has what it tells of looked at again."""
    return f"{hook.id}:{children(hook, WebhookApplied).count()}"


def _run_of(charge: Charge) -> UUID:
    mine = select(CheckoutAttempt.run_id).where(
        CheckoutAttempt.checkout_id == charge.checkout_id, CheckoutAttempt.number == charge.attempt
    )
    return db.session.scalars(mine).one()


def _wake(run_id: UUID) -> str:
    stuck = rows(RunStuck).filter_by(run_id=run_id).one_or_none()
    if stuck is not None:
        try_again(stuck.id)
        return LOOKS_AGAIN
    wake(run_id)
    return WOKE
