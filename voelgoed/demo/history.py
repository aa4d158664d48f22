"""The evening that is over: sold and scanned by the same deeds, at the times when it happened.

Nothing is sold for a day that is gone, by the database's own clock: the day lies ahead while it is sold, and is then
moved to when it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.venue import Gate
from voelgoed.demo.drawers import shift_at
from voelgoed.demo.people import SEEDER
from voelgoed.demo.programme import types_by_name
from voelgoed.demo.sell import sell
from voelgoed.demo.story import OVER_SOLD, HouseStory
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import frozen
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import children, rows, scope
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.scanning.asked import Asked
from voelgoed.scanning.decide import end_day
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import make_pairing, pair
from voelgoed.scanning.process_scan import process_scan
from voelgoed.ticketing.codes import codes_of
from voelgoed.ticketing.ticket import Ticket

DAYS_AGO = timedelta(days=9)
CAME_PART = 0.9
LEFT_PART = 0.3


@dataclass(frozen=True)
class _Phone:
    id: UUID
    token: str


def tell(organization_id: UUID, story: HouseStory, event_id: UUID) -> None:
    """Sell and scan the evening that is over, then end its day; nothing is left open."""
    chance = Random(story.slug)  # noqa: S311 a story, not a secret
    with scope(organization_id, SEEDER):
        event = rows(Event).get(event_id)
        day = children(event, Day).order_by(Day.number).one()
        types = {name: one.id for name, one in types_by_name(event).items()}
    sold: list[UUID] = []
    with shift_at(organization_id, day.starts_at - DAYS_AGO - timedelta(hours=30)) as clerk:
        for told in story.types:
            most = min(told.capacity // told.bodies, OVER_SOLD // len(story.types))
            sold += sell(organization_id, clerk, event_id, types[told.name], most)
    with scope(organization_id, SEEDER, reason="the demo's evening is over"):
        day = rows(Day).get(day.id)
        day.date -= DAYS_AGO
        day.doors_at, day.starts_at, day.ends_at = (
            moment - DAYS_AGO for moment in (day.doors_at, day.starts_at, day.ends_at)
        )
        commit()
    with frozen(day.starts_at - timedelta(hours=3)):
        phones = _phones(organization_id, event_id)
    with scope(organization_id, SEEDER):
        codes = list(codes_of(rows(Ticket).filter(Ticket.id.in_(sold))).values())
        process_scan(list(_scans(codes, phones, day.starts_at, chance)))
        commit()
    with scope(organization_id, SEEDER):
        end_day(rows(Day).get(day.id))
        for device in rows(Device).filter(Device.event_id == event_id):
            device.retired_at = day.ends_at
        commit()


def _phones(organization_id: UUID, event_id: UUID) -> list[_Phone]:
    with scope(organization_id, SEEDER):
        event = rows(Event).get(event_id)
        made = []
        for gate in children(event.venue, Gate).filter(Gate.from_id.is_(None)).order_by(Gate.name):
            device, token = pair(make_pairing(event, gate, f"{gate.name} 1")[0])
            made.append(_Phone(device.id, token))
        commit()
        return made


def _scans(codes: Sequence[str], phones: Sequence[_Phone], starts_at: datetime, chance: Random) -> Iterator[Asked]:
    """Most come in the last three quarters of an hour; some go early."""
    came = [code for code in sorted(codes) if chance.random() < CAME_PART]
    moments = sorted(starts_at + timedelta(minutes=chance.triangular(-100, 25, -20)) for _ in came)
    movements = [("in", code, moment) for code, moment in zip(came, moments, strict=True)]
    movements += [
        ("out", code, starts_at + timedelta(minutes=chance.uniform(60, 180)))
        for code in came
        if chance.random() < LEFT_PART
    ]
    batch = uuid7()
    for number, (direction, code, moment) in enumerate(sorted(movements, key=lambda one: one[2]), start=1):
        phone = phones[number % len(phones)]
        yield Asked(
            token_hash=hash_secret(phone.token),
            scan_id=uuid7(),
            sequence=(number - 1) // len(phones) + 1,
            direction="in" if direction == "in" else "out",
            scanned_at=moment,
            code=code,
            batch_id=batch,
        )
