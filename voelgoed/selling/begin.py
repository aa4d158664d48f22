"""Beginning to pay: one run per attempt, one attempt at a time, whoever asks and however often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from voelgoed.checkout.checkout import Checkout, CheckoutAttempt
from voelgoed.checkout.state import refuse_house
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import NotAtOnce, OtherInputs, at_once, start
from voelgoed.payments.capture import Tender, why_not
from voelgoed.payments.intend import discreet, intend
from voelgoed.selling.complete_checkout import CompleteCheckout, complete_checkout
from voelgoed.selling.sale import sale_of
from voelgoed.selling.tenders import in_order

SAID = {
    "nothing_to_pay": "This sale is free: send no payments.",
    "no_payment": "Send the payments that make up the total.",
    "one_cash_payment": "Send one cash payment: what the other payments leave of the total.",
    "wrong_amount": "The payment is not what the sale comes to.",
    "too_little": "That is less than what is due.",
}
DECLINED = "The card machine declined. Nothing was charged: take other money, or begin to pay again."


@dataclass(frozen=True)
class Attempt:
    """A try at paying that may begin: which one of its checkout (from 1), and its money, ready and in order."""

    number: int
    tenders: list[Tender]


def begin_to_pay(checkout: Checkout, tenders: list[Tender], *, here: bool = False) -> UUID:
    """Start the run that completes a checkout, with the caller's transaction; returns the run's id.

    `here`: the caller waits for it after the commit, and then carries it through itself if nobody outside is asked.

    Cash goes into the open shift of whoever acts. Asked again while it runs, or after it succeeded, with the same
    money: the same run. Raises Problem: 409 `paying` or `already_paid` for other money, `given_up` after the hold was
    given up, `no_open_shift`; 422 when the money is wrong.
    """
    allowed = _allowed(checkout, tenders)
    if isinstance(allowed, UUID):
        return allowed
    run_id = _start(checkout, allowed.number, allowed.tenders, here)
    db.session.add(CheckoutAttempt(checkout_id=checkout.id, number=allowed.number, run_id=run_id))
    intend(checkout, allowed.number, allowed.tenders, run_id)
    db.session.flush()
    point("sale.begun")
    return run_id


def pay_at_once(checkout: Checkout, tenders: list[Tender], keep: Callable[[UUID], None]) -> UUID:
    """Begin to pay and complete the checkout with the caller's transaction, which it commits next; returns the run.

    `keep` is told the run before any row that everybody wants is held. Raises what `begin_to_pay` raises, and NotAtOnce
    for a sale that asks somebody outside or does not go through: roll back, then it begins as any other.
    """
    allowed = _allowed(checkout, tenders)
    if isinstance(allowed, UUID) or any(one.outside for one in allowed.tenders):
        raise NotAtOnce("it is begun already, or somebody outside is asked")
    run_id = uuid7()
    keep(run_id)
    db.session.add(CheckoutAttempt(checkout_id=checkout.id, number=allowed.number, run_id=run_id))
    intend(checkout, allowed.number, allowed.tenders, run_id)
    point("sale.begun")
    inputs = CompleteCheckout(checkout.id, allowed.number, discreet(allowed.tenders))
    return at_once(complete_checkout, inputs, key=f"{checkout.id}:{allowed.number}", run_id=run_id)


def _allowed(checkout: Checkout, tenders: list[Tender]) -> Attempt | UUID:
    """Hold the checkout and say which attempt may begin now, or which run has the same money already."""
    sale = sale_of(checkout.id)
    tenders, state = in_order(checkout, tenders, sale.drawer), sale.state
    if state.outcome == "abandoned":
        raise Problem(409, "given_up", "This sale was given up", "Nothing was charged. Begin a new sale.")
    if state.attempt is not None and (state.paying or state.outcome == "paid"):
        return _same(checkout, state.attempt.number, tenders, paid=not state.paying)
    refuse_house(state)
    if (word := why_not(checkout.total_cents, sale.cash_step, tenders)) is not None:
        raise Problem(422, word, "The money is not right", SAID[word] + " Nothing was charged.",
                      errors={"payments": [SAID[word]]})  # fmt: skip
    if any(one.outcome == "declined" for one in tenders):
        raise Problem(409, "declined", "Not sold", DECLINED)
    return Attempt(state.attempt.number + 1 if state.attempt else 1, tenders)


def _start(checkout: Checkout, number: int, tenders: list[Tender], here: bool = False) -> UUID:
    inputs = CompleteCheckout(checkout.id, number, discreet(tenders))
    return start(complete_checkout, inputs, key=f"{checkout.id}:{number}", here=here)


def _same(checkout: Checkout, number: int, tenders: list[Tender], *, paid: bool) -> UUID:
    try:
        return _start(checkout, number, tenders)
    except OtherInputs:
        word = "already_paid" if paid else "paying"
        detail = "It was completed with other money. Nothing more was charged: look at the sale."
        raise Problem(409, word, "This sale is paid, or being paid", detail) from None
