"""Turning a hold into what was bought, or reserving again when the money came after its end (I4)."""

from __future__ import annotations

from voelgoed.checkout.availability import tell_availability
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.discount import use_again
from voelgoed.checkout.end import end_held
from voelgoed.checkout.hold import make_hold
from voelgoed.checkout.pools import move, pools_of
from voelgoed.foundation.workflow import Refused
from voelgoed.selling.sale import sale_of
from voelgoed.selling.sell_group import with_holders
from voelgoed.ticketing.issue import Wanted


def convert_hold(checkout: Checkout) -> None:
    """End the checkout's hold as converted; without a live one take the capacity anew, or refuse: `sold_out`."""
    sale = sale_of(checkout.id)
    hold = sale.state.hold
    if hold is not None:
        end_held(hold.id, "converted")
        return
    lines = sale.lines
    pools = pools_of(line.type.id for line in lines)
    again = make_hold(checkout.id, [(line.id, pools[line.type.id], line.quantity * line.type.bodies) for line in lines])
    end_held(again.id, "converted")
    if not use_again(checkout.id) or not move(again.bodies):
        raise Refused("sold_out")
    tell_availability(checkout.event_id)


def tickets_of_sale(checkout: Checkout) -> list[Wanted]:
    """Return what tickets a checkout is for, in the order of its lines."""
    sale = sale_of(checkout.id)
    wanted = [Wanted(line.type, line.quantity, line.id, sale.holder) for line in sale.lines]
    return with_holders(checkout, wanted) if checkout.channel == "group" else wanted
