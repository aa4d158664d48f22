"""Refunds by a program: a whole sale, some of its tickets, or an amount."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import and_, select

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Api, Json, Problem, identity
from voelgoed.foundation.web.once import once
from voelgoed.payments.payment import Refund, RefundEnd, Return, stands
from voelgoed.selling.asked import MOST_CENTS, Asked, Reason
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.selling.told import tickets_of
from voelgoed.ticketing.ticket import TicketVoid

api = Api("refunds", __name__)


class RefundIn(Asked):
    """Tickets of the sale that are taken back, or an amount that takes none; neither: all that is still valid."""

    tickets: list[UUID] | None = Field(default=None, min_length=1, max_length=200)
    amount_cents: int | None = Field(default=None, ge=1, le=MOST_CENTS)
    reason: Reason

    @model_validator(mode="after")
    def _one_of_them(self) -> RefundIn:
        if self.tickets is not None and self.amount_cents is not None:
            raise ValueError("Send tickets or amount_cents, not both.")
        return self


class MoneyBackOut(BaseModel):
    """Money through one gateway, in cents: handed over, on its way (sending), sent, paid in cash, written off."""

    gateway: str
    amount_cents: int
    status: str


class RefundOut(BaseModel):
    """A refund: what was taken back (cents, the VAT in it), and through what the money goes."""

    id: UUID
    checkout_id: UUID
    value_cents: int
    vat_cents: int
    currency: str
    reason: str
    money: list[MoneyBackOut]


@api.call("POST", "/checkouts/<uuid:checkout_id>/refunds", allow="refund", body=RefundIn, answers={201: RefundOut})
def refund(checkout_id: UUID, body: RefundIn) -> Answer:
    """Refund a paid sale with a reason: cash leaves the caller's open shift, other money goes back whence it came."""
    checkout = rows(Checkout).get(checkout_id)
    claimed = once(body)
    if claimed is not None and claimed.reference:
        return Json(_told(children(checkout, Return).get(UUID(claimed.reference["return_id"]))), 201)
    limited = identity().limited("refund")
    tickets = () if body.amount_cents is not None else _tickets(checkout, body.tickets)
    asked = RefundCheckout(
        checkout.id, "refund", body.reason, f"api:{uuid4()}", tickets, body.amount_cents, limited=limited
    )
    made = refund_once(asked)
    if claimed is not None:
        claimed.keep(return_id=str(made.id))
    return Json(_told(made), 201)


def _tickets(checkout: Checkout, asked: list[UUID] | None) -> tuple[UUID, ...]:
    own = [one.id for one in tickets_of(checkout)]
    if asked is not None:
        if not set(asked) <= set(own):
            raise Problem(404, "not_found", detail="A ticket is not of this checkout. Nothing was changed.")
        return tuple(asked)
    void = set(db.session.scalars(select(TicketVoid.ticket_id).where(TicketVoid.ticket_id.in_(own))))
    return tuple(one for one in own if one not in void)


def _told(given: Return) -> dict[str, Any]:
    money = (
        select(Refund, RefundEnd.how)
        .outerjoin(RefundEnd, and_(RefundEnd.refund_id == Refund.id, stands()))
        .where(Refund.return_id == given.id)
        .order_by(Refund.id)
    )
    return {
        "id": str(given.id),
        "checkout_id": str(given.checkout_id),
        "value_cents": given.value_cents,
        "vat_cents": given.vat_cents,
        "currency": given.checkout.currency,
        "reason": given.reason,
        "money": [_money(refund, how) for refund, how in db.session.execute(money)],
    }


def _money(refund: Refund, how: str | None) -> dict[str, Any]:
    status = how or ("handed_over" if refund.gateway in ("cash", "credit") else "sending")
    return {"gateway": refund.gateway, "amount_cents": refund.amount_cents - refund.rounding_cents, "status": status}
