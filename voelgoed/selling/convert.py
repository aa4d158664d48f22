"""Turning a hold into what was bought, or reserving again when the money came after its end (I4)."""

from __future__ import annotations

from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.availability import tell_availability
from voelgoed.checkout.checkout import Checkout, CheckoutLine
from voelgoed.checkout.discount import use_again
from voelgoed.checkout.end import end
from voelgoed.checkout.hold import make_hold
from voelgoed.checkout.pools import move, pools_of
from voelgoed.checkout.state import state_of
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.workflow import Refused
from voelgoed.selling.sell_group import with_holders
from voelgoed.ticketing.issue import Wanted


def convert_hold(checkout: Checkout) -> None:
    """End the checkout's hold as converted; without a live one take the capacity anew, or refuse: `sold_out`."""
    hold = state_of(checkout.id).hold
    if hold is not None:
        end(hold.id, "converted")
        return
    lines = children(checkout, CheckoutLine).order_by(CheckoutLine.id).all()
    pools = pools_of(line.ticket_type_id for line in lines)
    bodies = {one.id: one.bodies for one in _types(lines)}
    again = make_hold(
        checkout.id,
        [(line.id, pools[line.ticket_type_id], line.quantity * bodies[line.ticket_type_id]) for line in lines],
    )
    end(again.id, "converted")
    if not use_again(checkout.id) or not move(again.bodies):
        raise Refused("sold_out")
    tell_availability(checkout.event_id)


def tickets_of_sale(checkout: Checkout) -> list[Wanted]:
    """Return what tickets a checkout is for, in the order of its lines."""
    lines = children(checkout, CheckoutLine).order_by(CheckoutLine.id).all()
    types = {one.id: one for one in _types(lines)}
    holder = checkout.customer.name if checkout.customer_id and checkout.customer else None
    wanted = [Wanted(types[line.ticket_type_id], line.quantity, line.id, holder) for line in lines]
    return with_holders(checkout, wanted) if checkout.channel == "group" else wanted


def _types(lines: list[CheckoutLine]) -> list[TicketType]:
    named = rows(TicketType).filter(TicketType.id.in_([line.ticket_type_id for line in lines]))
    # A type that was archived meanwhile was promised when it was held.
    return named.including_archived().all()
