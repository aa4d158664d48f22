"""Money that was asked for, money that came in, and money that went back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import Mapped

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.resource import Resource, Sealed, binary, cents, choice, integer, refers, related, small, text
from voelgoed.tills.shift import Shift

GATEWAYS = ("cash", "card", "stripe", "paystack", "credit")
"""Cash; a card terminal that stands by itself; two online processors; a customer's credit (exchanges)."""
NO_CARD_NUMBER = r"reference IS NULL OR reference !~ '^[ 0-9-]{13,23}$'"
"""The database's half of the rule that no card number is stored; `gateways/card.py` looks closer (Luhn)."""


class Charge(
    Resource,
    append_only="what was asked for is a fact; how it ended is a Payment or a ChargeEnd",
    unique=(("key",), ("checkout_id", "attempt", "tender")),
    checks={"some_amount": "amount_cents > 0", "no_card_number": NO_CARD_NUMBER},
):
    """The intent to take money outside, written before anybody is asked (M6).

    `key` is what the other side knows it by, at every repetition. `reference` is what the clerk keyed (a slip number),
    `method` the processor's name for the payer's way of paying, sealed: whoever holds it may charge again.
    """

    checkout_id: Mapped[UUID] = refers("checkout")
    attempt: Mapped[int] = small()
    tender: Mapped[int] = small()
    gateway: Mapped[str] = choice(*GATEWAYS)
    account_id: Mapped[UUID | None] = refers("gateway_account", nullable=True)
    machine_id: Mapped[UUID | None] = refers("card_machine", nullable=True)
    shift_id: Mapped[UUID | None] = refers("shift", nullable=True)
    key: Mapped[str] = text(120)
    amount_cents: Mapped[int] = cents()
    currency: Mapped[str] = text(3)
    reference: Mapped[str | None] = text(120, nullable=True)
    method_sealed: Mapped[bytes | None] = binary()
    method = Sealed("method_sealed")
    checkout: Mapped[Checkout] = related("checkout_id", "Checkout")


class ChargeEnd(Resource, append_only="a charge that brought nothing ends once", unique=(("charge_id",),)):
    """A charge that brought no money: declined, taken back after it was captured, or written off by a person."""

    charge_id: Mapped[UUID] = refers("charge")
    how: Mapped[str] = choice("declined", "taken_back", "written_off")
    reason: Mapped[str] = text(500)
    charge: Mapped[Charge] = related("charge_id", "Charge")


class PayerPage(Resource, append_only="where a payer was sent is a fact", unique=(("charge_id",),)):
    """Where the payer of a charge has to go: the bank's question, or the processor's own page."""

    charge_id: Mapped[UUID] = refers("charge")
    url: Mapped[str] = text(2000)
    charge: Mapped[Charge] = related("charge_id", "Charge")


class Payment(
    Resource,
    append_only="money that was taken is a fact",
    unique=(("key",), ("checkout_id", "attempt", "tender")),
    unique_where={("charge_id",): "charge_id IS NOT NULL"},
    checks={
        "not_negative": "amount_cents >= 0",
        "cash_has_a_drawer": "gateway <> 'cash' OR shift_id IS NOT NULL",
        "outside_was_asked": "gateway IN ('cash', 'credit') OR charge_id IS NOT NULL",
        "no_card_number": NO_CARD_NUMBER,
    },
):
    """Money captured through one gateway for one checkout; cash keeps its drawer, what was tendered and given back.

    `amount_cents` is what it pays of the sale; cash taken = amount − `rounding_cents`, which has its own account.
    `reference` is the gateway's own name for it, or the slip's number.
    """

    checkout_id: Mapped[UUID] = refers("checkout")
    charge_id: Mapped[UUID | None] = refers("charge", nullable=True)
    shift_id: Mapped[UUID | None] = refers("shift", nullable=True)
    attempt: Mapped[int] = small(default=1)
    tender: Mapped[int] = small(default=1)
    gateway: Mapped[str] = choice(*GATEWAYS)
    key: Mapped[str] = text(120)
    amount_cents: Mapped[int] = cents()
    rounding_cents: Mapped[int] = cents(default=0)
    tendered_cents: Mapped[int | None] = cents(nullable=True)
    change_cents: Mapped[int | None] = cents(nullable=True)
    reference: Mapped[str | None] = text(120, nullable=True)
    checkout: Mapped[Checkout] = related("checkout_id", "Checkout")
    shift: Mapped[Shift | None] = related("shift_id", "Shift")


class Return(Resource, append_only="one deed that gave back is a fact", unique=(("key",),)):
    """Tickets or an amount taken back from a sale, by one deed with one reason; its Refunds say through what.

    `value_cents` is what was sold and is no more, `kept_cents` the charge that the organizer keeps of it, with the
    VAT inside each.
    """

    checkout_id: Mapped[UUID] = refers("checkout")
    shift_id: Mapped[UUID | None] = refers("shift", nullable=True)
    key: Mapped[str] = text(120)
    kind: Mapped[str] = choice("refund", "cancel", "void", "reverse", "exchange")
    value_cents: Mapped[int] = cents()
    vat_cents: Mapped[int] = cents()
    kept_cents: Mapped[int] = cents(default=0)
    kept_vat_cents: Mapped[int] = cents(default=0)
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)
    checkout: Mapped[Checkout] = related("checkout_id", "Checkout")


class ReturnLine(
    Resource,
    append_only="it is part of its return",
    unique=(("return_id", "checkout_line_id"),),
    checks={"not_negative": "tickets >= 0 AND value_cents >= 0 AND vat_cents >= 0"},
):
    """What a return takes back of one line: so many tickets (none for a goodwill), and their value with the VAT in it.

    What remains of a line, in cents, in tickets and in VAT, is the line less all of these.
    """

    return_id: Mapped[UUID] = refers("return")
    checkout_line_id: Mapped[UUID] = refers("checkout_line")
    tickets: Mapped[int] = integer()
    value_cents: Mapped[int] = cents()
    vat_cents: Mapped[int] = cents()


class Refund(
    Resource,
    append_only="money that is given back is a fact; that it arrived outside is a RefundEnd",
    unique=(("key",),),
    checks={"cash_has_a_drawer": "gateway <> 'cash' OR shift_id IS NOT NULL"},
):
    """Money given back through the gateway that took it; never more than was captured (M5).

    Cash is handed over as it is booked. Money outside is owed (account "Refunds payable") until its RefundEnd.
    `origin_id` is the payment through which it really goes back when the sale was paid with a credit (an exchange).
    """

    return_id: Mapped[UUID] = refers("return")
    payment_id: Mapped[UUID] = refers("payment")
    origin_id: Mapped[UUID | None] = refers("payment", nullable=True)
    checkout_id: Mapped[UUID] = refers("checkout")
    shift_id: Mapped[UUID | None] = refers("shift", nullable=True)
    gateway: Mapped[str] = choice(*GATEWAYS)
    key: Mapped[str] = text(120)
    amount_cents: Mapped[int] = cents()
    rounding_cents: Mapped[int] = cents(default=0)
    reason: Mapped[str] = text(400)
    payment: Mapped[Payment] = related("payment_id", "Payment")
    shift: Mapped[Shift | None] = related("shift_id", "Shift")


class RefundEnd(
    Resource,
    append_only="a refund ends once, unless what was sent came back: then it is owed again, and ends again",
    unique=(("refund_id", "round"),),
    checks={"cash_has_a_drawer": "how <> 'paid_otherwise' OR shift_id IS NOT NULL"},
):
    """How a refund outside ended: sent, paid in cash instead (less what rounds), or written off by a person.

    `round` counts its ends: each but the last has a RefundFailure.
    """

    refund_id: Mapped[UUID] = refers("refund")
    round: Mapped[int] = small(default=1)
    how: Mapped[str] = choice("sent", "paid_otherwise", "written_off")
    shift_id: Mapped[UUID | None] = refers("shift", nullable=True)
    rounding_cents: Mapped[int] = cents(default=0)
    reference: Mapped[str | None] = text(120, nullable=True)
    reason: Mapped[str | None] = text(400, nullable=True)
    refund: Mapped[Refund] = related("refund_id", "Refund")
    shift: Mapped[Shift | None] = related("shift_id", "Shift")


class RefundFailure(Resource, append_only="what came back is a fact", unique=(("refund_end_id",),)):
    """A refund that was sent failed at the processor later: the money is there again, and is owed again."""

    refund_end_id: Mapped[UUID] = refers("refund_end")
    reason: Mapped[str] = text(400)
    end: Mapped[RefundEnd] = related("refund_end_id", "RefundEnd")


def stands() -> ColumnElement[bool]:
    """Say in SQL that a RefundEnd stands: what was sent has not come back."""
    return ~exists().where(RefundFailure.refund_end_id == RefundEnd.id)
