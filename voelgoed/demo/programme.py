"""The demo's venue and events."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import Pool, TicketType, TypePool
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.demo.story import HouseStory, TypeStory
from voelgoed.foundation.database import db
from voelgoed.foundation.signals import announce
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.tenancy.organization import Organization

DAY_ENDS = time(5)
CONDITIONS = (
    "No glass, no weapons, no fires. Bags may be searched. Persons under 18 only with an adult after 21:00. "
    "The organiser may refuse entry; a refused ticket is refunded."
)


def build_venue(story: HouseStory) -> Venue:
    """Make the venue with its zones and gates."""
    venue = Venue(name=story.venue, address=story.address)
    db.session.add(venue)
    db.session.flush()
    made: dict[str, Zone] = {}
    for told in story.zones:
        parent = made[told.inside] if told.inside else None
        zone = Zone(venue_id=venue.id, name=told.name, capacity=told.capacity, parent_id=parent.id if parent else None)
        db.session.add(zone)
        db.session.flush()
        made[told.name] = zone
        for name in told.gates:
            db.session.add(Gate(venue_id=venue.id, name=name, into_id=zone.id))
    db.session.flush()
    return venue


def put_on(
    organization: Organization,
    venue: Venue,
    name: str,
    nature: str,
    first: date,
    days: int,
    types: tuple[TypeStory, ...],
) -> Event:
    """Put an event on for so many days from `first` (venue's date), with its types and their pools."""
    event = Event(venue_id=venue.id, name=name, nature=nature, conditions=CONDITIONS)
    db.session.add(event)
    db.session.flush()
    opened = [_day(event, venue, number, first + timedelta(days=number)) for number in range(days)]
    db.session.add_all(opened)
    db.session.flush()
    for day in opened:
        announce("catalog.day_set", day=day)
    pools: dict[tuple[int, str], Pool] = {}
    for number, told in enumerate(types, start=1):
        _type(organization, event, opened, number, told, pools)
    return event


def _day(event: Event, venue: Venue, number: int, on: date) -> Day:
    zone = ZoneInfo(venue.timezone)
    return Day(
        event_id=event.id,
        number=number,
        date=on,
        doors_at=datetime.combine(on, time(0), zone),
        starts_at=datetime.combine(on, time(18), zone),
        ends_at=datetime.combine(on + timedelta(days=1), DAY_ENDS, zone),
    )


def _type(
    organization: Organization,
    event: Event,
    days: list[Day],
    number: int,
    told: TypeStory,
    pools: dict[tuple[int, str], Pool],
) -> None:
    made = TicketType(
        event_id=event.id,
        number=number,
        name=told.name,
        price_cents=told.price_cents,
        vat_rate_bp=1500 if organization.vat_vendor else 0,
        bodies=told.bodies,
        per_checkout_max=10,
        reentry=told.reentry,
    )
    db.session.add(made)
    db.session.flush()
    for index in told.days:
        pool = _pool(event, days, index, told, pools)
        db.session.add(TypePool(ticket_type_id=made.id, pool_id=pool.id))
    db.session.flush()


def _pool(event: Event, days: list[Day], index: int, told: TypeStory, pools: dict[tuple[int, str], Pool]) -> Pool:
    """Return the type's pool of one day: of its own, or on a festival the day's, which all its types share."""
    name = told.name if len(days) == 1 else "The day"
    if (index, name) not in pools:
        made = Pool(event_id=event.id, day_id=days[index].id, name=name, capacity=told.capacity)
        db.session.add(made)
        db.session.flush()
        pools[index, name] = made
    return pools[index, name]


def types_by_name(event: Event) -> dict[str, TicketType]:
    """Return the event's types by their names."""
    return {one.name: one for one in children(event, TicketType)}
