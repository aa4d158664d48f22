"""Giving back at the box office: refund, cancel, reverse; each chosen, shown in figures, then done."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from flask import request
from pydantic import AfterValidator, Field

from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.shown import show
from voelgoed.boxoffice.sure import Deed, do, sure
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Form, Page, Problem, blank, read
from voelgoed.foundation.web.fields import Asked, Cents
from voelgoed.selling.asked import Reason
from voelgoed.selling.cancel import CAUSES, Cause, cancellation, charge_bp
from voelgoed.selling.fee_remains import everything_left
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.selling.reverse import reversal_of, reverse, why_not_reversed
from voelgoed.selling.told import tickets_of

SEVERAL = ("tickets",)


def _some(cents: int) -> int:
    if not cents:
        raise ValueError("More than nothing.")
    return cents


class RefundForm(Asked):
    """Tickets that are taken back, or an amount that takes none."""

    what: Literal["tickets", "amount"] = "tickets"
    tickets: list[UUID] = Field(default=[], max_length=200)
    amount: Annotated[Cents, AfterValidator(_some)] | None = None
    reason: Reason
    key: UUID = Field(default_factory=uuid4)
    staff_number: str | None = None
    pin: str | None = None


class CancelForm(Asked):
    """Tickets of somebody who does not come, and why."""

    tickets: list[UUID] = Field(max_length=200)
    cause: Cause
    reason: Reason
    key: UUID = Field(default_factory=uuid4)
    staff_number: str | None = None
    pin: str | None = None


REFUND = Deed("refund", "refund", "Refund", "boxoffice.refund")
CANCEL = Deed("cancellation", "refund", "Cancel", "boxoffice.cancel")
REVERSE = Deed("reversal", "sale.reverse", "Reverse", "boxoffice.reverse_sale")


@pages.get("/sales/<uuid:checkout_id>/refund", allow="refund")
def ask_refund(checkout_id: UUID) -> Answer:
    """Ask what is refunded: tickets, or an amount."""
    return _ask(rows(Checkout).get(checkout_id), REFUND, blank(tickets=request.args.getlist("tickets")))


@pages.post("/sales/<uuid:checkout_id>/refund", allow="refund")
def check_refund(checkout_id: UUID) -> Answer:
    """Show what the refund comes to."""
    sale = rows(Checkout).get(checkout_id)
    form = _read_refund()
    return sure(sale, REFUND, _refund(sale, form.model), form) if form.ok else _ask(sale, REFUND, form, 422)


@pages.post("/sales/<uuid:checkout_id>/refunds", allow="refund")
def refund(checkout_id: UUID) -> Answer:
    """Refund."""
    sale = rows(Checkout).get(checkout_id)
    form = _read_refund()
    return do(sale, REFUND, _refund(sale, form.model), form, refund_once) if form.ok else _ask(sale, REFUND, form, 422)


@pages.get("/sales/<uuid:checkout_id>/cancellation", allow="refund")
def ask_cancellation(checkout_id: UUID) -> Answer:
    """Ask which tickets are cancelled, and why."""
    return _ask(rows(Checkout).get(checkout_id), CANCEL, blank(tickets=request.args.getlist("tickets")))


@pages.post("/sales/<uuid:checkout_id>/cancellation", allow="refund")
def check_cancellation(checkout_id: UUID) -> Answer:
    """Show what the cancellation comes to: what is kept, what goes back."""
    sale = rows(Checkout).get(checkout_id)
    form = read(CancelForm, request.form, SEVERAL)
    return sure(sale, CANCEL, _cancel(sale, form.model), form) if form.ok else _ask(sale, CANCEL, form, 422)


@pages.post("/sales/<uuid:checkout_id>/cancellations", allow="refund")
def cancel(checkout_id: UUID) -> Answer:
    """Cancel."""
    sale = rows(Checkout).get(checkout_id)
    form = read(CancelForm, request.form, SEVERAL)
    return do(sale, CANCEL, _cancel(sale, form.model), form, refund_once) if form.ok else _ask(sale, CANCEL, form, 422)


@pages.get("/sales/<uuid:checkout_id>/reversal", allow="sale.reverse")
def check_reversal(checkout_id: UUID) -> Answer:
    """Show what a reversal gives back, or why it is none."""
    sale = rows(Checkout).get(checkout_id)
    key = str(uuid4())
    if (why := why_not_reversed(sale)) is not None:
        raise Problem(409, *why)
    return sure(sale, REVERSE, reversal_of(sale, _key(key)), blank(key=key))


@pages.post("/sales/<uuid:checkout_id>/reversals", allow="sale.reverse")
def reverse_sale(checkout_id: UUID) -> Answer:
    """Reverse."""
    sale = rows(Checkout).get(checkout_id)
    form = read(KeyForm, request.form)
    if not form.ok:
        raise Problem(422, "no_key", detail="Nothing was changed. Open the sale and reverse it from there.")
    asked = reversal_of(sale, _key(form.model.key))
    return do(sale, REVERSE, asked, form, lambda said: reverse(sale, said.key))


class KeyForm(Asked):
    """The key under which it is done once."""

    key: UUID


def _key(key: UUID | str) -> str:
    return f"page:{key}"


def _read_refund() -> Form[RefundForm]:
    form = read(RefundForm, request.form, SEVERAL)
    if form.ok and form.model.what == "tickets" and not form.model.tickets:
        form.refuse("tickets", "Choose the tickets.")
    if form.ok and form.model.what == "amount" and form.model.amount is None:
        form.refuse("amount", "How much?")
    return form


def _refund(sale: Checkout, said: RefundForm) -> RefundCheckout:
    amount = said.amount if said.what == "amount" else None
    tickets = () if amount is not None else _own(sale, said.tickets)
    return RefundCheckout(sale.id, "refund", said.reason, _key(said.key), tickets, amount)


def _cancel(sale: Checkout, said: CancelForm) -> RefundCheckout:
    tickets = _own(sale, said.tickets)
    return cancellation(sale.event, sale.id, tickets, said.cause, said.reason, _key(said.key))


def _own(sale: Checkout, tickets: list[UUID]) -> tuple[UUID, ...]:
    """Return the tickets if all of them are of this sale; raises Problem 404."""
    if not set(tickets) <= {one.id for one in tickets_of(sale)}:
        raise Problem(404, "not_found")
    return tuple(tickets)


def _ask(sale: Checkout, deed: Deed, form: Form[Any], status: int = 200) -> Page:
    tickets = [one for one in show(tickets_of(sale)) if one.void is None]
    return Page(
        "boxoffice/give_back.html", status, sale=sale, deed=deed, form=form, shown=tickets, currency=sale.currency,
        causes=list(CAUSES.items()), charge_bp=charge_bp(sale.event, now()),
        left_cents=sum(one.cents for one in everything_left(sale)),
    )  # fmt: skip
