"""The live figure: bodies and tickets inside, per zone and gate, from the minute counters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.venue import Gate, Zone
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.occupancy.counts import MINUTES, Count, Sums, by_zone, counts_of, totals

RATE_MINUTES = 5
IN, OUT = ("in", "moved_in", "forced"), ("out", "moved_out", "unexplained")
FAR = datetime.max.replace(tzinfo=UTC)  # no minute is recent: one sum for all of the day


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
    minutes: list[int] = field(default_factory=lambda: [0] * MINUTES)
    last_heard_at: datetime | None = None

    @property
    def per_minute(self) -> float:
        """Return entries a minute over the last five."""
        return round(sum(self.minutes[-RATE_MINUTES:]) / RATE_MINUTES, 1)


@dataclass
class Figure:
    """Who is inside on one day, from its `counts`. `uncertainty` is how many bodies the number may be off by."""

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
    counts: list[Count]

    @property
    def minutes(self) -> list[int]:
        """Return all gates' entries in each of the last sixty minutes, oldest first."""
        return [sum(values) for values in zip(*(gate.minutes for gate in self.gates), strict=True)] or [0] * MINUTES


def day_of(event: Event, at: datetime | None = None) -> Day | None:
    """Return the day that is on, else the next one, else the last."""
    moment = at or now()
    days = children(event, Day).order_by(Day.number).all()
    return next((day for day in days if moment < day.ends_at), days[-1] if days else None)


def bodies_of(day_id: UUID, parents: Mapping[UUID, UUID | None] | None = None) -> dict[UUID, int]:
    """Return the bodies in each zone of a day, zones inside it included; the door knows the tree."""
    own = {zone: sums.inside for zone, sums in by_zone(counts_of(day_id, FAR)).items()}
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


def figure(event: Event, day: Day | None = None, at: datetime | None = None) -> Figure | None:
    """Return the figure of an event's day (the one that is on, unless another is given); None without a day."""
    at = at or now()
    day = day or day_of(event, at)
    if day is None:
        return None
    counts = counts_of(day.id, at)
    own = by_zone(counts)
    zones, all_ = _zones(event, own), totals(list(own.values()))
    outermost = [zone for zone in zones if zone.depth == 0]
    return Figure(
        day=day,
        bodies=sum(zone.bodies for zone in outermost),
        tickets=max(0, all_.holders),
        capacity=sum(zone.capacity for zone in outermost),
        unexplained=max(0, -all_.loose),
        forced=all_.forced,
        uncertainty=abs(all_.loose) if all_.unexplained else 0,
        version=all_.version,
        zones=zones,
        gates=_gates(event, counts),
        counts=counts,
    )


def _zones(event: Event, own: Mapping[UUID, Sums]) -> list[ZoneFigure]:
    """Return the venue's zones as a tree read from the top, each with its figure."""
    query = (
        select(Zone.id, Zone.name, Zone.parent_id, Zone.capacity, Zone.archived_at)
        .where(Zone.venue_id == event.venue_id)
        .order_by(Zone.created_at)
        .execution_options(include_archived=True)  # people are still in the zones around one that was put away
    )
    found = db.session.execute(query).all()
    parents = {zone.id: zone.parent_id for zone in found}
    bodies = _with_inner({zone: sums.inside for zone, sums in own.items()}, parents)
    tickets = _with_inner({zone: max(0, sums.tickets) for zone, sums in own.items()}, parents)
    return [
        ZoneFigure(
            zone.id, zone.name, zone.parent_id, zone.capacity, bodies.get(zone.id, 0), tickets.get(zone.id, 0), depth
        )
        for zone, depth in _tree([zone for zone in found if zone.archived_at is None], None, 0)
    ]


def _tree(zones: Sequence[Any], parent: UUID | None, depth: int) -> Iterator[tuple[Any, int]]:
    for zone in zones:
        if zone.parent_id == parent:
            yield zone, depth
            yield from _tree(zones, zone.id, depth + 1)


def _gates(event: Event, counts: Sequence[Count]) -> list[GateFigure]:
    query = select(Gate.id, Gate.name).where(Gate.venue_id == event.venue_id).order_by(Gate.name)
    gates = {gate_id: GateFigure(gate_id, name) for gate_id, name in db.session.execute(query)}
    for count in counts:
        if (gate := gates.get(count.gate_id)) is not None:
            _pass(gate, count)
    return list(gates.values())


def _pass(gate: GateFigure, count: Count) -> None:
    if count.direction in OUT:
        gate.exits += count.bodies
    elif count.direction in IN:
        gate.entries += count.bodies
        if count.minute is not None:
            gate.minutes[count.minute] += count.bodies
