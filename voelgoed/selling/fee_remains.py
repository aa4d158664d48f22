"""What remains of a sale's fees, and what a return gives back of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import func, select

from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.fee import CheckoutFee, fees_of
from voelgoed.foundation.database import db
from voelgoed.payments.payment import Return, ReturnLine
from voelgoed.payments.return_fee import ReturnFee
from voelgoed.selling.remains import Left, Part, remains, share


def fee_remains(checkout: Checkout, lines: Sequence[Left]) -> Sequence[Left]:
    """Return what remains of each fee, given what remains of the lines; lock the checkout first."""
    if not (fees := fees_of(checkout)):
        return []
    sums = (func.sum(ReturnFee.tickets), func.sum(ReturnFee.value_cents), func.sum(ReturnFee.vat_cents))
    back = (
        select(ReturnFee.checkout_fee_id, *sums)
        .join(Return, Return.id == ReturnFee.return_id)
        .where(Return.checkout_id == checkout.id)
        .group_by(ReturnFee.checkout_fee_id)
    )
    gone = {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in db.session.execute(back)}
    live = sum(one.tickets for one in lines)
    return [_left(one, live, *gone.get(one.id, (0, 0, 0))) for one in fees]


def _left(fee: CheckoutFee, live: int, tickets: int, cents: int, vat_cents: int) -> Left:
    """Say what remains of a fee; one that was kept of a void ticket is that ticket's still, not the others'."""
    of = live if fee.checkout_line_id is None else fee.quantity - tickets
    return Left(fee, of, fee.total_cents - cents, fee.vat_cents - vat_cents)


def everything_left(checkout: Checkout) -> Sequence[Left]:
    """Return what remains of lines and fees: what an amount may be given back of."""
    lines = remains(checkout)
    return [*lines, *fee_remains(checkout, lines)]


def part_of_fees(left: Iterable[Left], taken: Sequence[Part], *, every: bool) -> list[Part]:
    """Return what of the fees goes back with tickets: a ticket's with it, a sale's with its last ticket.

    A fee that is kept stays, unless the customer is owed `every` fee.
    """
    tickets: dict[UUID | None, int] = {one.left.line.id: one.tickets for one in taken}
    tickets[None] = sum(one.tickets for one in taken)
    parts = [_part(one, tickets.get(_fee(one).checkout_line_id, 0)) for one in left if every or not _fee(one).kept]
    return [one for one in parts if one.tickets]


def _fee(left: Left) -> CheckoutFee:
    return cast(CheckoutFee, left.line)


def _part(left: Left, tickets: int) -> Part:
    if _fee(left).checkout_line_id is None:
        return Part(left, tickets, left.cents) if tickets == left.tickets else Part(left, 0, 0)
    return Part(left, tickets, share(left, tickets) if tickets else 0)


def rows_of(given: Return, parts: Iterable[Part]) -> list[ReturnLine | ReturnFee]:
    """Return the rows of a return that say what it takes of each line and fee."""
    return [_row(given, one) for one in parts]


def _row(given: Return, part: Part) -> ReturnLine | ReturnFee:
    of = part.left.line
    said = {"return_id": given.id, "tickets": part.tickets, "value_cents": part.cents, "vat_cents": part.vat_cents}
    if isinstance(of, CheckoutFee):
        return ReturnFee(checkout_fee_id=of.id, **said)
    return ReturnLine(checkout_line_id=of.id, **said)
