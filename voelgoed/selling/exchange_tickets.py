"""Exchanging tickets for others, of another type or event: what the old were worth pays for the new, all at once.

A difference to pay is taken in cash, or by a card machine that has approved it: neither is asked anything outside.
A difference to give back goes back as any refund does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import Pool, TicketType
from voelgoed.checkout.checkout import Checkout, Hold, HoldLine
from voelgoed.checkout.open import open_checkout
from voelgoed.checkout.pools import pools_of
from voelgoed.checkout.price import cash_part
from voelgoed.checkout.state import lock
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import Workflow
from voelgoed.payments.capture import Tender, capture_cash, cash_step
from voelgoed.payments.payment import Charge, Payment, Refund, Return
from voelgoed.selling import complete_checkout
from voelgoed.selling.book import book_sale
from voelgoed.selling.refund_checkout import RefundCheckout, refund_checkout
from voelgoed.selling.voiding import hold_tickets
from voelgoed.tills.own_shift import keep_open, need_own_shift


@dataclass(frozen=True)
class ExchangeTickets:
    """Which tickets of a sale become how many of which type; `tender` pays a difference (its amount is worked out).

    `key` makes it happen once: it is the new sale's key. `limited` and `approved_by` as for a refund.
    """

    checkout_id: UUID
    tickets: tuple[UUID, ...]
    event_id: UUID
    ticket_type_id: UUID
    quantity: int
    reason: str
    key: UUID
    tender: Tender | None = None
    limited: bool = False
    approved_by: str | None = None


exchange_tickets = Workflow("exchange_tickets", inputs=ExchangeTickets, journal=False)
"""Reaches nothing outside: old tickets are void and new ones made with its caller's commit, or nothing happened."""


@exchange_tickets.step
def sale(checkout_id: UUID) -> Checkout:
    """Hold the old sale to the commit."""
    return lock(checkout_id)


@exchange_tickets.step
def wanted(event_id: UUID, ticket_type_id: UUID, sale: Checkout) -> TicketType:
    """Find what is wanted; raises NotFound, or Problem 422 when it is sold in another currency."""
    event = rows(Event).get(event_id)
    if event.currency != sale.currency:
        raise Problem(422, "other_currency", "Sold in another currency", "Refund these tickets and sell new ones.")
    return children(event, TicketType).get(ticket_type_id)


@exchange_tickets.step
def places(sale: Checkout, tickets: tuple[UUID, ...], wanted: TicketType) -> None:
    """Hold tickets, drawer and pools: places move twice, so all pools are held first, in their order."""
    hold_tickets(set(tickets))
    old = select(HoldLine.pool_id).join(Hold, Hold.id == HoldLine.hold_id).where(Hold.checkout_id == sale.id)
    concerned = set(db.session.scalars(old)).union(*pools_of([wanted.id]).values())
    db.session.execute(select(Pool.id).where(Pool.id.in_(concerned)).order_by(Pool.id).with_for_update(key_share=True))


@exchange_tickets.step(after=[places])
def back(
    sale: Checkout, tickets: tuple[UUID, ...], wanted: TicketType, quantity: int, reason: str, key: UUID,
    limited: bool, approved_by: str | None,
) -> Return:  # fmt: skip
    """Take the old tickets back: as a credit as far as the new ones cost, the rest as money."""
    asked = RefundCheckout(
        sale.id, "exchange", reason, f"exchange:{key}", tickets, limited=limited, approved_by=approved_by,
        credit_cents=quantity * wanted.price_cents,
    )  # fmt: skip
    given: Return = refund_checkout.here(asked)["given"]
    return given


@exchange_tickets.step(after=[back])
def bought(sale: Checkout, wanted: TicketType, quantity: int, key: UUID) -> Checkout:
    """Open the new sale: its places are taken, or the exchange is refused (sold_out)."""
    made = open_checkout(wanted.event, [(wanted.id, quantity)], key=key, fees=False)
    made.customer_id = sale.customer_id
    db.session.flush()
    return made


@exchange_tickets.step
def paid(bought: Checkout, back: Return, tender: Tender | None) -> list[Payment]:
    """Pay with the credit, and what it leaves with the tender; raises Problem 409 `payment_needed` (`due_cents`)."""
    credit = sum(one.amount_cents - one.rounding_cents for one in _credits(back))
    made = [_credit(bought, back, credit)] if credit else []
    due = bought.total_cents - credit
    if due:
        made.append(_difference(bought, due, tender, number=len(made) + 1))
    return made


def _credits(given: Return) -> Sequence[Refund]:
    return children(given, Refund).filter_by(gateway="credit").all()


def _credit(bought: Checkout, given: Return, cents: int) -> Payment:
    """Write the payment by credit; its reference is the return that it comes from."""
    row = Payment(
        checkout_id=bought.id, attempt=1, tender=1, gateway="credit", key=f"{given.key}:credit", amount_cents=cents,
        reference=str(given.id),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _difference(bought: Checkout, due: int, tender: Tender | None, number: int) -> Payment:
    """Take what the credit leaves; a few cents that no coin pays need no tender, yet a drawer to be booked in."""
    in_cash = cash_part(due, cash_step())
    tender = tender or (Tender("cash", due) if in_cash == 0 else None)
    if tender is None:
        raise Problem(409, "payment_needed", "The new tickets cost more", "Nothing was changed. Take the difference.",
                      due_cents=due, cash_cents=in_cash)  # fmt: skip
    shift = need_own_shift()
    keep_open(shift.id)
    if tender.gateway == "card":
        return _card(bought, due, tender, shift.id, number)
    if tender.tendered_cents is not None and tender.tendered_cents < in_cash:
        raise Problem(422, "too_little", "That is less than what is due", "Nothing was changed.")
    placed = Tender("cash", due, tender.tendered_cents, shift.id)
    key = f"exchange:{bought.key}:{number}"
    return capture_cash(bought, placed, amount_cents=due, attempt=1, number=number, key=key)


def _card(bought: Checkout, due: int, tender: Tender, shift_id: UUID, number: int) -> Payment:
    key = f"exchange:{bought.key}:{number}"
    charge = Charge(
        checkout_id=bought.id, attempt=1, tender=number, gateway="card", key=key, shift_id=shift_id,
        machine_id=tender.machine_id, reference=tender.reference, amount_cents=due, currency=bought.currency,
    )  # fmt: skip
    db.session.add(charge)
    db.session.flush()
    row = Payment(
        checkout_id=bought.id, charge_id=charge.id, shift_id=shift_id, attempt=1, tender=number, gateway="card",
        key=key, amount_cents=due, reference=tender.reference,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


@exchange_tickets.step(after=[paid])
def made(bought: Checkout, paid: list[Payment]) -> None:
    """Book the new sale and make its tickets; the rows that everybody wants come last."""
    if paid:
        book_sale(bought, at=paid[-1].created_at)
    complete_checkout.tickets(bought.id)


def exchange_once(asked: ExchangeTickets) -> Checkout:
    """Exchange, once under its key, with the caller's transaction; returns the new sale.

    Raises Problem: what a refund raises; 409 sold_out, not_on_sale, payment_needed, no_open_shift; 422 too_little.
    """
    lock(asked.checkout_id)
    found = db.session.scalars(select(Return).where(Return.key == f"exchange:{asked.key}")).one_or_none()
    if found is None:
        done: Checkout = exchange_tickets.here(asked)["bought"]
        return done
    if found.checkout_id != asked.checkout_id:
        raise Problem(422, "key_reused", detail="This key was used for another sale. Nothing was changed.")
    return db.session.scalars(select(Checkout).where(Checkout.key == asked.key)).one()
