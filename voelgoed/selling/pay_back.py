"""Sending back money that a processor took: by key, once, and booked once it is known to be gone.

Sending cannot be taken back, yet the booking follows in the same run: so `send_back` is no `irreversible` step, its
undo only says so and calls a person. The booking refuses nothing; what fails it is the database, and that is tried
again from the journal, which by then holds that the money went.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from voelgoed.foundation.tenancy import Actor, current_scope, rows, scope
from voelgoed.foundation.workflow import Interrupted, Pending, Person, Refused, Retry, Workflow, start
from voelgoed.foundation.workflow.answers import reason_of
from voelgoed.payments.capture import ONLINE
from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.payments.gateways import Absent, Gateway, Sent, Unknown, gateway_of, warm_up
from voelgoed.payments.payment import Charge, Payment, Refund
from voelgoed.selling.end_refund import end_refund

BY_HAND = "Give it back at the card machine, then enter the number on its slip."
NO_ACCOUNT = "Nothing says through which account this was paid."
ASKED_AT_MOST = 4
A_DAY = 86_400.0  # seconds
SETTLES = 5.0
"""Seconds before it is looked for: what was sent without an answer has arrived by then, if it arrives at all."""
SLOWEST = 60


@dataclass(frozen=True)
class PayBack:
    """Which refund."""

    refund_id: UUID


@dataclass(frozen=True)
class Owed:
    """What goes back, and where: the account and its own name for the payment."""

    organization_id: UUID
    gateway: str
    account_id: UUID | None
    reference: str | None
    amount_cents: int
    currency: str


@dataclass(frozen=True)
class Gone:
    """How a refund left: sent (with the processor's name for it), or otherwise, as a person said."""

    how: Literal["sent", "paid_otherwise", "written_off"]
    reference: str | None = None


pay_back = Workflow("pay_back", inputs=PayBack, version=1)


def begin_to_pay_back(refund: Refund, round_: int = 1) -> UUID | None:
    """Start the run that sends a refund back, with the caller's transaction; None for what goes nowhere outside.

    What came back after it was sent is sent anew, in the next round and so under another key.
    """
    if refund.gateway in ("cash", "credit"):
        return None
    return start(pay_back, PayBack(refund.id), key=key_of_round(refund.id, round_))


def key_of_round(refund_id: UUID, round_: int) -> str:
    """Return the key of the run that sends a refund for the nth time."""
    return str(refund_id) if round_ == 1 else f"{refund_id}:{round_}"


@pay_back.step(no_undo="it only reads what is owed")
def owed(refund_id: UUID) -> Owed:
    """Read what goes back through what."""
    return owed_of(rows(Refund).get(refund_id))


def owed_of(refund: Refund) -> Owed:
    """Say what of a refund goes back, and where."""
    paid = rows(Payment).get(refund.origin_id or refund.payment_id)
    charge = rows(Charge).get(paid.charge_id) if paid.charge_id else None
    if refund.gateway in ONLINE:
        warm_up(refund.gateway)
    return Owed(
        current_scope().organization_id, refund.gateway, charge.account_id if charge else None, paid.reference,
        refund.amount_cents, paid.checkout.currency,
    )  # fmt: skip


@pay_back.step(external=True, retries=20, patience=A_DAY)
def send_back(owed: Owed, idempotency_key: str, attempt: int) -> Gone | Pending:
    """Send it; after the first attempt ask by key first, for it may have gone. Raises Refused when it will not go."""
    if owed.gateway == "card":
        raise Refused(BY_HAND)
    if owed.account_id is None or owed.reference is None:
        raise Refused(NO_ACCOUNT)
    gateway = open_gateway(owed.organization_id, owed.account_id)
    answer = gateway.find_refund(idempotency_key, owed.reference) if attempt > 1 else Absent()
    if isinstance(answer, Absent):
        answer = gateway.refund(idempotency_key, owed.reference, owed.amount_cents, owed.currency)
    if isinstance(answer, Sent):
        return Gone("sent", answer.reference)
    if isinstance(answer, Unknown | Absent):
        return Pending(SETTLES * min(attempt, SLOWEST))
    raise Refused(answer.reason)


def open_gateway(organization_id: UUID, account_id: UUID) -> Gateway:
    """Open an account's gateway; outside the engine's transaction, so in a scope of its own."""
    with scope(organization_id, Actor("system", None, "pay back")):
        return gateway_of(rows(GatewayAccount).get(account_id))


@send_back.compensate
def on_sending_error(error: Exception, attempt: int) -> Retry | Person:
    """Ask again by key while that can help; then a person decides, and until then the money stays owed."""
    if isinstance(error, Interrupted):
        return Retry()
    if not isinstance(error, Refused) and attempt < ASKED_AT_MOST:
        return Retry()
    return Person(reason_of(error))


@send_back.undo
def cannot_be_fetched(owed: Owed) -> None:
    """Call a person: what may have been sent is not fetched back, and stays owed in the books."""
    raise RuntimeError(f"{owed.gateway} may have sent it, and nothing was booked: look there, then say how it ended")


@pay_back.step
def ended(refund_id: UUID, send_back: Gone) -> UUID:
    """Book that it is gone, once, whoever says so first."""
    return end_refund(rows(Refund).get(refund_id), send_back.how, reference=send_back.reference).id
