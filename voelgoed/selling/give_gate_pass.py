"""Giving a gate pass: counted against the giver's limit and the zone's pool by conditional updates, then issued."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_not
from sqlalchemy.exc import IntegrityError

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import Pool, TicketType, TypePool
from voelgoed.checkout.pools import move
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy import children, current_scope, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem
from voelgoed.occupancy.figure import day_of
from voelgoed.selling.gate_pass import GatePass, GatePassCount
from voelgoed.ticketing.issue import Wanted, issue


@dataclass(frozen=True)
class GiveGatePass:
    """For how many people, where (a type of gate pass; none: the event's only one), why, and who they are.

    `limited`: only out of the giver's own limit of the day.
    """

    event_id: UUID
    bodies: int
    reason: str
    key: UUID
    ticket_type_id: UUID | None = None
    holder: str | None = None
    limited: bool = False


@dataclass(frozen=True)
class _Kind:
    """A type, as far as a ticket of so many people repeats it."""

    id: UUID
    bodies: int


@dataclass(frozen=True)
class Place:
    """A type of gate pass that can be given today, its pool of the day, and how many people it still has room for."""

    type: TicketType
    pool: Pool

    @property
    def left(self) -> int:
        """How many people may still be let in by it."""
        return self.pool.capacity - self.pool.taken


def places(event: Event) -> list[Place]:
    """Return what can be given of an event on the day that is on."""
    day = day_of(event)
    if day is None:
        return []
    found = (
        select(TicketType, Pool)
        .join(TypePool, TypePool.ticket_type_id == TicketType.id)
        .join(Pool, Pool.id == TypePool.pool_id)
        .where(TicketType.event_id == event.id, TicketType.gate_pass, Pool.day_id == day.id)
        .order_by(TicketType.number)
        .execution_options(include_archived=True, populate_existing=True)
    )
    return [Place(*row) for row in db.session.execute(found)]


def give_gate_pass(asked: GiveGatePass) -> GatePass:
    """Let people in for nothing, once under a key: a ticket for the day that is on, out of the pool of its zone.

    Raises Problem: 403 `above_limit`; 409 `no_places` (with what is left), `no_gate_passes` or `over`; 422 `key_reused`
    or `which_zone`; NotFound for an event of elsewhere.
    """
    event = rows(Event).get(asked.event_id)
    if (same := _same(asked)) is not None:
        return same
    place, day = _place(event, asked), day_of(event)
    if day is None:
        raise Problem(409, "over", "The event has no day yet", "Nothing was given.")
    try:
        with db.session.begin_nested():
            return _give(event, day, place, asked)
    except IntegrityError:
        db.session.expire_all()
        if (same := _same(asked)) is None:  # another browser has sent it at the same moment
            raise
        return same


def _place(event: Event, asked: GiveGatePass) -> Place:
    found = places(event)
    if not found:
        raise Problem(409, "no_gate_passes", "No places are kept for gate passes",
                      "A manager keeps some, on the event's page. Nothing was given.")  # fmt: skip
    if asked.ticket_type_id is None and len(found) > 1:
        raise Problem(422, "which_zone", "Say for which zone", errors={"ticket_type_id": ["This is needed."]})
    wanted = asked.ticket_type_id or found[0].type.id
    chosen = next((one for one in found if one.type.id == wanted), None)
    if chosen is None:
        raise Problem(404, "not_found")
    return chosen


def _give(event: Event, day: Day, place: Place, asked: GiveGatePass) -> GatePass:
    actor = current_scope().actor
    total, limit = _count(day, asked) if asked.limited else (None, None)
    point("gate_pass.before_pool")
    if not move({place.pool.id: asked.bodies}, _goes_on(day)):
        raise _why_not(day, place)
    kind = _Kind(place.type.id, asked.bodies)
    (ticket_id,) = issue(event.id, [Wanted(kind, 1, holder=asked.holder, days_mask=1 << day.number)])
    made = GatePass(
        event_id=event.id, day_id=day.id, ticket_type_id=place.type.id, pool_id=place.pool.id, ticket_id=ticket_id,
        key=asked.key, bodies=asked.bodies, reason=asked.reason, how="own" if asked.limited else "freely",
        giver_id=actor.id, giver=actor.label, own_total=total, own_limit=limit,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def _same(asked: GiveGatePass) -> GatePass | None:
    found = rows(GatePass).filter(GatePass.key == asked.key).one_or_none()
    if found is not None and (found.event_id, found.bodies, found.reason) != (
        asked.event_id,
        asked.bodies,
        asked.reason,
    ):
        raise Problem(422, "key_reused", detail="This was sent for something else before. Load the page again.")
    return found


def _count(day: Day, asked: GiveGatePass) -> tuple[int, int]:
    """Count people against the giver's limit of the day, if it holds so many; returns (total, limit).

    One statement judges it, so that two browsers of one person cannot both take the last.
    """
    giver = current_scope().actor.id
    if giver is not None:
        made = insert_or_not(GatePassCount).values(day_id=day.id, giver_id=giver, given=0)
        db.session.execute(made.on_conflict_do_nothing())
    limit = select(Organization.supervisor_pass_limit).scalar_subquery()
    point("gate_pass.before_count")
    counted = db.session.execute(
        update(GatePassCount)
        .where(GatePassCount.day_id == day.id, GatePassCount.giver_id == giver, within(asked.bodies))
        .values(given=GatePassCount.given + asked.bodies)
        .returning(GatePassCount.given, limit)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if counted is None:
        raise Problem(403, "above_limit", "Above your limit of the day",
                      f"You may let in {own_left(day)} more. Nothing was given. A manager gives it.")  # fmt: skip
    return counted[0], counted[1]


def within(bodies: int) -> ColumnElement[bool]:
    """Say in SQL that a giver's limit of the day holds so many more people."""
    limit = select(Organization.supervisor_pass_limit).scalar_subquery()
    return GatePassCount.given + bodies <= limit


def own_left(day: Day) -> int:
    """Return how many people the acting person may still let in on a day out of their own limit."""
    limit = db.session.scalars(select(Organization.supervisor_pass_limit)).one()
    mine = children(day, GatePassCount).filter(GatePassCount.giver_id == current_scope().actor.id).one_or_none()
    return max(0, limit - (mine.given if mine is not None else 0))


def _goes_on(day: Day) -> ColumnElement[bool]:
    """Say in SQL that the day has not ended, by the database's clock."""
    ends = select(Day.ends_at).where(Day.id == day.id).scalar_subquery()
    return ends > func.clock_timestamp()


def _why_not(day: Day, place: Place) -> Problem:
    if not db.session.scalar(select(_goes_on(day))):
        return Problem(409, "over", "The day is over", "Nothing was given: nobody goes in any more.")
    left = db.session.scalars(select(Pool.capacity - Pool.taken).where(Pool.id == place.pool.id)).one()
    return Problem(409, "no_places", "No place is left for that", f"Only {left} are left there. Nothing was given.",
                   left=left)  # fmt: skip
