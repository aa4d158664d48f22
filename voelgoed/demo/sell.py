"""Sells in the demo by the same deeds as a till."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select

from voelgoed.catalog.event import Event
from voelgoed.checkout.checkout import CheckoutLine
from voelgoed.checkout.clerk_discount import Lowering
from voelgoed.checkout.open import open_checkout
from voelgoed.checkout.price import cash_part
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import Actor, rows, scope
from voelgoed.foundation.waiting import wait_for
from voelgoed.foundation.workflow import Done, carry_on
from voelgoed.payments.capture import Tender, cash_step
from voelgoed.selling.begin import begin_to_pay
from voelgoed.ticketing.ticket import Ticket

AT_ONCE = 200


def sell(organization_id: UUID, seller: Actor, event_id: UUID, type_id: UUID, quantity: int) -> list[UUID]:
    """Sell so many tickets of a type for cash (or for nothing, when it is free); returns the tickets' ids."""
    sold: list[UUID] = []
    for first in range(0, quantity, AT_ONCE):
        checkout_id = sale(organization_id, seller, event_id, type_id, min(AT_ONCE, quantity - first))
        with scope(organization_id, seller):
            statement = (
                select(Ticket.id)
                .join(CheckoutLine, CheckoutLine.id == Ticket.checkout_line_id)
                .where(CheckoutLine.checkout_id == checkout_id)
            )
            sold += db.session.scalars(statement).all()
    return sold


def sale(
    organization_id: UUID,
    seller: Actor,
    event_id: UUID,
    type_id: UUID,
    quantity: int,
    card: str | None = None,
    *,
    sure: bool = True,
    code: str | None = None,
    lowering: Lowering | None = None,
) -> UUID:
    """Make one sale from the seller's drawer, in cash or by a card machine's slip; returns the checkout's id.

    Of a card that is not sure nobody waits for the end: it is a person's to decide.
    """
    with scope(organization_id, seller):
        event = rows(Event).get(event_id)
        made = open_checkout(event, [(type_id, quantity)], key=uuid4(), code=code, lowering=lowering)
        run_id = begin_to_pay(made, _tenders(made.total_cents, card, sure))
        commit()
        checkout_id = made.id
    with scope(organization_id, seller):
        # A worker may have been faster: then there is only its outcome to wait for.
        outcome = carry_on(run_id) or (wait_for(run_id) if sure else None)
        if sure and not isinstance(outcome, Done):
            raise RuntimeError(f"the demo's sale came to {outcome}")
    return checkout_id


def _tenders(total_cents: int, card: str | None, sure: bool) -> list[Tender]:
    if not total_cents:
        return []
    if card is not None:
        return [Tender("card", total_cents, reference=card, outcome="approved" if sure else "not_sure")]
    due = cash_part(total_cents, cash_step())
    return [Tender("cash", due, due)]
