"""The live figure: bodies and tickets inside, per zone and gate, from the minute counters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Case, Row, case, func, select

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.venue import Gate, Zone
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.occupancy.minute import INWARD, OUTWARD, MinuteCount

SPARK_MINUTES = 60
RATE_MINUTES = 5
_SIGN = case((MinuteCount.direction.in_(INWARD), 1), (MinuteCount.direction.in_(OUTWARD), -1), else_=0)


@dataclass
class ZoneFigure:
    """A zone's people, those in the zones inside it included, against its certified number."""

    id: UUID
    name: str
    parent_id: UUID | None
    capacity: int
    bodies: int = 0
    tickets: int = 0
    depth: int = 0

    @property
    def percent(self) -> int:
        """Return how full it is, in whole per cent."""
        return round(100 * self.bodies / self.capacity) if self.capacity else 0


@dataclass
class GateFigure:
    """A gate's entries and exits of the day; `minutes` are the entries of each of the last sixty, oldest first."""

    id: UUID
    name: str
    entries: int = 0
    exits: int = 0
    minutes: list[int] = field(default_factory=lambda: [0] * SPARK_MINUTES)
    last_heard_at: datetime | None = None

    @property
    def per_minute(self) -> float:
        """Return entries a minute over the last five."""
        return round(sum(self.minutes[-RATE_MINUTES:]) / RATE_MINUTES, 1)


@dataclass
class Figure:
    """Who is inside on one day. `uncertainty` is how many bodies the number may be off by."""

    day: Day
    bodies: int
    tickets: int
    capacity: int
    unexplained: int
    forced: int
    uncertainty: int
    version: int
    zones: list[ZoneFigure]
    gates: list[GateFigure]

    @property
    def minutes(self) -> list[int]:
        """Return all gates' entries in each of the last sixty minutes, oldest first."""
        return [sum(values) for values in zip(*(gate.minutes for gate in self.gates), strict=True)] or [0] * 60


def day_of(event: Event, at: datetime | None = None) -> Day | None:
    """Return the day that is on, else the next one, else the last."""
    moment = at or now()
    days = children(event, Day).order_by(Day.number).all()
    return next((day for day in days if moment < day.ends_at), days[-1] if days else None)


def bodies_of(day_id: UUID, parents: Mapping[UUID, UUID | None] | None = None) -> dict[UUID, int]:
    """Return the bodies in each zone of a day, zones inside it included; the door knows the tree."""
    totals = _zone_totals(day_id)
    own = {row.zone_id: max(0, row.bodies + max(0, row.forced - row.unexplained)) for row in totals}
    return _with_inner(own, _parents() if parents is None else parents)


def _parents() -> dict[UUID, UUID | None]:
    query = select(Zone.id, Zone.parent_id).execution_options(include_archived=True)
    return dict(db.session.execute(query).all())


def _with_inner(own: dict[UUID, int], parents: Mapping[UUID, UUID | None]) -> dict[UUID, int]:
    """Add what is inside a zone to each zone around it."""
    total: dict[UUID, int] = defaultdict(int)
    for zone, count in own.items():
        at: UUID | None = zone
        while at is not None:
            total[at] += count
            at = parents.get(at)
    return dict(total)


def _zone_totals(day_id: UUID) -> list[Row[tuple[UUID, int, int, int, int, int, int]]]:
    query: Any = (
        select(
            MinuteCount.zone_id,
            func.coalesce(func.sum(MinuteCount.bodies * _SIGN), 0).label("bodies"),
            func.coalesce(func.sum(MinuteCount.tickets * _SIGN), 0).label("tickets"),
            func.coalesce(func.sum(MinuteCount.holders * _SIGN), 0).label("holders"),
            func.coalesce(func.sum(_only("forced")), 0).label("forced"),
            func.coalesce(func.sum(_only("unexplained")), 0).label("unexplained"),
            func.coalesce(func.sum(_all_counters()), 0).label("version"),
        )
        .where(MinuteCount.day_id == day_id)
        .group_by(MinuteCount.zone_id)
    )
    return list(db.session.execute(query))


def _only(direction: str) -> Case[int]:
    return case((MinuteCount.direction == direction, MinuteCount.bodies), else_=0)


def _all_counters() -> object:
    return MinuteCount.bodies + MinuteCount.tickets + MinuteCount.holders + MinuteCount.corrections


def figure(event: Event, day: Day | None = None) -> Figure | None:
    """Return the figure of an event's day (the one that is on, unless another is given); None without a day."""
    day = day or day_of(event)
    if day is None:
        return None
    totals = _zone_totals(day.id)
    zones = _zones(event, totals)
    forced, unexplained = sum(row.forced for row in totals), sum(row.unexplained for row in totals)
    outermost = [zone for zone in zones if zone.depth == 0]
    return Figure(
        day=day,
        bodies=sum(zone.bodies for zone in outermost),
        tickets=max(0, sum(row.holders for row in totals)),
        capacity=sum(zone.capacity for zone in outermost),
        unexplained=max(0, unexplained - forced),
        forced=forced,
        uncertainty=abs(forced - unexplained) if unexplained else 0,
        version=sum(row.version for row in totals),
        zones=zones,
        gates=_gates(event, day),
    )


def _zones(event: Event, totals: list[Row[tuple[UUID, int, int, int, int, int, int]]]) -> list[ZoneFigure]:
    """Return the venue's zones as a tree read from the top, each with its figure."""
    parents = _parents()
    own = {row.zone_id: max(0, row.bodies + max(0, row.forced - row.unexplained)) for row in totals}
    bodies = _with_inner(own, parents)
    tickets = _with_inner({row.zone_id: max(0, row.tickets) for row in totals}, parents)
    found = children(event.venue, Zone).order_by(Zone.created_at).all()
    ordered: list[ZoneFigure] = []

    def descend(parent: UUID | None, depth: int) -> None:
        for zone in found:
            if zone.parent_id == parent:
                ordered.append(
                    ZoneFigure(
                        zone.id,
                        zone.name,
                        parent,
                        zone.capacity,
                        bodies.get(zone.id, 0),
                        tickets.get(zone.id, 0),
                        depth,
                    )
                )
                descend(zone.id, depth + 1)

    descend(None, 0)
    return ordered


def _gates(event: Event, day: Day) -> list[GateFigure]:
    gates = {gate.id: GateFigure(gate.id, gate.name) for gate in children(event.venue, Gate).order_by(Gate.name)}
    query = (
        select(MinuteCount.gate_id, MinuteCount.direction, func.sum(MinuteCount.bodies))
        .where(MinuteCount.day_id == day.id)
        .group_by(MinuteCount.gate_id, MinuteCount.direction)
    )
    for gate_id, direction, bodies in db.session.execute(query):
        if gate_id in gates and direction in ("in", "moved_in", "forced"):
            gates[gate_id].entries += bodies
        elif gate_id in gates and direction in ("out", "moved_out", "unexplained"):
            gates[gate_id].exits += bodies
    _spark(gates, day)
    return list(gates.values())


def _spark(gates: dict[UUID, GateFigure], day: Day) -> None:
    this_minute = now().replace(second=0, microsecond=0)
    since = this_minute - timedelta(minutes=SPARK_MINUTES - 1)
    query = select(MinuteCount.gate_id, MinuteCount.minute, MinuteCount.bodies).where(
        MinuteCount.day_id == day.id,
        MinuteCount.minute >= since,
        MinuteCount.direction.in_(("in", "moved_in", "forced")),
    )
    for gate_id, minute, bodies in db.session.execute(query):
        index = int((minute - since).total_seconds() // 60)
        if gate_id in gates and 0 <= index < SPARK_MINUTES:
            gates[gate_id].minutes[index] += bodies
