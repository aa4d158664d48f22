"""Opening a checkout: lines at this moment's prices, capacity held for ten minutes, or a clear refusal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from voelgoed.catalog.event import Event
from voelgoed.checkout.availability import left_of, tell_availability
from voelgoed.checkout.checkout import Checkout, CheckoutLine, Customer
from voelgoed.checkout.clerk_discount import Lowering
from voelgoed.checkout.end import EXPIRE, give_up_quietly
from voelgoed.checkout.hold import Take, make_hold
from voelgoed.checkout.order import Lines, Wanted, may_be_sold
from voelgoed.checkout.pools import move, opposite, pools_of
from voelgoed.checkout.pricing import Priced, price, write_down
from voelgoed.checkout.refusal import why_not
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import enqueue
from voelgoed.foundation.points import point
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import children, current_scope, rows
from voelgoed.foundation.web import Problem

Channel = Literal["till", "api", "group"]


@dataclass(frozen=True)
class Buyer:
    """Who buys, as far as they wish to be known."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


def open_checkout(
    event: Event,
    asked: Lines,
    *,
    key: UUID,
    channel: Channel = "till",
    replaces: UUID | None = None,
    buyer: Buyer | None = None,
    until: datetime | None = None,
    code: str | None = None,
    lowering: Lowering | None = None,
    fees: bool = True,
) -> Checkout:
    """Make a checkout and hold its capacity; all of it or nothing. The same key gives the same checkout.

    `asked` is (ticket type, quantity). `replaces` names an open checkout whose hold is given up in the same
    transaction; `until` is the hold's end, ten minutes from now unless said; `fees` False asks none.
    Raises Problem: 409 sold_out (with what is left), not_on_sale, price_changed, above_maximum or code_not_valid; 422
    when the key was used for something else, or `no_such_code`; 404 for what is not of this event; what `lowering`
    says of a discount that is not the clerk's to give.
    """
    priced = price(event, asked, channel, code=code, lowering=lowering, fees=fees)
    order = priced.lines
    checkout_id = _insert(event, priced, key, channel, buyer)
    if checkout_id is None:
        return _same(event, order, key)
    freed = give_up_quietly(children(event, Checkout).get(replaces)) if replaces else Counter[UUID]()
    lines = _insert_lines(checkout_id, order)
    pools = pools_of(line.type.id for line in order)
    takes = [(lines[line.type.id], pools[line.type.id], _bodies(line)) for line in order]
    wanted = _hold(checkout_id, takes, until)
    wanted.update(opposite(freed))
    made = rows(Checkout).get(checkout_id)
    write_down(priced, checkout_id, lines)
    point("hold.before_pools")
    if not all(pools.values()) or not move(wanted, may_be_sold(order, bound=channel == "api")):
        raise why_not(order, left_of(event, freed), bound=channel == "api")
    tell_availability(event.id)
    point("hold.after_pools")
    return made


def _hold(checkout_id: UUID, takes: list[Take], until: datetime | None) -> Counter[UUID]:
    """Write the hold and see to its end; returns pool → bodies, to be moved last."""
    hold = make_hold(checkout_id, takes, until)
    enqueue("maintenance", EXPIRE, about=hold.id, due_at=hold.expires_at, hold_id=hold.id)
    return Counter(hold.bodies)


def _bodies(line: Wanted) -> int:
    return line.quantity * line.type.bodies


def _insert(event: Event, priced: Priced, key: UUID, channel: Channel, buyer: Buyer | None) -> UUID | None:
    """Write the checkout; None when its key is taken: whoever takes it now is waited for."""
    customer_id = None
    if buyer is not None:
        customer = Customer(name=buyer.name, email=buyer.email, phone=buyer.phone)
        db.session.add(customer)
        db.session.flush()
        customer_id = customer.id
    actor = current_scope().actor
    values = {
        "id": uuid7(), "event_id": event.id, "customer_id": customer_id, "key": key, "channel": channel,
        "currency": event.currency, "total_cents": priced.total_cents, "fees_cents": priced.fees_cents,
        "seller_id": actor.id, "seller_label": actor.label,
    }  # fmt: skip
    statement = insert_or_not(Checkout).values(**values)
    on_key = statement.on_conflict_do_nothing(index_elements=["organization_id", "key"])
    return db.session.scalar(on_key.returning(Checkout.id))


def _same(event: Event, order: list[Wanted], key: UUID) -> Checkout:
    found = db.session.scalars(select(Checkout).where(Checkout.key == key)).one()
    lines = children(found, CheckoutLine).all()
    same = {line.ticket_type_id: line.quantity for line in lines} == {one.type.id: one.quantity for one in order}
    if found.event_id != event.id or not same:
        raise Problem(422, "key_reused", detail="This key was used for another sale. Use a new one for each.")
    return found


def _insert_lines(checkout_id: UUID, order: list[Wanted]) -> dict[UUID, UUID]:
    """Write the lines; returns type → line."""
    ids = {line.type.id: uuid7() for line in order}
    values = [
        {
            "id": ids[line.type.id], "checkout_id": checkout_id, "ticket_type_id": line.type.id,
            "quantity": line.quantity, "unit_cents": line.type.price_cents,
            "discount_cents": line.discount_cents, "total_cents": line.total_cents,
            "vat_rate_bp": line.type.vat_rate_bp, "vat_cents": line.vat_cents,
        }
        for line in order
    ]  # fmt: skip
    db.session.execute(insert(CheckoutLine), values)
    return ids
