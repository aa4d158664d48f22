"""Capturing and giving back cash, whose remainder is rounded; what else is asked for money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from voelgoed.checkout.cash_step import cash_step as cash_step
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.price import cash_part, rounded_off
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import read_once
from voelgoed.foundation.workflow import Refused
from voelgoed.payments.payment import Payment
from voelgoed.tills.own_shift import keep_drawer_open

ONLINE = ("stripe", "paystack")


@dataclass(frozen=True)
class Tender:
    """Money that is offered: `amount_cents` of the sale through a gateway.

    Cash: what was handed over, and the drawer. Card machine: its slip's number and how it ended as the clerk saw it.
    Online: the account, and the processor's name for the customer's way of paying, where the page has got one.
    """

    gateway: str
    amount_cents: int
    tendered_cents: int | None = None
    shift_id: UUID | None = None
    reference: str | None = None
    outcome: str | None = None
    machine_id: UUID | None = None
    account_id: UUID | None = None
    method: str | None = None
    return_url: str | None = None

    @property
    def online(self) -> bool:
        """Whether a processor is asked for it."""
        return self.gateway in ONLINE

    @property
    def outside(self) -> bool:
        """Whether its outcome is not known when the sale begins: online, and a card machine nobody is sure of."""
        return self.online or self.outcome == "not_sure"


def why_not(total_cents: int, step: int, tenders: Sequence[Tender]) -> str | None:
    """Say in a word why these tenders do not pay for a sale, or None when they do.

    A free sale takes none; any other takes exactly its total, of which only the cash part rounds, in one payment.
    """
    if total_cents == 0:
        return "nothing_to_pay" if tenders else None
    if not tenders:
        return "no_payment"
    cash = [one for one in tenders if one.gateway == "cash"]
    if len(cash) > 1:
        return "one_cash_payment"
    if any(one.amount_cents <= 0 for one in tenders if one.gateway != "cash"):
        return "wrong_amount"
    outside = sum(one.amount_cents for one in tenders if one.gateway != "cash")
    rest = total_cents - outside
    if (rest != 0) if not cash else (rest <= 0 or cash[0].amount_cents not in (rest, cash_part(rest, step))):
        return "wrong_amount"
    return "too_little" if cash and _handed(cash[0], cash_part(rest, step)) < cash_part(rest, step) else None


def _handed(tender: Tender, due: int) -> int:
    return due if tender.tendered_cents is None else tender.tendered_cents


def capture_cash(
    checkout: Checkout, tender: Tender, *, amount_cents: int, attempt: int, number: int, key: str
) -> Payment:
    """Book that cash was taken for `amount_cents` of a checkout; the change is what was handed over above it.

    Raises Refused `no_open_shift` when the drawer was closed meanwhile.
    """
    if tender.shift_id is None or keep_drawer_open(tender.shift_id) is None:
        raise Refused("no_open_shift")
    step = cash_step()
    due = cash_part(amount_cents, step)
    handed = _handed(tender, due)
    row = Payment(
        checkout_id=checkout.id, attempt=attempt, tender=number, gateway="cash", key=key, shift_id=tender.shift_id,
        amount_cents=amount_cents, rounding_cents=rounded_off(amount_cents, step),
        tendered_cents=handed, change_cents=handed - due, created_at=now(),
    )  # fmt: skip
    db.session.add(row)
    captured_here(checkout.id).append(row)
    return row


def captured_here(checkout_id: UUID) -> list[Payment]:
    """Return the cash that this transaction has taken for a checkout so far."""
    return read_once(("captured", checkout_id), list)
