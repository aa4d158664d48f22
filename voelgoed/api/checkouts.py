"""Selling by a program: open a checkout, complete it, read it, give it up."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import BaseModel, Field, StringConstraints

from voelgoed.catalog.event import Event
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.end import give_up
from voelgoed.checkout.open import Buyer, open_checkout
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Api, Json, identity
from voelgoed.foundation.web.once import once
from voelgoed.selling.asked import NO_NULLS, Asked, BuyerAsked, CompletionAsked, LineAsked
from voelgoed.selling.complete import complete as complete_sale
from voelgoed.selling.lowering import DiscountAsked, lowering_of, said_why
from voelgoed.selling.paying import NOTHING_WAITS, under_way
from voelgoed.selling.told import Told, tell_checkout, told_of

api = Api("checkouts", __name__)


class CheckoutIn(Asked):
    """What is wanted; `replaces` names an open checkout whose hold is given up in the same transaction.

    `code` is a discount's; `discount` takes off the whole sale what the caller's role may.
    """

    event_id: UUID
    lines: list[LineAsked] = Field(min_length=1, max_length=60)
    customer: BuyerAsked | None = None
    replaces: UUID | None = None
    code: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=NO_NULLS)] | None = None
    discount: DiscountAsked | None = None


class LineOut(BaseModel):
    """A line at the prices of its moment, in cents, VAT included."""

    ticket_type_id: UUID
    name: str
    quantity: int
    unit_cents: int
    discount_cents: int
    total_cents: int
    vat_cents: int


class FeeOut(BaseModel):
    """A fee in the total, in cents, VAT included; `unit_cents` is null for a share of the price."""

    name: str
    quantity: int
    unit_cents: int | None
    total_cents: int
    vat_rate_bp: int
    vat_cents: int


class CheckoutOut(BaseModel):
    """A checkout with what it holds; `cash_total_cents` is what it comes to in cash, fees and discounts counted."""

    id: UUID
    event_id: UUID
    total_cents: int
    cash_total_cents: int
    rounding_cents: int
    currency: str
    discount_cents: int
    lines: list[LineOut]
    fees: list[FeeOut]
    hold_expires_at: str | None


class TicketOut(BaseModel):
    """A ticket with its code, which is made anew at each answer and stored nowhere; null for who may not sell."""

    id: UUID
    serial: str
    code: str | None


class SaleOut(CheckoutOut):
    """A checkout as it stands: open, paying, paid, failed, expired or refunded.

    While it is being paid: where the payer has to go, and whether a person is asked to decide.
    """

    status: str
    number: int | None
    change_cents: int
    tickets: list[TicketOut]
    redirect_url: str | None
    needs_person: bool


@api.call("POST", "/checkouts", allow="sell", body=CheckoutIn, answers={201: CheckoutOut}, express=True)
def open(body: CheckoutIn) -> Answer:
    """Open a checkout: its capacity is held for ten minutes, all of it or nothing."""
    claimed = once(body)
    if claimed is not None and claimed.reference:
        return Json(tell_checkout(rows(Checkout).get(UUID(claimed.reference["checkout_id"]))), 201)
    asked = [(line.ticket_type_id, line.quantity) for line in body.lines]
    buyer = Buyer(**body.customer.model_dump()) if body.customer else None
    event = rows(Event).get(body.event_id)
    keep = (lambda made: claimed.keep(checkout_id=str(made))) if claimed is not None else None
    with said_why(body.discount):
        made = open_checkout(
            event, asked, key=uuid4(), channel="api", replaces=body.replaces, buyer=buyer, code=body.code,
            lowering=lowering_of(body.discount, at_till=False), keep=keep,
        )  # fmt: skip
    return Json(tell_checkout(made), 201)


@api.call("GET", "/checkouts/<uuid:checkout_id>", allow="sale.read", answers={200: SaleOut})
def read(checkout_id: UUID) -> Answer:
    """Read how a checkout stands, with its tickets once it is paid."""
    return Json(_sale(told_of(checkout_id)))


@api.call("DELETE", "/checkouts/<uuid:checkout_id>", allow="sell", answers={200: SaleOut})
def release(checkout_id: UUID) -> Answer:
    """Give up a checkout's hold; again changes nothing."""
    found = rows(Checkout).get(checkout_id)
    give_up(found)
    return Json(_sale(told_of(found.id)))


@api.call("POST", "/checkouts/<uuid:checkout_id>/complete", allow="sell", body=CompletionAsked,
          answers={200: SaleOut, 202: SaleOut}, express=True)  # fmt: skip
def complete(checkout_id: UUID, body: CompletionAsked) -> Answer:
    """Take the money: 200 with the tickets, or 202 and `paying` while it takes longer."""
    return complete_sale(checkout_id, body, _sale)


def _sale(told: Told) -> dict[str, Any]:
    # A reader who may not sell sees that there are tickets, not what lets people in.
    codes = told.codes() if identity().may("sell") else {}
    waits = under_way(told.id) if told.word == "paying" else NOTHING_WAITS
    return (
        told.checkout
        | waits
        | {
            "status": told.word,
            "number": told.number,
            "change_cents": told.change_cents,
            "tickets": [{"id": str(one.id), "serial": one.serial, "code": codes.get(one.id)} for one in told.tickets],
        }
    )
