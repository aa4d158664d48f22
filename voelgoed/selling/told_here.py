"""What is told of a sale by the transaction that completed it: from what it wrote, without a look at the database."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from voelgoed.checkout.checkout import Checkout
from voelgoed.payments.capture import captured_here
from voelgoed.selling.sale import Sale, SoldLine, sale_of
from voelgoed.selling.told import TicketTold, Told, as_json
from voelgoed.ticketing.code import Content
from voelgoed.ticketing.issue import Issued, issued_here

FIRST_VERSION = 1
"""Of a ticket's code: a reissue makes the next."""


def told_here(checkout: Checkout) -> Told | None:
    """Tell of a checkout that this transaction has paid and holds; None for one that must be read: with fees, or late.

    Fees are told added up; who paid after the hold's end has got another hold meanwhile.
    """
    sale = sale_of(checkout.id)
    if sale.fees or sale.state.hold is None:
        return None
    lines, state = {str(line.id): line for line in sale.lines}, replace(sale.state, outcome="paid", hold=None)
    issued = [one for one in issued_here() if one.row["checkout_line_id"] in lines]
    return Told(
        checkout.id, checkout.total_cents, checkout.currency, checkout.number, state,
        sum(one.change_cents or 0 for one in captured_here(checkout.id)),
        [_ticket(one, lines[one.row["checkout_line_id"]]) for one in issued], _checkout(checkout, sale),
        {str(one.key.id): one.key.sealed for one in issued},
    )  # fmt: skip


def _checkout(checkout: Checkout, sale: Sale) -> dict[str, Any]:
    told = {name: getattr(checkout, name) for name in ("id", "event_id", "currency", "total_cents")}
    lines = [
        {
            "ticket_type_id": str(line.type.id), "name": line.type.name, "quantity": line.quantity,
            "unit_cents": line.unit_cents, "discount_cents": line.discount_cents, "total_cents": line.earned.cents,
            "vat_cents": line.earned.vat_cents,
        }
        for line in sorted(sale.lines, key=lambda line: line.type.number)
    ]  # fmt: skip
    return as_json(
        SimpleNamespace(**told, cash_step=sale.cash_step, lines=lines, fees=[], hold_expires_at=sale.last_expires_at)
    )


def _ticket(one: Issued, line: SoldLine) -> TicketTold:
    row = one.row
    content = Content(
        one.key.number, UUID(row["id"]), FIRST_VERSION, line.type.number, row["days_mask"], row["bodies"], one.minute
    )
    return TicketTold(content.ticket_id, row["serial"], one.key.id, content, void=False)
