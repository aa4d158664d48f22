"""What remains of a sale's lines and fees, and what part of them a return takes: cents, tickets, the VAT inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from voelgoed.checkout.checkout import Checkout, CheckoutLine
from voelgoed.checkout.fee import CheckoutFee
from voelgoed.checkout.price import included_vat, spread
from voelgoed.foundation.database import db
from voelgoed.payments.payment import Return, ReturnLine
from voelgoed.ticketing.ticket import Ticket, TicketVoid


@dataclass(frozen=True)
class Left:
    """What remains of a line: its tickets that are not void, the value that was not taken back, its VAT (cents).

    Or of a fee: its tickets are those whose fee was not given back; of a sale's fee, all that are not void.
    """

    line: CheckoutLine | CheckoutFee
    tickets: int
    cents: int
    vat_cents: int


@dataclass(frozen=True)
class Part:
    """What is taken back of one line."""

    left: Left
    tickets: int
    cents: int

    @property
    def of_a_fee(self) -> bool:
        """Whether it is of a fee, not of tickets."""
        return isinstance(self.left.line, CheckoutFee)

    @property
    def vat_cents(self) -> int:
        """The VAT of a part: what the line still held, less what is inside of the rest."""
        return self.left.vat_cents - included_vat(self.left.cents - self.cents, self.left.line.vat_rate_bp)


def remains(checkout: Checkout) -> Sequence[Left]:
    """Return what remains of each line, in their order; lock the checkout first."""
    back = (
        select(ReturnLine.checkout_line_id, func.sum(ReturnLine.value_cents), func.sum(ReturnLine.vat_cents))
        .join(Return, Return.id == ReturnLine.return_id)
        .where(Return.checkout_id == checkout.id)
        .group_by(ReturnLine.checkout_line_id)
    )
    gone = {line_id: (int(cents), int(vat)) for line_id, cents, vat in db.session.execute(back)}
    void = _voided(checkout.id)
    lines = select(CheckoutLine).where(CheckoutLine.checkout_id == checkout.id).order_by(CheckoutLine.id)
    return [_left(line, void[line.id], *gone.get(line.id, (0, 0))) for line in db.session.scalars(lines)]


def _voided(checkout_id: UUID) -> Counter[UUID]:
    """Count the void tickets of each line."""
    statement = (
        select(Ticket.checkout_line_id, func.count())
        .join(TicketVoid, TicketVoid.ticket_id == Ticket.id)
        .join(CheckoutLine, CheckoutLine.id == Ticket.checkout_line_id)
        .where(CheckoutLine.checkout_id == checkout_id)
        .group_by(Ticket.checkout_line_id)
    )
    return Counter({line_id: count for line_id, count in db.session.execute(statement) if line_id is not None})


def _left(line: CheckoutLine, void: int, cents: int, vat_cents: int) -> Left:
    return Left(line, line.quantity - void, line.total_cents - cents, line.vat_cents - vat_cents)


def part_of_tickets(left: Sequence[Left], tickets: Sequence[Ticket]) -> list[Part]:
    """Return what tickets that are still valid are worth: an equal share of what remains of their lines.

    That is their price, unless a goodwill has lowered it; the last ticket of a line takes what is left.
    """
    taken = Counter(one.checkout_line_id for one in tickets)
    return [Part(one, taken[one.line.id], share(one, taken[one.line.id])) for one in left if taken[one.line.id]]


def share(left: Left, tickets: int) -> int:
    """Return what so many of the tickets that remain are worth: an equal part, rounded; all of them are all of it."""
    return (2 * left.cents * tickets + left.tickets) // (2 * left.tickets)


def part_of_amount(left: Sequence[Left], cents: int) -> list[Part]:
    """Spread an amount over the lines by what remains of each, so that every rate of VAT bears its share.

    No line gives more than it has left. Raises ValueError when all together have less.
    """
    if cents > (whole := sum(one.cents for one in left)):
        raise ValueError(f"{cents} cents are more than the {whole} that remain")
    shares = zip(left, spread(cents, [one.cents for one in left]), strict=True)
    return [Part(one, 0, part) for one, part in shares if part]
