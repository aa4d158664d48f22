"""An independent model of one event's gate: what each scan is answered, and what all of them amount to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

RECENTLY = timedelta(seconds=300)
Moments = Callable[[Iterable[UUID]], dict[UUID, datetime]]


@dataclass(frozen=True)
class Gate:
    """A gate leads from a zone (None: from outside) into another."""

    name: str
    id: UUID
    outer: UUID | None
    inner: UUID


@dataclass
class Fact:
    """Somebody came, left or was let in anyway; the server's clock stood between `earliest` and `latest`."""

    id: UUID
    kind: str
    device: UUID
    number: int
    gate: Gate
    bodies: int
    source: UUID
    earliest: datetime
    latest: datetime
    at: datetime | None = None


@dataclass
class Body:
    """One of those that a ticket lets in: where it is, since which fact, and how often it came and went on."""

    number: int
    zone: UUID | None = None
    entries: int = 0
    moves: int = 0
    row: list[Any] = field(default_factory=list)


@dataclass
class House:
    """What a ticket's facts amount to."""

    bodies: list[Body]
    inside: list[Body] = field(default_factory=list)  # by when they came to where they are, then by number
    rows: list[list[Any]] = field(default_factory=list)
    surplus: dict[UUID, str] = field(default_factory=dict)
    forced: Counter[UUID] = field(default_factory=Counter)
    unexplained: Counter[UUID] = field(default_factory=Counter)

    def put(self, body: Body, fact: Fact, zone: UUID, at: datetime) -> None:
        """Have a body in a zone from now on."""
        body.zone = zone
        body.row = [fact.source, body.number, body.entries, body.moves, zone, at, None, None]
        self.rows.append(body.row)
        self.inside = sorted([*self.inside, body], key=lambda one: (one.row[5], one.number))

    def take(self, body: Body, at: datetime, why: str) -> None:
        """Have a body nowhere."""
        body.row[6:] = [at, why]
        body.zone = None
        self.inside.remove(body)

    def move(self, body: Body, fact: Fact, zone: UUID, at: datetime) -> None:
        """Have a body go on into another zone."""
        self.take(body, at, "moved")
        body.moves += 1
        self.put(body, fact, zone, at)


@dataclass
class Ticket:
    """A ticket as it was sold, and what has happened to it so far, in the order in which it was heard of."""

    id: UUID
    code: str
    bodies: int
    free: bool
    zones: frozenset[UUID] | None
    over: bool = False
    """Its hours of the day are over: nobody comes in from outside any more."""
    void_at: datetime | None = None
    blocked_at: datetime | None = None
    facts: list[Fact] = field(default_factory=list)
    undone: set[UUID] = field(default_factory=set)

    def house(self, moments: Moments, ends: Iterable[datetime] = ()) -> House:
        """Replay what happened, in the order of the server's clock, then of devices and their numbers."""
        self._settle(moments)
        house = House([Body(number + 1) for number in range(self.bodies)])
        told = [((one.at, 0, one.device.int, one.number, one.kind), one) for one in self.facts]
        over = [((at, 1, 0, 0, ""), None) for at in ends]
        for (at, *_), fact in sorted([*told, *over], key=lambda one: one[0]):
            assert at is not None
            if fact is None:
                for body in list(house.inside):
                    house.take(body, at, "day_end")
            elif fact.id not in self.undone:
                (self._leave if fact.kind == "out" else self._come)(house, fact, at)
        return house

    def _settle(self, moments: Moments) -> None:
        """Ask when facts were, and refuse a time that the server cannot have meant."""
        waiting = {one.id: one for one in self.facts if one.at is None}
        found = moments(waiting)
        assert found.keys() == waiting.keys(), "the server lacks what has happened"
        for key, at in found.items():
            one = waiting[key]
            assert one.earliest <= at <= one.latest, (one, at)
            one.at = at

    def _come(self, house: House, fact: Fact, at: datetime) -> None:
        lacking = fact.bodies
        if self.refuses(at) is None:
            movers = [one for one in house.inside if one.zone == fact.gate.outer]
            for body in movers[: fact.bodies]:
                house.move(body, fact, fact.gate.inner, at)
            coming = [] if movers else self.may_enter(house)[: fact.bodies]
            for body in coming:
                body.entries += 1
                body.moves = 0
                house.put(body, fact, fact.gate.inner, at)
            lacking = 0 if movers else fact.bodies - len(coming)
        if lacking:
            house.forced[fact.gate.inner] += lacking
            if fact.kind == "in":
                house.surplus[fact.id] = self.refuses(at) or "surplus"

    def refuses(self, at: datetime) -> str | None:
        """Say why nobody could come in by it at a moment."""
        if self.void_at is not None and at >= self.void_at:
            return "void"
        return "blocked" if self.blocked_at is not None and at >= self.blocked_at else None

    def _leave(self, house: House, fact: Fact, at: datetime) -> None:
        going = ([one for one in house.inside if one.zone == fact.gate.inner] or list(house.inside))[: fact.bodies]
        if not going:
            house.unexplained[fact.gate.inner] += fact.bodies
        for body in going:
            if fact.gate.outer is None:
                house.take(body, at, "exited")
            else:
                house.move(body, fact, fact.gate.outer, at)

    def may_enter(self, house: House) -> list[Body]:
        """Return who is not inside and may come."""
        return [one for one in house.bodies if one not in house.inside and (self.free or not one.entries)]

    def wanted(self, house: House, way: str, gate: Gate) -> int:
        """Say for how many a scan asks that does not say it: for all who can pass this gate this way."""
        if way == "out":
            here = [one for one in house.inside if one.zone == gate.inner] or house.inside
        else:
            here = [one for one in house.inside if one.zone == gate.outer] or self.may_enter(house)
        return max(1, len(here))

    def verdict(self, house: House, way: str, gate: Gate, bodies: int, at: datetime) -> str:
        """Say what a scan must be answered."""
        if way == "out":
            return "exited" if house.inside else "not_inside"
        if self.void_at is not None:
            return "void"
        if self.blocked_at is not None:
            return "blocked"
        if self.over and not any(one.zone == gate.outer for one in house.inside):
            return "too_late"
        if self.zones is not None and gate.inner not in self.zones:
            return "wrong_zone"
        if any(one.zone == gate.outer for one in house.inside) or len(self.may_enter(house)) >= bodies:
            return "admitted"
        if not house.inside:
            return "no_reentry"
        last: datetime = max(one.row[5] for one in house.inside)
        return "duplicate" if at - last < RECENTLY else "already_inside"
