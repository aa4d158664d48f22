"""What is told of a sale: its state, its lines, its tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.cash_step import cash_step
from voelgoed.checkout.checkout import Checkout, CheckoutLine
from voelgoed.checkout.open import Opened, opened_here
from voelgoed.checkout.price import cash_part, rounded_off
from voelgoed.checkout.state import STATE, State, state_from, state_of
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import PlainSQL, children, rows
from voelgoed.payments.payment import Payment
from voelgoed.selling.sale import SQL
from voelgoed.ticketing.code import Content, sign
from voelgoed.ticketing.codes import opened_key
from voelgoed.ticketing.ticket import Ticket, TicketVoid

READ = PlainSQL("selling.sale", (SQL / "told.sql").read_text().replace("{state}", STATE.sql))


@dataclass(frozen=True)
class TicketTold:
    """A ticket: which it is, what its code says and what signs that, and whether it is void."""

    id: UUID
    serial: str
    key_id: UUID
    content: Content
    void: bool


@dataclass(frozen=True)
class Told:
    """All of a checkout, as it stood when it was read: how it stands, its parts as JSON says them, its tickets."""

    id: UUID
    total_cents: int
    currency: str
    number: int | None
    state: State
    change_cents: int
    tickets: list[TicketTold]
    checkout: dict[str, Any]
    keys: dict[str, str] = field(repr=False)
    """The event's signing keys as they are sealed: id → hexadecimal digits."""

    @property
    def word(self) -> str:
        """How it stands: open, paying, paid, failed, expired, or refunded once all its tickets are void."""
        word = self.state.word
        return "refunded" if word == "paid" and self.tickets and all(one.void for one in self.tickets) else word

    def codes(self) -> dict[UUID, str]:
        """Sign the codes of its tickets; returns ticket → code."""
        wanted = {one.key_id for one in self.tickets}
        opened = {key_id: opened_key(key_id, bytes.fromhex(self.keys[str(key_id)])) for key_id in wanted}
        return {one.id: sign(one.content, opened[one.key_id]) for one in self.tickets}


def told_of(checkout_id: UUID) -> Told:
    """Read all that is told of a checkout, in one statement; raises NotFound."""
    row = READ.first(checkout_id=checkout_id)
    if row is None:
        raise NotFound("no such Checkout")
    return Told(
        row.id, row.total_cents, row.currency, row.number, state_from(row), row.change_cents,
        [_ticket(one) for one in row.tickets], as_json(row), row.keys,
    )  # fmt: skip


def tell_checkout(checkout: Checkout) -> dict[str, Any]:
    """Return a checkout as JSON says it: totals in cents, lines, the moment its hold ends."""
    opened = opened_here(checkout)
    return _just_opened(checkout, opened) if opened and not opened.priced.fees else told_of(checkout.id).checkout


def _just_opened(checkout: Checkout, opened: Opened) -> dict[str, Any]:
    """Tell of a checkout without fees that this transaction has written, without a look at the database."""
    lines = sorted(opened.priced.lines, key=lambda line: line.type.number)
    told = {name: getattr(checkout, name) for name in ("id", "event_id", "currency", "total_cents")}
    said = [
        {
            "ticket_type_id": str(line.type.id), "name": line.type.name, "quantity": line.quantity,
            "unit_cents": line.type.price_cents, "discount_cents": line.discount_cents,
            "total_cents": line.total_cents, "vat_cents": line.vat_cents,
        }
        for line in lines
    ]  # fmt: skip
    return as_json(
        SimpleNamespace(**told, cash_step=cash_step(), lines=said, fees=[], hold_expires_at=opened.expires_at)
    )


def as_json(row: Any) -> dict[str, Any]:
    """Return a checkout as JSON says it, of a row that has its parts."""
    ends: datetime | None = row.hold_expires_at
    return {
        "id": str(row.id),
        "event_id": str(row.event_id),
        "total_cents": row.total_cents,
        "cash_total_cents": cash_part(row.total_cents, row.cash_step),
        "rounding_cents": rounded_off(row.total_cents, row.cash_step),
        "currency": row.currency,
        "discount_cents": sum(line["discount_cents"] for line in row.lines),
        "lines": row.lines,
        "fees": row.fees,
        "hold_expires_at": ends.astimezone(UTC).isoformat() if ends else None,
    }


def _ticket(one: dict[str, Any]) -> TicketTold:
    content = Content(
        one["key"], UUID(one["id"]), one["code_version"], one["type"], one["days_mask"], one["bodies"],
        one["issued_minute"],
    )  # fmt: skip
    return TicketTold(content.ticket_id, one["serial"], UUID(one["key_id"]), content, one["void"])


def lines_of(checkout: Checkout) -> Sequence[tuple[CheckoutLine, str]]:
    """Return the lines with the names of their types, in the types' order."""
    statement = (
        select(CheckoutLine, TicketType.name)
        .join(TicketType, TicketType.id == CheckoutLine.ticket_type_id)
        .where(CheckoutLine.checkout_id == checkout.id)
        .order_by(TicketType.number)
        .execution_options(include_archived=True)
    )
    return [(line, name) for line, name in db.session.execute(statement)]


def tickets_of(checkout: Checkout) -> Sequence[Ticket]:
    """Return a sale's tickets, in order of number."""
    statement = (
        select(Ticket)
        .join(CheckoutLine, CheckoutLine.id == Ticket.checkout_line_id)
        .where(CheckoutLine.checkout_id == checkout.id)
        .order_by(Ticket.number)
    )
    return db.session.scalars(statement).all()


def as_it_stands(checkout: Checkout) -> tuple[str, Sequence[Ticket]]:
    """Return how a sale stands, in the words of `Told.word`, and its tickets; none before it is paid."""
    # The state first: read after the tickets, a sale that is paid in between would be paid without any.
    word = state_of(checkout.id).word
    tickets = tickets_of(checkout) if word == "paid" else ()
    if not tickets:
        return word, tickets
    void = rows(TicketVoid).filter(TicketVoid.ticket_id.in_([one.id for one in tickets])).count()
    return "refunded" if void == len(tickets) else word, tickets


def change_of(checkout: Checkout) -> int:
    """Return the change that a sale gave, in cents."""
    return sum(one.change_cents or 0 for one in children(checkout, Payment))
