"""What the till's script asks: hold, complete, how does it stand, give up."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import segno
from flask import url_for
from pydantic import Field
from werkzeug.exceptions import NotFound

from voelgoed.boxoffice.invoice_paper import invoice_of, recipient_of
from voelgoed.boxoffice.pages import pages
from voelgoed.catalog.event import Event
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.clerk_discount import off_by_clerk
from voelgoed.checkout.customers import put_on
from voelgoed.checkout.end import give_up
from voelgoed.checkout.open import open_checkout
from voelgoed.checkout.take_over import open_from
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, File, Json, identity
from voelgoed.foundation.web.api import read_body
from voelgoed.selling.asked import Asked, CompletionAsked, LineAsked
from voelgoed.selling.complete import complete as complete_sale
from voelgoed.selling.invoicing import FULL_ABOVE_CENTS
from voelgoed.selling.lowering import ApprovalAsked, DiscountAsked, lowering_of, said_why
from voelgoed.selling.paying import payer_page
from voelgoed.selling.told import Told, tell_checkout, told_of


class SlipAsked(Asked):
    """A slip when tender opens; `key` is made with the slip, `replaces` is the hold that it had before."""

    lines: list[LineAsked] = Field(min_length=1, max_length=60)
    key: UUID
    replaces: UUID | None = None
    customer_id: UUID | None = None
    code: str | None = Field(default=None, min_length=1, max_length=40)
    discount: DiscountAsked | None = None
    approval: ApprovalAsked | None = None


@pages.post("/events/<uuid:event_id>/checkouts", allow="sell")
def hold(event_id: UUID) -> Answer:
    """Hold a slip's capacity: 201 with what it comes to, in cash too; `kept_for` names a hold that outlives it."""
    slip = read_body(SlipAsked)
    event = rows(Event).get(event_id)
    asked = [(line.ticket_type_id, line.quantity) for line in slip.lines]
    lowering = lowering_of(slip.discount, slip.approval, at_till=True)
    with said_why(slip.discount):
        if slip.replaces is None:
            made, kept = open_checkout(event, asked, key=slip.key, code=slip.code, lowering=lowering), None
        else:
            made, kept = open_from(event, asked, slip.replaces, slip.key, slip.code, lowering)
    put_on(made.id, slip.customer_id)
    told = tell_checkout(made) | ({"kept_for": kept.name} if kept else {})
    return Json(told | ({"clerk_discount_cents": off_by_clerk(made.id)} if slip.discount else {}), 201)


@pages.post("/checkouts/<uuid:checkout_id>/complete", allow="sell")
def complete(checkout_id: UUID) -> Answer:
    """Take the money: 200 with the tickets, or 202 while it takes longer; the same key asks again."""
    return complete_sale(checkout_id, read_body(CompletionAsked), _sale)


@pages.get("/checkouts/<uuid:checkout_id>", allow="sell")
def sale_state(checkout_id: UUID) -> Answer:
    """Say how a sale stands, for a till that never heard the answer."""
    return Json(_sale(told_of(checkout_id)))


@pages.get("/checkouts/<uuid:checkout_id>/payer-code", allow="sell")
def payer_code(checkout_id: UUID) -> Answer:
    """Draw the address at which the customer pays, for their phone's camera; 404 when nobody waits for them."""
    address = payer_page(rows(Checkout).get(checkout_id).id)
    if address is None:
        raise NotFound
    drawn = io.BytesIO()
    segno.make(address, micro=False).save(drawn, kind="svg", scale=4, border=4)
    return File(drawn.getvalue(), "image/svg+xml", "pay.svg")


@pages.delete("/checkouts/<uuid:checkout_id>", allow="sell")
def let_go(checkout_id: UUID) -> Answer:
    """Give a hold up; again changes nothing."""
    found = rows(Checkout).get(checkout_id)
    give_up(found)
    return Json(_sale(told_of(found.id)))


def _sale(told: Told) -> dict[str, Any]:
    slug = identity().slug
    said = {"id": str(told.id), "status": told.word, "total_cents": told.total_cents, "number": told.number,
            "currency": told.currency}  # fmt: skip
    if told.word not in ("paid", "refunded"):
        return said | {"payer_code_url": url_for("boxoffice.payer_code", slug=slug, checkout_id=told.id)}
    reversal = url_for("boxoffice.check_reversal", slug=slug, checkout_id=told.id)
    return said | {
        "reverse_url": reversal if identity().may("sale.reverse") else None,
        "change_cents": told.change_cents,
        "tickets": [
            {
                "id": str(one.id),
                "serial": one.serial,
                "url": url_for("boxoffice.ticket", slug=slug, ticket_id=one.id),
                "print_url": url_for("boxoffice.print_ticket", slug=slug, ticket_id=one.id),
            }
            for one in told.tickets
        ],
        "recipient_url": _recipient_url(told),
        "codes_url": url_for("boxoffice.codes", slug=slug, checkout_id=told.id),
        "receipt_url": url_for("boxoffice.receipt", slug=slug, checkout_id=told.id),
        "print_url": url_for("boxoffice.print_sale", slug=slug, checkout_id=told.id),
    }


def _recipient_url(told: Told) -> str | None:
    """Return where to say for whom the invoice is, while the law asks it and nobody has."""
    if told.total_cents <= FULL_ABOVE_CENTS or not identity().may("invoice.complete"):
        return None
    invoice = invoice_of(rows(Checkout).get(told.id))
    if invoice is None or invoice.recipient_due is None or recipient_of(invoice) is not None:
        return None
    return url_for("boxoffice.invoice_recipient", slug=identity().slug, checkout_id=told.id)
