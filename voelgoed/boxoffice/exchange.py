"""Exchanging at the box office: which tickets for what, the difference in figures, then done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from flask import request
from pydantic import Field, StringConstraints
from sqlalchemy import select

from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.shown import show
from voelgoed.boxoffice.till import other_ways
from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import because, children, rows
from voelgoed.foundation.web import Answer, Form, Page, Problem, Redirect, blank, identity, read
from voelgoed.foundation.web.fields import Asked, Cents
from voelgoed.payments.capture import Tender
from voelgoed.payments.gateways.card import looks_like_a_card
from voelgoed.payments.payment import Refund
from voelgoed.selling.asked import Reason
from voelgoed.selling.exchange_tickets import ExchangeTickets, exchange_once, exchange_tickets
from voelgoed.selling.pay_exchange import begin_exchange
from voelgoed.selling.told import tickets_of
from voelgoed.tills.approval import approval_given, approved_by

MOST_TYPES = 200
APPROVABLE = ("above_limit", "admitted")


Way = Literal["cash", "card", "online"]


class ExchangeForm(Asked):
    """Tickets, the type that each of them becomes, why, and how a difference is paid: a part first, then the rest."""

    tickets: list[UUID] = Field(min_length=1, max_length=200)
    ticket_type_id: UUID
    reason: Reason
    key: UUID = Field(default_factory=uuid4)
    gateway: Way = "cash"
    part: Annotated[Cents, Field(gt=0)] | None = None
    part_gateway: Way | None = None
    way: str | None = None
    tendered: Cents | None = None
    slip: Annotated[str, StringConstraints(max_length=40)] | None = None
    staff_number: str | None = None
    pin: str | None = None


@dataclass(frozen=True)
class Swap:
    """What an exchange comes to (cents): to be paid (in cash: rounded), or what goes back through what."""

    due_cents: int = 0
    cash_cents: int = 0
    back: Sequence[tuple[str, int]] = ()


@pages.get("/sales/<uuid:checkout_id>/exchange", allow="exchange")
def ask_exchange(checkout_id: UUID) -> Answer:
    """Ask which tickets become what."""
    return _ask(rows(Checkout).get(checkout_id), blank(tickets=request.args.getlist("tickets")))


@pages.post("/sales/<uuid:checkout_id>/exchange", allow="exchange")
def check_exchange(checkout_id: UUID) -> Answer:
    """Show what the exchange comes to."""
    sale = rows(Checkout).get(checkout_id)
    form = read(ExchangeForm, request.form, ("tickets",))
    return _sure(sale, _asked(sale, form.model), form) if form.ok else _ask(sale, form, 422)


@pages.post("/sales/<uuid:checkout_id>/exchanges", allow="exchange")
def exchange(checkout_id: UUID) -> Answer:
    """Exchange, and show the new sale."""
    sale = rows(Checkout).get(checkout_id)
    form = read(ExchangeForm, request.form, ("tickets",))
    if not form.ok:
        return _ask(sale, form, 422)
    asked = replace(_asked(sale, form.model), limited=identity().limited("exchange"))
    try:
        approver = approved_by("exchange").name if asked.limited and approval_given() else None
        if approver is not None:
            asked = replace(asked, limited=False, approved_by=approver)
        asked = replace(asked, tenders=_tenders(form.model))
        with db.session.begin_nested(), because(asked.reason):
            outside = any(one.online for one in asked.tenders)
            made_id = begin_exchange(asked) if outside else exchange_once(asked).id
    except Problem as problem:
        return _sure(sale, asked, form, problem)
    return Redirect("boxoffice.exchange_paying" if outside else "boxoffice.sale", checkout_id=made_id)


def _asked(sale: Checkout, said: ExchangeForm) -> ExchangeTickets:
    """Say what is exchanged for what; raises Problem 404 for tickets of another sale, NotFound for no such type."""
    if not set(said.tickets) <= {one.id for one in tickets_of(sale)}:
        raise Problem(404, "not_found")
    wanted = rows(TicketType).get(said.ticket_type_id)
    return ExchangeTickets(
        sale.id, tuple(said.tickets), wanted.event_id, wanted.id, len(set(said.tickets)), said.reason, said.key
    )


def _tenders(said: ExchangeForm) -> tuple[Tender, ...]:
    """Read how the difference is paid, none before anything was entered: a part, and what takes the rest."""
    if not request.form.get("gateway"):
        return ()
    if said.part is None or said.part_gateway is None:
        return (_tender(said, said.gateway, 0),)
    if said.part_gateway == said.gateway:
        raise Problem(422, "twice", "The same way twice", "Nothing was changed. Choose another way for the rest.")
    return _tender(said, said.part_gateway, said.part), _tender(said, said.gateway, 0)


def _tender(said: ExchangeForm, gateway: Way, cents: int) -> Tender:
    if gateway == "card":
        if not said.slip:
            raise Problem(422, "no_slip", "No slip number", "Nothing was changed. Enter the number on the card's slip.")
        if looks_like_a_card(said.slip):
            raise Problem(422, "card_number", "That looks like a card's number", "Enter the slip's number.")
        return Tender("card", cents, reference=said.slip)
    if gateway == "online":
        ways = {f"{one['gateway']}:{one.get('method', '')}": one for one in other_ways()}
        chosen = ways.get(said.way or "")
        if chosen is None:
            raise Problem(422, "no_way", "That way is not set up", "Nothing was changed. Choose another one.")
        return Tender(chosen["gateway"], cents, method=chosen.get("method"))
    return Tender("cash", cents, said.tendered)


def _sure(sale: Checkout, asked: ExchangeTickets, form: Form[ExchangeForm], problem: Problem | None = None) -> Answer:
    said, needs_approval = None, False
    try:
        said = _look(replace(asked, limited=False, tenders=()))
        needs_approval = identity().limited("exchange") and _above(asked)
    except Problem as why:
        problem = problem or why
    form.values.pop("pin", None)
    return Page(
        "boxoffice/exchange_sure.html", problem.status if problem else 200, sale=sale, said=said, problem=problem,
        form=form, needs_approval=needs_approval, currency=sale.currency, quantity=asked.quantity, ways=other_ways(),
        wanted=rows(TicketType).get(asked.ticket_type_id),
    )  # fmt: skip


def _look(asked: ExchangeTickets) -> Swap:
    """Say what would be done: it is done, told, and taken back to a savepoint."""
    savepoint = db.session.begin_nested()
    try:
        back = exchange_tickets.here(asked)["back"]
        refunds = children(back, Refund).filter(Refund.gateway != "credit")
        return Swap(back=[(one.gateway, one.amount_cents - one.rounding_cents) for one in refunds])
    except Problem as problem:
        if problem.type != "payment_needed":
            raise
        return Swap(problem.extra["due_cents"], problem.extra["cash_cents"])
    finally:
        savepoint.rollback()


def _above(asked: ExchangeTickets) -> bool:
    try:
        _look(replace(asked, limited=True, tenders=()))
    except Problem as problem:
        return problem.type in APPROVABLE
    return False


def _ask(sale: Checkout, form: Form[Any], status: int = 200) -> Page:
    tickets = [one for one in show(tickets_of(sale)) if one.void is None]
    return Page(
        "boxoffice/exchange.html", status, sale=sale, form=form, shown=tickets, currency=sale.currency,
        choices=_choices(sale), deed=None,
    )  # fmt: skip


def _choices(sale: Checkout) -> Sequence[tuple[Event, TicketType]]:
    """Return what tickets may become: the types of events in the same currency, this event's first."""
    statement = (
        select(Event, TicketType)
        .join(TicketType, TicketType.event_id == Event.id)
        .where(Event.currency == sale.currency)
        .order_by(Event.id != sale.event_id, Event.name, TicketType.number)
        .limit(MOST_TYPES)
    )
    return [(event, kind) for event, kind in db.session.execute(statement)]
