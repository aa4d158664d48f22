"""What makes the demo's festival dearer and cheaper than its list: a fee, a code in use, a reserve book half sold."""

from __future__ import annotations

from uuid import UUID, uuid4

from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.clerk_discount import Lowering
from voelgoed.checkout.discount import Discount
from voelgoed.checkout.fee import Fee
from voelgoed.demo.drawers import person
from voelgoed.demo.sell import sale
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import Actor, children, rows, scope
from voelgoed.payments.capture import Tender
from voelgoed.selling.reserve import ReserveTicket
from voelgoed.selling.reserve_key_in import KeyIn, key_in
from voelgoed.selling.reserve_print import print_book
from voelgoed.ticketing.ticket import Ticket, TicketPrint

FEE_CENTS = 1150
CODE = "KAROO10"
IN_A_BOOK, SOLD_ON_PAPER, SPOILT = 20, 7, 1


def ask(event: Event, kind: TicketType) -> None:
    """Ask a fee for each ticket of an event, and give out a code for one in ten off; in the organization's scope."""
    db.session.add_all([
        Fee(event_id=event.id, name="Booking fee", per="ticket", kind="amount", amount_cents=FEE_CENTS,
            vat_rate_bp=kind.vat_rate_bp),
        Discount(event_id=event.id, code=CODE, kind="percent", percent=10, uses_most=200),
    ])  # fmt: skip


def lower(organization_id: UUID, event_id: UUID, type_id: UUID) -> None:
    """Have the clerk sell with the code, and the manager for less because of a delay."""
    clerk, manager = (person(organization_id, role) for role in ("box_office", "manager"))
    sale(organization_id, clerk, event_id, type_id, 3, code=CODE)
    delay = Lowering(5, None, "Waited an hour for the bus", lambda off, before: None)
    sale(organization_id, manager, event_id, type_id, 2, "1047", lowering=delay)


def sell_on_paper(organization_id: UUID, event_id: UUID, type_id: UUID) -> None:
    """Have the manager print a reserve book, and the clerk key in what was sold of it while the network was away."""
    with scope(organization_id, person(organization_id, "manager")):
        book = print_book(rows(Event).get(event_id), type_id, IN_A_BOOK, uuid4())
        book_id = book.id
        db.session.add_all(TicketPrint(ticket_id=one.ticket_id, format="a4") for one in children(book, ReserveTicket))
        commit()
    _key_in(organization_id, person(organization_id, "box_office"), book_id, event_id)


def _key_in(organization_id: UUID, clerk: Actor, book_id: UUID, event_id: UUID) -> None:
    with scope(organization_id, clerk):
        last = rows(Ticket).filter_by(event_id=event_id).order_by(Ticket.number.desc()).first()
        assert last is not None  # the book's own last one: it was just printed
        first = last.number - IN_A_BOOK + 1
        spoilt = frozenset(range(first + SOLD_ON_PAPER, first + SOLD_ON_PAPER + SPOILT))
        key_in(
            KeyIn(book_id, first, first + SOLD_ON_PAPER + SPOILT - 1, frozenset(), spoilt, Tender("cash", 0), uuid4())
        )
        commit()
