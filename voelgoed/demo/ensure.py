"""Makes the demo once, and today's event whenever none is on; running it again adds nothing that is there."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from voelgoed import create_app
from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.venue import Venue
from voelgoed.config import Config
from voelgoed.demo import drawers, gateways, given, history, prices, secrets_file
from voelgoed.demo.people import SEEDER, found
from voelgoed.demo.phones import pair_all
from voelgoed.demo.programme import build_venue, put_on, types_by_name
from voelgoed.demo.secrets_file import HouseSecrets, Secrets
from voelgoed.demo.sell import sell
from voelgoed.demo.story import HOUSES, HouseStory
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import door, rows, scope
from voelgoed.foundation.tenancy.organization import Organization


def ensure(config: Config) -> list[str]:
    """Make what is missing of the demo and return the lines that say how to sign in."""
    with create_app(config).app_context():
        known = ensure_houses(config)
        payments = gateways.ensure(config, [organization_id_of(slug) for slug in known])
    lines = [payments, "this is the demo; sign in with"]
    for slug, held in known.items():
        lines += [f"  {slug:<10} {email:<36} {password}" for email, password in held.sign_ins.values()]
    return lines


def ensure_houses(config: Config) -> Secrets:
    """Make the organizations that are missing, and today's events; inside an application context."""
    known = secrets_file.read(config.data)
    for story in HOUSES:
        if story.slug not in known:
            known[story.slug] = _first(story, random_passwords=not config.demo_buttons)
            secrets_file.write(config.data, known)
        drawers.open_all(organization_id_of(story.slug))
        if _today(story, known[story.slug]):
            secrets_file.write(config.data, known)
    return known


def organization_id_of(slug: str) -> UUID:
    """Return a demo organization's id."""
    with door() as opened:
        return UUID(str(opened.one("organization_of", slug=slug).id))


def _first(story: HouseStory, random_passwords: bool) -> HouseSecrets:
    """Found the house, build its venue, put on next week's festival and the evening that is over."""
    organization_id, held = found(story, random_passwords)
    with scope(organization_id, SEEDER, reason="the demo is made"):
        drawers.make_tills()
        organization = db.session.scalars(select(Organization)).one()
        venue = build_venue(story)
        today = now().astimezone(ZoneInfo(venue.timezone)).date()
        next_week = put_on(
            organization, venue, story.next_week, "Festival", today + timedelta(days=7), 2, story.festival
        )
        over = put_on(organization, venue, story.over, story.nature, today + timedelta(days=1), 1, story.types)
        first = next(iter(types_by_name(next_week).values()))
        prices.ask(next_week, first)
        one_day = first.id
        commit()
        over_id, next_id = over.id, next_week.id
    history.tell(organization_id, story, over_id)
    drawers.tell(organization_id, next_id, one_day)
    drawers.close_the_days(organization_id)
    drawers.open_all(organization_id)
    drawers.leave_unknown(organization_id, next_id, one_day)
    given.sell_a_class(organization_id, next_id, one_day)
    prices.lower(organization_id, next_id, one_day)
    prices.sell_on_paper(organization_id, next_id, one_day)
    return held


def _today(story: HouseStory, held: HouseSecrets) -> bool:
    """Put today's event on when none is on now; says whether it did."""
    organization_id = organization_id_of(story.slug)
    with scope(organization_id, SEEDER, reason="the demo's day begins"):
        if on_now() is not None:
            return False
        organization = db.session.scalars(select(Organization)).one()
        venue = rows(Venue).filter(Venue.name == story.venue).one()
        today = now().astimezone(ZoneInfo(venue.timezone)).date()
        event = put_on(organization, venue, story.today, story.nature, today, 1, story.types)
        pair_all(event, held)
        types = {name: one.id for name, one in types_by_name(event).items()}
        commit()
        event_id = event.id
    clerk = drawers.person(organization_id, "box_office")
    for told in story.types:
        if told.sold:
            sell(organization_id, clerk, event_id, types[told.name], told.sold)
    given.give(organization_id, event_id, types[story.types[0].name])
    return True


def on_now() -> Event | None:
    """Return the event that is on at this moment, if there is one."""
    statement = (
        select(Event)
        .join(Day, Day.event_id == Event.id)
        .where(Day.doors_at <= now(), Day.ends_at > now())
        .order_by(Day.doors_at.desc())
    )
    return db.session.scalars(statement).first()
