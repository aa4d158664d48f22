"""Sells in the demo by the same deeds as a till."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import select

from voelgoed.catalog.event import Event
from voelgoed.checkout.checkout import CheckoutLine
from voelgoed.checkout.open import open_checkout
from voelgoed.checkout.price import cash_part
from voelgoed.demo.people import clerk_of
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows, scope
from voelgoed.foundation.waiting import wait_for
from voelgoed.foundation.workflow import Done, carry_on
from voelgoed.payments.capture import Tender, cash_step
from voelgoed.selling.begin import begin_to_pay
from voelgoed.ticketing.ticket import Ticket

AT_ONCE = 200


def sell(organization_id: UUID, event_id: UUID, type_id: UUID, quantity: int) -> list[UUID]:
    """Sell so many tickets of a type for cash (or for nothing, when it is free); returns the tickets' ids."""
    sold: list[UUID] = []
    while len(sold) < quantity:
        sold += _sale(organization_id, event_id, type_id, min(AT_ONCE, quantity - len(sold)))
    return sold


def _sale(organization_id: UUID, event_id: UUID, type_id: UUID, quantity: int) -> Sequence[UUID]:
    clerk = clerk_of(organization_id)
    with scope(organization_id, clerk):
        made = open_checkout(rows(Event).get(event_id), [(type_id, quantity)], key=uuid4())
        due = cash_part(made.total_cents, cash_step())
        run_id = begin_to_pay(made, [Tender("cash", due, due)] if due else [])
        commit()
        checkout_id = made.id
    with scope(organization_id, clerk):
        # A worker may have been faster: then there is only its outcome to wait for.
        outcome = carry_on(run_id) or wait_for(run_id)
        if not isinstance(outcome, Done):
            raise RuntimeError(f"the demo's sale came to {outcome}")
    with scope(organization_id, clerk):
        statement = (
            select(Ticket.id)
            .join(CheckoutLine, CheckoutLine.id == Ticket.checkout_line_id)
            .where(CheckoutLine.checkout_id == checkout_id)
        )
        return db.session.scalars(statement).all()
