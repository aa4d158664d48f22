"""Taking something sold back: tickets or an amount, in one transaction; money outside follows by runs of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.price import WHOLE_BP, included_vat
from voelgoed.checkout.state import lock, state_of
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import Workflow
from voelgoed.payments.give_back import give_back
from voelgoed.payments.payment import Refund, Return
from voelgoed.selling.book import book_return
from voelgoed.selling.fee_remains import everything_left, fee_remains, part_of_fees, rows_of
from voelgoed.selling.invoicing import make_out_credit
from voelgoed.selling.pay_back import begin_to_pay_back
from voelgoed.selling.remains import Part, part_of_amount, part_of_tickets, remains
from voelgoed.selling.sale import Earned
from voelgoed.selling.voiding import free_places, hold_tickets, refuse_admitted, void_tickets
from voelgoed.ticketing.ticket import Ticket
from voelgoed.tills.own_shift import keep_open, own_shift

Kind = Literal["refund", "cancel", "void", "reverse", "exchange"]


@dataclass(frozen=True)
class RefundCheckout:
    """What is taken back of a sale: tickets, or an amount in cents that takes none (a goodwill); and why.

    `limited`: only up to the organization's limit, and nothing that was admitted; `approved_by` then names who allowed
    it all the same. `kept_bp` is what stays with the
    organizer of the tickets' value (basis points), `every_fee` gives back also fees that are kept by their own rule.
    `credit_cents`: so much of it becomes a credit for another sale.
    """

    checkout_id: UUID
    kind: Kind
    reason: str
    key: str
    tickets: tuple[UUID, ...] = ()
    amount_cents: int | None = None
    limited: bool = False
    approved_by: str | None = None
    kept_bp: int = 0
    credit_cents: int = 0
    every_fee: bool = False


refund_checkout = Workflow("refund_checkout", inputs=RefundCheckout, journal=False)
"""Reaches nothing outside: it is whole with its caller's commit, or nothing of it is."""


@refund_checkout.step
def sale(checkout_id: UUID) -> Checkout:
    """Hold the sale to the commit: whatever gives back of it takes turns, so that VAT and rounding add up."""
    found = lock(checkout_id)
    if state_of(checkout_id).outcome != "paid":
        raise Problem(409, "not_paid", "This sale is not paid", "There is nothing to give back.")
    return found


@refund_checkout.step
def taken(
    tickets: tuple[UUID, ...], amount_cents: int | None, limited: bool, kind: Kind, sale: Checkout
) -> list[Ticket]:
    """Hold the tickets that are taken back; after the sale, as everywhere."""
    if not tickets and amount_cents is None:
        raise Problem(409, "nothing_left", "Nothing is left to give back", "Every ticket of this sale is void.")
    held = hold_tickets(set(tickets))
    if kind == "reverse":
        refuse_admitted(held, "A sale that was used is not reversed: refund it. Nothing was changed.")
    elif limited:
        refuse_admitted(held)
    return held


@refund_checkout.step
def parts(
    sale: Checkout, taken: list[Ticket], amount_cents: int | None, limited: bool, kind: Kind, every_fee: bool
) -> list[Part]:
    """Say what it is worth, line by line; refuse what the sale does not hold any more, or the person may not give."""
    found = _worth(sale, taken, kind, every_fee) if amount_cents is None else _amount(sale, amount_cents)
    whole = sum(one.cents for one in found)
    if (
        limited
        and kind != "reverse"
        and whole > db.session.scalars(select(Organization.box_office_void_limit_cents)).one()
    ):
        raise Problem(403, "above_limit", "Above your limit", "Nothing was changed. Ask a manager to do it.")
    return found


def _worth(sale: Checkout, tickets: list[Ticket], kind: Kind, every_fee: bool) -> list[Part]:
    """Say what tickets are worth with their fees; an exchange changes the tickets, the sale's fees stay."""
    left = remains(sale)
    found = part_of_tickets(left, tickets)
    if kind == "exchange":
        return found
    return found + part_of_fees(fee_remains(sale, left), found, every=every_fee or kind == "reverse")


def _amount(sale: Checkout, cents: int) -> list[Part]:
    try:
        return part_of_amount(everything_left(sale), cents)
    except ValueError:
        raise Problem(409, "too_much", "More than the sale still holds",
                      "Nothing was given back. Look at the sale: it shows what remains.") from None  # fmt: skip


@refund_checkout.step
def actor(approved_by: str | None) -> str:
    """Name who does it, and who allowed it."""
    own = current_scope().actor.label
    return f"{own}, approved by {approved_by}" if approved_by else own


@refund_checkout.step
def given(sale: Checkout, parts: list[Part], kind: Kind, reason: str, key: str, kept_bp: int, actor: str) -> Return:
    """Write the return with what it takes of each line, and what is kept of it."""
    shift = own_shift()
    value = sum(one.cents for one in parts)
    tickets = [one for one in parts if not one.of_a_fee]
    kept = sum(one.cents for one in tickets) * kept_bp // WHOLE_BP
    rate = max((one.left.line.vat_rate_bp for one in tickets), default=0)
    row = Return(
        checkout_id=sale.id, shift_id=shift.id if shift and keep_open(shift.id) else None, key=key, kind=kind,
        reason=reason, value_cents=value, vat_cents=sum(one.vat_cents for one in parts), kept_cents=kept,
        kept_vat_cents=included_vat(kept, rate), actor=actor,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    db.session.add_all(rows_of(row, parts))
    return row


@refund_checkout.step
def refunds(
    sale: Checkout, given: Return, parts: list[Part], taken: list[Ticket], credit_cents: int
) -> Sequence[Refund]:
    """Give the money back through what took it, book it, and begin to send what goes outside."""
    back = given.value_cents - given.kept_cents
    made = give_back(given, sale, back, min(credit_cents, back))
    earned = [Earned(one.left.line.vat_rate_bp, one.cents, one.vat_cents, one.of_a_fee) for one in parts]
    if given.value_cents:
        book_return(given, made, earned, sale, _words(given, taken))
    for one in made:
        begin_to_pay_back(one)
    return made


def _words(given: Return, tickets: Sequence[Ticket]) -> str:
    said = {"void": "Void", "reverse": "Reversal", "cancel": "Cancellation", "exchange": "Exchange"}.get(
        given.kind, "Refund"
    )
    if not tickets:
        return f"{said} of an amount"
    return f"{said} of {tickets[0].serial}" + (f" and {len(tickets) - 1} more" if len(tickets) > 1 else "")


@refund_checkout.step(after=[refunds])
def voids(taken: list[Ticket], kind: Kind, reason: str, actor: str) -> None:
    """Void the tickets and free their places: the rows that everybody wants come last."""
    void_tickets(taken, "void" if kind == "void" else "refunded", reason, actor)
    if taken:
        free_places(taken)


@refund_checkout.step(after=[voids])
def credit_note(given: Return) -> None:
    """Say on paper what is taken off the invoice, under the next number of its series."""
    make_out_credit(given)


def refund_once(asked: RefundCheckout) -> Return:
    """Take back what is asked for, once under its key, with the caller's transaction.

    Raises Problem: 409 not_paid, already_void, too_much, no_open_shift; 403 admitted, above_limit; 422 key_reused.
    """
    lock(asked.checkout_id)
    found = db.session.scalars(select(Return).where(Return.key == asked.key)).one_or_none()
    if found is None:
        done: Return = refund_checkout.here(asked)["given"]
        return done
    if found.checkout_id != asked.checkout_id:
        raise Problem(422, "key_reused", detail="This key was used for another sale. Nothing was changed.")
    return found
