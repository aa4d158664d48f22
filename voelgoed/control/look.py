"""Takes the picture of an event: the figure, the last hour, the phones, in the venue's time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from voelgoed.catalog.event import Event
from voelgoed.control.drawing import chart, spark
from voelgoed.control.flow import Flow, flow, total
from voelgoed.control.picture import Bar, GatePicture, Picture, ZonePicture
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.occupancy.counts import MINUTES
from voelgoed.occupancy.figure import Figure, GateFigure, ZoneFigure, figure
from voelgoed.scanning.phones import Phone, in_use

TENTHS_MOST = 10_000_000  # tenths of a second in eleven days: no day is live for longer
COUNTS_MOST = 20_000_000
BEFORE = timedelta(days=2)


def take(event: Event) -> Picture | None:
    """Take the picture of the day that is on, else of the next; None while the event has no day."""
    at = now().astimezone(ZoneInfo(event.venue.timezone))
    found = figure(event, at=at)
    if found is None:
        return None
    hour, heard = flow(found.counts), in_use(event, at)
    entries, exits = total(hour.entries), total(hour.exits)
    return Picture(
        slug=slug(),
        event_id=event.id,
        event=event.name,
        day=found.day.date,
        at=at,
        version=version(found, at),
        bodies=found.bodies,
        tickets=found.tickets,
        unexplained=found.unexplained,
        uncertainty=found.uncertainty + sum(phone.unsent for phone in heard),
        whole=Bar(found.bodies, found.capacity),
        zones=tuple(_zones(found.zones, hour)),
        gates=tuple(_gate(gate, hour, heard) for gate in found.gates),
        hour=chart(entries[:-1], exits[:-1], _ticks(at)),  # the running minute would always fall
        in_minute=entries[-2],
        silent=sum(phone.silent for phone in heard),
        unsent=sum(phone.unsent for phone in heard),
        phones=tuple(heard),
    )


def slug() -> str:
    """Return the slug of the scope's organization; a push has no visitor to take it from."""
    return rows(Organization).one().slug


def version(found: Figure, at: datetime) -> int:
    """Return a number that rises with the day, then with the monotone counters, then with time.

    Time stands last: what only time changes (rates, silence) replaces what it was, and no figure goes back.
    """
    tenths = int((at - (found.day.doors_at - BEFORE)).total_seconds() * 10)
    counted = found.day.number * COUNTS_MOST + min(found.version, COUNTS_MOST - 1)
    return counted * TENTHS_MOST + max(0, min(tenths, TENTHS_MOST - 1))


def _zones(zones: list[ZoneFigure], hour: Flow) -> Iterable[ZonePicture]:
    """Show the zones; one that holds all others is the whole number, and is not said twice."""
    outermost = [zone for zone in zones if zone.depth == 0]
    whole = outermost[0].id if len(outermost) == 1 and len(zones) > 1 else None
    for zone in zones:
        if zone.id != whole:
            bar = Bar(zone.bodies, zone.capacity)
            depth = zone.depth - (whole is not None)
            yield ZonePicture(zone.id, zone.name, bar, depth, _full_in(bar, hour.rate(_within(zone.id, zones))))


def _within(zone: UUID, zones: list[ZoneFigure]) -> list[UUID]:
    """Return a zone and all zones inside it."""
    return [zone, *(inner for one in zones if one.parent_id == zone for inner in _within(one.id, zones))]


def _full_in(bar: Bar, rate: float) -> int | None:
    left = bar.capacity - bar.bodies
    if rate < 1 or left <= 0:
        return None
    minutes = round(left / rate)
    return minutes if minutes <= 240 else None


def _gate(gate: GateFigure, hour: Flow, heard: list[Phone]) -> GatePicture:
    entries, exits = hour.entries.get(gate.id, [0] * MINUTES), hour.exits.get(gate.id, [0] * MINUTES)
    own = [phone for phone in heard if phone.gate_id == gate.id]
    silent = bool(own) and all(phone.silent for phone in own)
    since = max((phone.heard_at for phone in own if phone.heard_at), default=None) if silent else None
    return GatePicture(gate.id, gate.name, entries[-2], exits[-2], gate.entries, gate.exits, spark(entries[:-1]), since)


def _ticks(at: datetime) -> tuple[str, ...]:
    early = [(at - timedelta(minutes=minutes)).strftime("%H:%M") for minutes in (60, 45, 30, 15)]
    return (*early, at.strftime("now %H:%M"))
