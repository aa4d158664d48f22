"""Stopping entry and resuming it: a supervisor's deed, and which phones have not confirmed that they know."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate, Zone
from voelgoed.foundation.database import db
from voelgoed.foundation.live.push import publish
from voelgoed.foundation.tenancy import children, current_scope
from voelgoed.foundation.web.problem import Problem
from voelgoed.scanning.device import Device
from voelgoed.scanning.entry_stop import EntryStop, Stops, stops_from


@dataclass(frozen=True)
class Unconfirmed:
    """A phone in use that has not said yet that it knows; to be told by radio."""

    name: str
    gate: str


def stop(event: Event, zone: Zone | None) -> EntryStop:
    """Stop entry into a zone, or everywhere; raises Problem 409 `already_stopped`."""
    made = EntryStop(
        event_id=event.id, zone_id=zone.id if zone else None, stopped_at=func.clock_timestamp(),
        stopped_by=current_scope().actor.label,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise Problem(409, "already_stopped", "Entry is stopped there already", "Nothing was changed.") from error
    publish("occupancy", event.id)
    return made


def resume(stopped: EntryStop) -> None:
    """Let people in again; raises Problem 409 `already_resumed`."""
    mine = update(EntryStop).where(EntryStop.id == stopped.id, EntryStop.resumed_at.is_(None))
    values = {"resumed_at": func.clock_timestamp(), "resumed_by": current_scope().actor.label}
    resumed = mine.values(values).returning(EntryStop.id).execution_options(synchronize_session=False)
    if db.session.scalar(resumed) is None:
        raise Problem(409, "already_resumed", "Entry was resumed already", "Nothing was changed.")
    publish("occupancy", stopped.event_id)


def active(event: Event) -> list[EntryStop]:
    """Return where entry is stopped now, the whole first."""
    found = children(event, EntryStop).filter(EntryStop.resumed_at.is_(None))
    return found.order_by(EntryStop.zone_id.is_not(None), EntryStop.stopped_at).all()


def stops_of(event_id: UUID) -> Stops:
    """Return an event's stops as phones hear them."""
    query = select(EntryStop.zone_id, EntryStop.resumed_at.is_not(None)).where(EntryStop.event_id == event_id)
    return stops_from(event_id, ((zone, resumed) for zone, resumed in db.session.execute(query)))


def confirm(device: Device, version: str | None) -> Stops:
    """Note up to which version a phone knows the event's stops, and return them as they are now."""
    stops = stops_of(device.event_id)
    known = stops.known(version)
    if version is None and not stops.somewhere:
        known = device.stops_known  # it has heard of none, and there is none
    if known != device.stops_known:
        device.stops_known = known
        publish("occupancy", device.event_id)
    return stops


def holds_at(gate: Gate, stops: Stops) -> bool:
    """Say whether entry is stopped at a gate."""
    if stops.everywhere or not stops.zones:
        return stops.everywhere
    query = select(Zone.id, Zone.parent_id).where(Zone.venue_id == gate.venue_id)
    parents = dict(iter(db.session.execute(query.execution_options(include_archived=True))))
    already = _around(gate.from_id, parents)
    return stops.hold([str(zone) for zone in _around(gate.into_id, parents) if zone not in already])


def _around(zone_id: UUID | None, parents: dict[UUID, UUID | None]) -> list[UUID]:
    ring: list[UUID] = []
    while zone_id is not None and zone_id not in ring:
        ring.append(zone_id)
        zone_id = parents.get(zone_id)
    return ring


def unconfirmed(event: Event, version: int) -> list[Unconfirmed]:
    """Return the phones in use that do not know yet where entry is stopped or resumed.

    A turnstile is never among them: it asks the server for each scan, and nobody there hears a radio.
    """
    query = (
        select(Device.name, Gate.name)
        .join(Gate, Gate.id == Device.gate_id)
        .where(Device.event_id == event.id, Device.retired_at.is_(None), Device.lost_at.is_(None),
               Device.spare.is_(False), Device.role != "turnstile", Device.stops_known < version)
        .order_by(Gate.name, Device.name)
        .execution_options(include_archived=True)
    )  # fmt: skip
    return [Unconfirmed(name, gate) for name, gate in db.session.execute(query)]
