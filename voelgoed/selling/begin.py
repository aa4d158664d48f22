"""Beginning to pay: one run per attempt, one attempt at a time, whoever asks and however often."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from voelgoed.checkout.checkout import Checkout, CheckoutAttempt
from voelgoed.checkout.state import lock, state_of
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import OtherInputs, start
from voelgoed.payments.capture import Tender, cash_step, why_not
from voelgoed.selling.complete_checkout import CompleteCheckout, complete_checkout
from voelgoed.tills.own_shift import need_own_shift, own_shift

SAID = {
    "nothing_to_pay": "This sale is free: send no payments.",
    "no_payment": "Send the payments that make up the total.",
    "one_cash_payment": "Send one cash payment: what the other payments leave of the total.",
    "wrong_amount": "The payment is not what the sale comes to.",
    "too_little": "That is less than what is due.",
}


def begin_to_pay(checkout: Checkout, tenders: list[Tender]) -> UUID:
    """Start the run that completes a checkout, with the caller's transaction; returns the run's id.

    Cash goes into the open shift of whoever acts. Asked again while it runs, or after it succeeded, with the same
    money: the same run. Raises Problem: 409 `paying` or `already_paid` for other money, `given_up` after the hold was
    given up, `no_open_shift`; 422 when the money is wrong.
    """
    lock(checkout.id)
    tenders = _in_order(tenders)
    state = state_of(checkout.id)
    if state.outcome == "abandoned":
        raise Problem(409, "given_up", "This sale was given up", "Nothing was charged. Begin a new sale.")
    if state.attempt is not None and (state.paying or state.outcome == "paid"):
        return _same(checkout, state.attempt.number, tenders, paid=not state.paying)
    if (word := why_not(checkout.total_cents, cash_step(), tenders)) is not None:
        raise Problem(422, word, "The money is not right", SAID[word] + " Nothing was charged.",
                      errors={"payments": [SAID[word]]})  # fmt: skip
    number = state.attempt.number + 1 if state.attempt else 1
    run_id = _start(checkout, number, tenders)
    db.session.add(CheckoutAttempt(checkout_id=checkout.id, number=number, run_id=run_id))
    db.session.flush()
    point("sale.begun")
    return run_id


def _in_order(tenders: list[Tender]) -> list[Tender]:
    """Put what reaches outside first, and cash last, with the drawer that it goes into."""
    shift = need_own_shift() if any(one.gateway == "cash" for one in tenders) else own_shift()
    placed = [replace(one, shift_id=shift.id if shift else None) for one in tenders]
    return sorted(placed, key=lambda one: one.gateway == "cash")


def _start(checkout: Checkout, number: int, tenders: list[Tender]) -> UUID:
    inputs = CompleteCheckout(checkout.id, number, tenders)
    return start(complete_checkout, inputs, key=f"{checkout.id}:{number}")


def _same(checkout: Checkout, number: int, tenders: list[Tender], *, paid: bool) -> UUID:
    try:
        return _start(checkout, number, tenders)
    except OtherInputs:
        word = "already_paid" if paid else "paying"
        detail = "It was completed with other money. Nothing more was charged: look at the sale."
        raise Problem(409, word, "This sale is paid, or being paid", detail) from None
