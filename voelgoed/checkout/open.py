"""Opening a checkout: lines at this moment's prices, capacity held for ten minutes, or a clear refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from voelgoed.catalog.event import Event
from voelgoed.checkout.availability import left_of, tell_availability
from voelgoed.checkout.checkout import Checkout, CheckoutLine, Customer
from voelgoed.checkout.clerk_discount import Lowering
from voelgoed.checkout.end import EXPIRE, give_up_quietly
from voelgoed.checkout.hold import HELD_FOR, Held, add_hold
from voelgoed.checkout.order import Lines, Wanted
from voelgoed.checkout.pools import AsPriced, move, opposite, pools_now
from voelgoed.checkout.pricing import Priced, price, write_down
from voelgoed.checkout.refusal import why_not
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import enqueue
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy import children, current_scope, read_once
from voelgoed.foundation.together import write_unless_there
from voelgoed.foundation.web import Problem

Channel = Literal["till", "api", "group"]


@dataclass(frozen=True)
class Buyer:
    """Who buys, as far as they wish to be known."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class Opened:
    """A checkout that was opened just now: what it comes to, and until when its capacity is held."""

    priced: Priced
    expires_at: datetime


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
    keep: Callable[[UUID], None] | None = None,
) -> Checkout:
    """Make a checkout and hold its capacity; all of it or nothing. The same key gives the same checkout.

    `asked` is (ticket type, quantity). `replaces` names an open checkout whose hold is given up in the same
    transaction; `until` is the hold's end, ten minutes from now unless said; `fees` False asks none; `keep`
    is told the id of a new one before it is written, and adds what is written with it.
    Raises Problem: 409 sold_out (with what is left), not_on_sale, price_changed, above_maximum or code_not_valid; 422
    when the key was used for something else, or `no_such_code`; 404 for what is not of this event; what `lowering`
    says of a discount that is not the clerk's to give.
    """
    order = (priced := price(event, asked, channel, code=code, lowering=lowering, fees=fees)).lines
    pools, moment = pools_now(line.type.id for line in order)
    made = _add(event, priced, key, channel, buyer)
    lines = _add_lines(made.id, order)
    hold = _hold(made.id, order, lines, pools, until or moment + HELD_FOR)
    if keep is not None:
        keep(made.id)
    if not write_unless_there(made, "key"):
        return _same(event, order, key)
    freed = give_up_quietly(children(event, Checkout).get(replaces)) if replaces else Counter[UUID]()
    write_down(priced, made.id, lines)
    if not all(pools.values()) or not _take(hold.bodies, freed, _as_priced(order, bound=channel == "api")):
        raise why_not(order, left_of(event, freed), bound=channel == "api")
    tell_availability(event.id)
    point("hold.after_pools")
    read_once(("opened", made.id), lambda: Opened(priced, hold.expires_at))
    return made


def opened_here(checkout: Checkout) -> Opened | None:
    """Return what this transaction knows of a checkout that it has opened."""
    return read_once(("opened", checkout.id), lambda: None)


def _take(bodies: Counter[UUID], freed: Counter[UUID], lines: list[AsPriced]) -> bool:
    """Take bodies from their pools, less what is freed, if all is sold as it was priced."""
    wanted = Counter(bodies)
    wanted.update(opposite(freed))
    point("hold.before_pools")
    return move(wanted, lines)


def _as_priced(order: list[Wanted], *, bound: bool) -> list[AsPriced]:
    """Return what must hold of each line when its pools are moved; `bound` by the maximum, which a program is."""
    return [AsPriced(line.type.id, line.type.price_cents, line.quantity if bound else 0) for line in order]


def _hold(
    checkout_id: UUID, order: list[Wanted], lines: dict[UUID, UUID], pools: dict[UUID, list[UUID]], until: datetime
) -> Held:
    """Add the hold, and the job that sees to its end; `lines` and `pools` are by type."""
    takes = [(lines[line.type.id], pools[line.type.id], line.quantity * line.type.bodies) for line in order]
    hold = add_hold(checkout_id, takes, until)
    enqueue("maintenance", EXPIRE, about=hold.id, due_at=until, hold_id=hold.id)
    return hold


def _add(event: Event, priced: Priced, key: UUID, channel: Channel, buyer: Buyer | None) -> Checkout:
    customer_id = None
    if buyer is not None:
        customer = Customer(name=buyer.name, email=buyer.email, phone=buyer.phone)
        db.session.add(customer)
        customer_id = customer.id
    actor = current_scope().actor
    made = Checkout(
        event_id=event.id, customer_id=customer_id, key=key, channel=channel, currency=event.currency,
        total_cents=priced.total_cents, fees_cents=priced.fees_cents, seller_id=actor.id, seller_label=actor.label,
    )  # fmt: skip
    db.session.add(made)
    return made


def _same(event: Event, order: list[Wanted], key: UUID) -> Checkout:
    found = db.session.scalars(select(Checkout).where(Checkout.key == key)).one()
    lines = children(found, CheckoutLine).all()
    same = {line.ticket_type_id: line.quantity for line in lines} == {one.type.id: one.quantity for one in order}
    if found.event_id != event.id or not same:
        raise Problem(422, "key_reused", detail="This key was used for another sale. Use a new one for each.")
    return found


def _add_lines(checkout_id: UUID, order: list[Wanted]) -> dict[UUID, UUID]:
    """Add the lines; returns type → line."""
    lines = [
        CheckoutLine(
            checkout_id=checkout_id, ticket_type_id=line.type.id, quantity=line.quantity,
            unit_cents=line.type.price_cents, discount_cents=line.discount_cents, total_cents=line.total_cents,
            vat_rate_bp=line.type.vat_rate_bp, vat_cents=line.vat_cents,
        )
        for line in order
    ]  # fmt: skip
    db.session.add_all(lines)
    return {line.ticket_type_id: line.id for line in lines}
