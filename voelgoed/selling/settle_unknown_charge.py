"""What a person does about a charge of which nobody knows, or which brought money without a sale.

Each deed acts in the caller's transaction and raises Problem 409 `already_settled` when somebody was faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy.scope import because
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import Pending, Person, Refused, Retry, Workflow, start
from voelgoed.foundation.workflow.person import decide, give_up, try_again
from voelgoed.ledger.chart import WRITTEN_OFF, clearing_of
from voelgoed.ledger.post import Line, post
from voelgoed.payments.gateways.card import may_be_kept
from voelgoed.payments.intend import end_charge
from voelgoed.payments.payment import Charge
from voelgoed.payments.receive import Charged
from voelgoed.payments.take_late import give_back_late
from voelgoed.payments.take_money import Unsure
from voelgoed.selling.book import timezone_of
from voelgoed.selling.unknown_charges import UnknownCharge, unknown_charge

REFERENCE_SIZE = 120
TRIES = 5
PATIENCE = 900.0  # seconds, then a person is asked


@dataclass(frozen=True)
class SettleUnknownCharge:
    """The charge whose money is looked for, and given back when there is any."""

    charge_id: UUID


@dataclass(frozen=True)
class Looked:
    """Whose charge it is, and the key by which the processor knows it: for those who work outside."""

    organization_id: UUID
    key: str


settle_unknown_charge = Workflow("settle_unknown_charge", inputs=SettleUnknownCharge, version=1)


@settle_unknown_charge.step(no_undo="it only reads")
def look_up(charge_id: UUID) -> Looked:
    """Read under which key the processor knows the charge."""
    charge = db.session.scalars(select(Charge).where(Charge.id == charge_id)).one()
    if charge.account_id is None:
        raise Refused("No processor knows of it.")
    return Looked(charge.organization_id, charge.key)


@settle_unknown_charge.step(external=True, irreversible=True, retries=TRIES, patience=PATIENCE)
def given_back(look_up: Looked) -> str | Pending:
    """Find what it took and give that back; says what there was."""
    return give_back_late(look_up.organization_id, look_up.key)


@given_back.compensate
def on_given_back_error(error: Exception) -> Retry | Person:
    """By key it may be tried as often as one likes; what the processor refuses, a person settles with the buyer."""
    return Person(str(error)) if isinstance(error, Unsure) else Retry()


def check_again(charge_id: UUID) -> None:
    """Look once more for what became of a charge: its sale goes on, or what was taken without a sale goes back."""
    unknown = _need(charge_id)
    if not unknown.online:
        raise Problem(409, "nobody_to_ask", "A card machine cannot be asked", "Look at its slips and its batch total.")
    if unknown.stuck is not None:
        try_again(unknown.stuck.id)
    else:
        send_back(unknown.charge, str(uuid7()))


def mark_captured(charge_id: UUID, evidence: str) -> None:
    """Say that the money is there, with the reference that proves it: the sale goes on and makes its tickets."""
    if not may_be_kept(evidence):
        raise Problem(422, "card_number", "That looks like a card's number", "Give the reference of the payment.")
    unknown = _need(charge_id)
    if unknown.stuck is None or unknown.stuck.direction != "forward":
        raise Problem(409, "sale_ended", "Its sale has ended", "Nothing was changed. The money can be given back.")
    value = Charged(None, unknown.charge.amount_cents, 0, 0, now(), evidence[:REFERENCE_SIZE])
    decide(unknown.stuck.id, value, f"Captured, by {evidence}")


def mark_not_captured(charge_id: UUID, note: str) -> None:
    """Say that no money was taken: the charge has ended, and its sale goes back."""
    unknown = _need(charge_id)
    _end(unknown, "declined", note)
    _go_back(unknown, note)


def refund_charge(charge_id: UUID, note: str) -> None:
    """Have what was taken given back: by the processor, or on the card machine by whoever says so here."""
    unknown = _need(charge_id)
    if not unknown.online:
        _end(unknown, "taken_back", note)
    elif unknown.stuck is None:
        with because(note):
            send_back(unknown.charge, str(uuid7()))
    _go_back(unknown, note)


def write_off(charge_id: UUID, reason: str) -> None:
    """Stop asking: what the gateway may hold is booked as written off, and the sale goes back."""
    unknown = _need(charge_id)
    charge = unknown.charge
    with because(reason):
        post("write_off", charge, [Line(clearing_of(charge.gateway), charge.amount_cents),
                                   Line(WRITTEN_OFF, -charge.amount_cents)],
             currency=charge.currency, timezone=timezone_of(charge.checkout.event_id),
             words=f"Charge {charge.key} written off: {reason}"[:400], shift_id=None)  # fmt: skip
    _end(unknown, "written_off", reason)
    _go_back(unknown, reason)


def send_back(charge: Charge, why: str) -> UUID:
    """Start looking for what a charge took without a sale, and giving it back; `why` tells causes apart."""
    return start(settle_unknown_charge, SettleUnknownCharge(charge.id), key=f"{charge.id}:{why}")


def _need(charge_id: UUID) -> UnknownCharge:
    found = unknown_charge(charge_id)
    if found is None:
        raise Problem(409, "already_settled", "This charge is settled", "Somebody was faster: nothing was changed.")
    return found


def _end(unknown: UnknownCharge, how: str, reason: str) -> None:
    with because(reason):
        end_charge(unknown.charge.id, how, reason)


def _go_back(unknown: UnknownCharge, note: str) -> None:
    """Let the sale's run go back, or try that again: it does not touch a charge that has ended."""
    if unknown.stuck is None:
        return
    if unknown.stuck.direction == "forward":
        give_up(unknown.stuck.id, note)
    else:
        try_again(unknown.stuck.id)
