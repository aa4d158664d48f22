"""Giving tickets away: counted against the giver's limit and the pools by conditional updates, then issued."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.availability import left_of, tell_availability
from voelgoed.checkout.checkout import Checkout, CheckoutLine, CheckoutOutcome
from voelgoed.checkout.end import end
from voelgoed.checkout.hold import make_hold
from voelgoed.checkout.pools import move, pools_of
from voelgoed.checkout.refusal import sold_out
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import children, current_scope, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem
from voelgoed.selling.comp import Comp, CompCount
from voelgoed.ticketing.issue import Wanted, issue


@dataclass(frozen=True)
class GiveComp:
    """What is given of which event, to what end and why; `limited`: only out of the giver's own limit.

    `approver` (user id, name) allowed more than that; the trail then names both.
    """

    event_id: UUID
    ticket_type_id: UUID
    quantity: int
    purpose: str
    reason: str
    key: UUID
    holder: str | None = None
    limited: bool = False
    approver: tuple[UUID | None, str] | None = None


def give_comp(asked: GiveComp) -> Comp:
    """Give tickets away, once under their key: free, counted in the capacity, valid at once.

    On sale or not, while the event is not over. Raises Problem: 403 `above_limit`; 409 `sold_out` (with what is left)
    or `over`; 422 `key_reused`; NotFound for an event or a type of elsewhere.
    """
    event = rows(Event).get(asked.event_id)
    kind = children(event, TicketType).get(asked.ticket_type_id)
    checkout_id = _checkout(event, asked.key)
    if checkout_id is None:
        return _same(asked)
    line_id = _line(checkout_id, asked)
    pools = pools_of([kind.id])[kind.id]
    hold = make_hold(checkout_id, [(line_id, pools, asked.quantity * kind.bodies)])
    end(hold.id, "converted")
    comp = _written(asked, checkout_id)
    point("comp.before_pools")
    if not pools or not move(hold.bodies, _goes_on(event.id)):
        raise _why_not(event)
    issue(event.id, [Wanted(kind, asked.quantity, line_id, asked.holder)])
    tell_availability(event.id)
    point("comp.written")
    return comp


def _checkout(event: Event, key: UUID) -> UUID | None:
    """Write the checkout that comps are; None when its key is taken: whoever takes it now is waited for."""
    actor = current_scope().actor
    row = insert_or_not(Checkout).values(
        id=uuid7(), event_id=event.id, key=key, channel="comp", currency=event.currency, total_cents=0,
        seller_id=actor.id, seller_label=actor.label,
    )  # fmt: skip
    on_key = row.on_conflict_do_nothing(index_elements=["organization_id", "key"])
    return db.session.scalar(on_key.returning(Checkout.id))


def _same(asked: GiveComp) -> Comp:
    found = db.session.scalars(
        select(Comp).join(Checkout, Checkout.id == Comp.checkout_id).where(Checkout.key == asked.key)
    ).one_or_none()
    said = (asked.event_id, asked.ticket_type_id, asked.quantity)
    if found is None or (found.event_id, found.ticket_type_id, found.quantity) != said:
        raise Problem(422, "key_reused", detail="This was sent for something else before. Load the page again.")
    return found


def _line(checkout_id: UUID, asked: GiveComp) -> UUID:
    line_id = uuid7()
    row = insert(CheckoutLine).values(
        id=line_id, checkout_id=checkout_id, ticket_type_id=asked.ticket_type_id, quantity=asked.quantity,
        unit_cents=0, discount_cents=0, total_cents=0, vat_rate_bp=0, vat_cents=0,
    )  # fmt: skip
    db.session.execute(row)
    return line_id


def _written(asked: GiveComp, checkout_id: UUID) -> Comp:
    """Write the comp, counted against the giver's limit unless it is given freely or somebody approved it."""
    actor, run = current_scope().actor, current_scope().run
    counted = _count(asked) if asked.limited and asked.approver is None else (None, None)
    comp = Comp(
        event_id=asked.event_id, checkout_id=checkout_id, ticket_type_id=asked.ticket_type_id,
        quantity=asked.quantity, purpose=asked.purpose, reason=asked.reason, giver_id=actor.id, giver=actor.label,
        how="approved" if asked.approver else "own" if asked.limited else "freely",
        approver_id=asked.approver[0] if asked.approver else None,
        approver=asked.approver[1] if asked.approver else None, own_total=counted[0], own_limit=counted[1],
    )  # fmt: skip
    db.session.add(comp)
    db.session.add(CheckoutOutcome(checkout_id=checkout_id, kind="paid", run_id=UUID(run) if run else None))
    db.session.flush()
    return comp


def _count(asked: GiveComp) -> tuple[int, int]:
    """Count tickets against the giver's limit for the event, if it holds so many; returns (total, limit).

    One statement judges it, so that two browsers of one person cannot both take the last.
    """
    giver = current_scope().actor.id
    if giver is not None:
        made = insert_or_not(CompCount).values(event_id=asked.event_id, giver_id=giver, given=0)
        db.session.execute(made.on_conflict_do_nothing())
    limit = select(Organization.box_office_comp_limit).scalar_subquery()
    point("comp.before_count")
    counted = db.session.execute(
        update(CompCount)
        .where(CompCount.event_id == asked.event_id, CompCount.giver_id == giver, within(asked.quantity))
        .values(given=CompCount.given + asked.quantity)
        .returning(CompCount.given, limit)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if counted is None:
        raise Problem(403, "above_limit", "Above your limit",
                      "Nothing was given. A manager gives it, or approves it here.")  # fmt: skip
    return counted[0], counted[1]


def within(quantity: int) -> ColumnElement[bool]:
    """Say in SQL that a giver's limit holds so many more tickets."""
    limit = select(Organization.box_office_comp_limit).scalar_subquery()
    return CompCount.given + quantity <= limit


def own_left(event_id: UUID) -> int:
    """Return how many tickets of an event the acting person may still give out of their own limit."""
    limit = db.session.scalars(select(Organization.box_office_comp_limit)).one()
    mine = select(CompCount.given).where(CompCount.event_id == event_id, CompCount.giver_id == current_scope().actor.id)
    return max(0, limit - (db.session.scalar(mine) or 0))


def _goes_on(event_id: UUID) -> ColumnElement[bool]:
    """Say in SQL that the event's last day has not ended, by the database's clock."""
    last = select(func.max(Day.ends_at)).where(Day.event_id == event_id).scalar_subquery()
    return last > func.clock_timestamp()


def _why_not(event: Event) -> Problem:
    if not db.session.scalar(select(_goes_on(event.id))):
        return Problem(409, "over", "The event is over", "Nothing was given: nobody goes in any more.")
    return sold_out(left_of(event))


def comp_of(checkout: Checkout) -> Comp | None:
    """Return the comp that a checkout is, if it is one."""
    return children(checkout, Comp).one_or_none() if checkout.channel == "comp" else None
