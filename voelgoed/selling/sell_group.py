"""Selling to a group: a checkout of up to 500 tickets with whom it is for and whose names go on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from voelgoed.catalog.event import Event
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.clerk_discount import Lowering
from voelgoed.checkout.customers import new_customer, plain_phone
from voelgoed.checkout.open import Buyer, open_checkout
from voelgoed.checkout.take_over import take_as_kept
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope
from voelgoed.selling.group_sale import GroupSale
from voelgoed.selling.invoice import Invoice, InvoiceRecipient
from voelgoed.ticketing.issue import Wanted

MOST_OF_A_NAME = 120
Names = Mapping[UUID, Sequence[str]]
"""Ticket type → the holders of its tickets, at most as many as there are."""


@dataclass(frozen=True)
class Group:
    """Whom a sale is for: what its paper says of them, and who speaks for them."""

    name: str
    contact: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    vat_number: str | None = None

    @property
    def called(self) -> str:
        """What the customer is found by."""
        return (f"{self.name}, {self.contact}" if self.contact else self.name)[:MOST_OF_A_NAME]


def open_group(
    event: Event, asked: Sequence[tuple[UUID, int]], group: Group, names: Names, *, key: UUID,
    replaces: UUID | None = None, code: str | None = None, lowering: Lowering | None = None,
) -> Checkout:  # fmt: skip
    """Hold up to 500 tickets for a group; the same key holds them once.

    `replaces` names a hold: the same tickets are taken over as they are kept, at their prices; others take its place.
    Raises what `open_checkout` raises.
    """
    made = take_as_kept(event, asked, replaces) if replaces and not code and not lowering else None
    if made is None:
        buyer = Buyer(group.called, group.email, plain_phone(group.phone) if group.phone else None)
        made = open_checkout(
            event, asked, key=key, channel="group", replaces=replaces, buyer=buyer, code=code, lowering=lowering
        )
    elif made.channel != "group":
        made.channel, made.customer_id = "group", new_customer(group.called, group.email, group.phone).id
    if group_of(made.id) is None:
        listed = {str(type_id): list(own) for type_id, own in names.items() if own}
        db.session.add(
            GroupSale(checkout_id=made.id, group_name=group.name, address=group.address,
                      vat_number=group.vat_number, names=listed or None)
        )  # fmt: skip
        db.session.flush()
    return made


def group_of(checkout_id: UUID) -> GroupSale | None:
    """Return whom a checkout is for, if it is a group's."""
    return db.session.scalars(select(GroupSale).where(GroupSale.checkout_id == checkout_id)).one_or_none()


def with_holders(checkout: Checkout, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Put the names that were given on the tickets, and the group's on the others; they are kept nowhere else then."""
    sale = group_of(checkout.id)
    if sale is None:
        return list(wanted)
    names, sale.names = sale.names or {}, None
    held: list[Wanted] = []
    for line in wanted:
        own = names.get(str(line.type.id), [])[: line.quantity]
        held += [replace(line, quantity=1, holder=name) for name in own]
        if line.quantity > len(own):
            held.append(replace(line, quantity=line.quantity - len(own), holder=sale.group_name[:MOST_OF_A_NAME]))
    return held


def address_to_group(invoice: Invoice) -> None:
    """Say for whom a group's tax invoice is; without an address it waits in the list for one."""
    sale = group_of(invoice.checkout_id)
    if sale is None or sale.address is None or invoice.kind != "tax_invoice":
        return
    db.session.add(
        InvoiceRecipient(invoice_id=invoice.id, name=sale.group_name, address=sale.address,
                         vat_number=sale.vat_number, actor=current_scope().actor.label)
    )  # fmt: skip
    db.session.flush()
