"""Exchanging tickets for others, of another type or event: what the old were worth pays for the new, all at once.

A difference to pay is taken here in cash, or by a card machine that has approved it: neither is asked anything
outside. With money from outside `pay_exchange.py` does it. A difference to give back goes back as any refund does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from voelgoed.payments.capture import Tender, cash_step, why_not
from voelgoed.payments.payment import Payment, Refund, Return
from voelgoed.selling import complete_checkout
from voelgoed.selling.book import book_sale
from voelgoed.selling.refund_checkout import RefundCheckout, refund_checkout
from voelgoed.selling.take_here import take_here
from voelgoed.selling.tenders import in_order
from voelgoed.selling.voiding import hold_tickets
from voelgoed.tills.own_shift import Drawer, keep_open, need_own_shift, own_shift


@dataclass(frozen=True)
class ExchangeTickets:
    """Which tickets of a sale become how many of which type; `tender` pays a difference (its amount is worked out).

    `tenders` pay it together; of those, one may leave its amount open (0).
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
    tenders: tuple[Tender, ...] = ()
    limited: bool = False
    approved_by: str | None = None


TOO_LITTLE, UNCHANGED = "That is less than what is due", "Nothing was changed."

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
def paid(bought: Checkout, back: Return, tender: Tender | None, tenders: tuple[Tender, ...]) -> list[Payment]:
    """Pay with the credit, and what it leaves with the tenders; raises Problem 409 `payment_needed` (`due_cents`)."""
    credit = credit_of(back)
    made = [pay_by_credit(bought, back, credit, number=1)] if credit else []
    due = bought.total_cents - credit
    if due:
        made += _difference(bought, due, tenders or ((tender,) if tender else ()), taken=len(made))
    return made


def credit_of(given: Return) -> int:
    """Return what of a return became a credit (cents)."""
    return sum(one.amount_cents - one.rounding_cents for one in children(given, Refund).filter_by(gateway="credit"))


def pay_by_credit(bought: Checkout, given: Return, cents: int, *, number: int) -> Payment:
    """Write the payment by credit; its reference is the return that it comes from."""
    row = Payment(
        checkout_id=bought.id, attempt=1, tender=number, gateway="credit", key=f"{given.key}:credit",
        amount_cents=cents, reference=str(given.id),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _difference(bought: Checkout, due: int, offered: Sequence[Tender], taken: int) -> list[Payment]:
    """Take what the credit leaves; a few cents that no coin pays need no tender, yet a drawer to be booked in."""
    tenders, made = share_out(bought, due, offered), []
    shift = need_own_shift()
    keep_open(shift.id)
    for number, one in enumerate(tenders, start=taken + 1):
        key = f"exchange:{bought.key}:{number}"
        made.append(take_here(bought, one, one.amount_cents, number=number, key=key, shift_id=shift.id))
    return made


def share_out(bought: Checkout, due: int, offered: Sequence[Tender]) -> list[Tender]:
    """Say how much each tender pays of a difference, in the order in which they are taken: one of 0 pays the rest.

    Raises Problem 409 `payment_needed` for none, 422 for what does not make up the difference.
    """
    in_cash = cash_part(due, cash_step())
    offered = offered or ([Tender("cash", 0)] if in_cash == 0 else [])
    if not offered:
        raise Problem(409, "payment_needed", "The new tickets cost more", "Nothing was changed. Take the difference.",
                      due_cents=due, cash_cents=in_cash)  # fmt: skip
    rest = due - sum(one.amount_cents for one in offered)
    shared = [one if one.amount_cents else replace(one, amount_cents=rest) for one in offered]
    if (word := why_not(due, cash_step(), shared)) is not None:
        raise Problem(422, word, TOO_LITTLE if word == "too_little" else "That is not what is due", UNCHANGED)
    shift = own_shift()
    return in_order(bought, shared, Drawer(shift.id, shift.till_id) if shift else None)


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
