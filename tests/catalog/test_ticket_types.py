"""Ticket types and their capacity: prices as typed, pools by day, and never more than the zones hold."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from tests.catalog.places import Place, event, sold, typed
from tests.conftest import Database
from tests.personas import Personas
from voelgoed.catalog.event import Day
from voelgoed.catalog.ticket_type import Pool, TicketType, TypePool, TypeZone
from voelgoed.catalog.venue import Zone
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows


def test_a_type_is_made_with_its_capacity(personas: Personas) -> None:
    here = event(personas)
    made = typed(here, price_cents="R 1 350,50", sales_from="2027-01-01T08:00", reentry="free",
                 zones=[str(here.ids["terrace"])])  # fmt: skip
    assert here.post("/events/{event}/types", **made).status_code == 303
    with personas.home.scope():
        found = rows(TicketType).one()
        assert (found.price_cents, found.vat_rate_bp, found.number, found.reentry) == (135050, 0, 1, "free")
        assert found.sales_from == datetime(2027, 1, 1, 6, tzinfo=UTC)
        assert rows(Pool).one().capacity == 100
        assert rows(TypePool).one().pool_id == rows(Pool).one().id
        assert rows(TypeZone).one().zone_id == here.ids["terrace"]
    assert "R1\u2009350.50" in here.get("/events/{event}").text


@pytest.mark.parametrize(
    ("since", "until", "refused"),
    [("18:30", "20:00", ""), ("16:00", "20:00", ""), ("", "20:00", ""), ("20:00", "19:00", "valid_until"),
     ("", "16:00", "valid_until"), ("25:00", "", "valid_from")],
)  # fmt: skip
def test_a_type_lets_in_at_its_hours_or_is_refused(personas: Personas, since: str, until: str, refused: str) -> None:
    here = event(personas)
    answer = here.post("/events/{event}/types", **typed(here, valid_from=since, valid_until=until))
    assert answer.status_code == (422 if refused else 303)
    assert not refused or "would let nobody in" in answer.text or since == "25:00"
    with personas.home.scope():
        kept = [(one.valid_from, one.valid_until, one.validity) for one in rows(TicketType)]
    words = " ".join(filter(None, (since and f"from {since}", until and f"until {until}")))
    assert kept == ([] if refused else [(since or None, until or None, words)])


def test_a_name_is_an_events_once_and_a_number_never_again(personas: Personas) -> None:
    here = sold(personas)
    refused = here.post("/events/{event}/types", **typed(here, name="ADULT", capacity="1"))
    assert (refused.status_code, "Another type of this event" in refused.text) == (422, True)
    assert here.post("/events/{event}/types/{type}/archive").status_code == 303
    second = here.post("/events/{event}/types", **typed(here, name="Adult", shared="Adult", capacity=""))
    assert second.status_code == 303
    with personas.home.scope():
        assert rows(TicketType).one().number == 2
    refused = here.post("/events/{event}/types/{type}/restore")
    assert (refused.status_code, "has this name" in refused.text) == (409, True)


def two_days(personas: Personas) -> tuple[Place, list[str]]:
    here = event(personas)
    here.post("/events/{event}/days", date="2027-03-07", doors="17:00", starts="18:00", ends="23:00")
    with personas.home.scope():
        return here, [str(one.id) for one in rows(Day).order_by(Day.date)]


def test_a_weekend_shares_the_pools_of_both_days(personas: Personas) -> None:
    here, days = two_days(personas)
    assert here.post("/events/{event}/types", **typed(here, name="Day", days=days)).status_code == 303
    weekend = typed(here, name="Weekend", days=days, shared="Day", capacity="")
    assert here.post("/events/{event}/types", **weekend).status_code == 303
    with personas.home.scope():
        assert (rows(Pool).count(), rows(TypePool).count()) == (2, 4)
    here.made(TicketType, "Weekend", "type")
    form = here.get("/events/{event}/types/{type}").text
    assert "with other types" in form
    assert here.post("/events/{event}/types/{type}", **weekend | {"price_cents": "600"}).status_code == 303
    here.made(Pool)
    assert "0 taken of 100" in here.get("/events/{event}/pools/{pool}").text
    assert here.post("/events/{event}/pools/{pool}", name="Day", capacity="120").status_code == 303


def test_a_day_is_given_and_taken_away_with_its_own_capacity(personas: Personas) -> None:
    here, days = two_days(personas)
    one = typed(here, days=days[:1])
    assert here.post("/events/{event}/types", **one).status_code == 303
    here.made(TicketType, "Adult", "type")
    assert here.post("/events/{event}/types/{type}", **one | {"days": days, "capacity": "80"}).status_code == 303
    with personas.home.scope():
        assert [pool.capacity for pool in rows(Pool)] == [80, 80]
    assert here.post("/events/{event}/types/{type}", **one | {"days": days[1:]}).status_code == 303
    with personas.home.scope():
        assert [str(pool.day_id) for pool in rows(Pool)] == days[1:]
    nothing = here.post("/events/{event}/types/{type}", **one | {"days": days, "capacity": ""})
    assert (nothing.status_code, "needed for the new day" in nothing.text) == (422, True)


def take(personas: Personas, bodies: int) -> None:
    with personas.home.scope():
        for pool in rows(Pool):
            pool.taken = bodies
        commit()


def test_a_capacity_is_never_below_what_is_taken(personas: Personas) -> None:
    here = sold(personas)
    take(personas, 40)
    for refused in (
        here.post("/events/{event}/types/{type}", **typed(here, capacity="39")),
        here.post("/events/{event}/pools/{pool}", name="Adult", capacity="39"),
    ):
        assert (refused.status_code, "More than that are sold" in refused.text) == (422, True)
    assert here.post("/events/{event}/types/{type}", **typed(here, capacity="40")).status_code == 303


def test_what_is_sold_keeps_its_day_and_its_bodies(personas: Personas) -> None:
    here, days = two_days(personas)
    here.post("/events/{event}/types", **typed(here, days=days))
    here.made(TicketType, "Adult", "type")
    take(personas, 1)
    refused = here.post("/events/{event}/types/{type}", **typed(here, days=days[:1]))
    assert (refused.status_code, "the type keeps it" in refused.text) == (422, True)
    refused = here.post("/events/{event}/types/{type}", **typed(here, days=days, bodies="2"))
    assert (refused.status_code, "Make another type" in refused.text) == (422, True)


def test_pools_of_a_zone_stay_within_its_number(personas: Personas) -> None:
    here = event(personas)
    terrace = [str(here.ids["terrace"])]
    first = typed(here, zones=terrace)
    assert here.post("/events/{event}/types", **first).status_code == 303
    over = here.post("/events/{event}/types", **typed(here, name="Child", capacity="21", zones=terrace))
    assert (over.status_code, "Terrace holds 120; the tickets for 2027-03-06 would come to 121" in over.text) == (
        422,
        True,
    )
    assert (
        here.post("/events/{event}/types", **typed(here, name="Child", capacity="20", zones=terrace)).status_code == 303
    )
    shrunk = here.post("/venues/{venue}/zones/{terrace}", name="Terrace", capacity="119", parent_id=here.ids["grounds"])
    assert (shrunk.status_code, "Terrace holds 119" in shrunk.text) == (422, True)
    with personas.home.scope():
        assert rows(Zone).get(here.ids["terrace"]).capacity == 120


def test_without_its_trigger_a_zone_would_be_oversold(personas: Personas, database: Database) -> None:
    here = sold(personas)
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER TABLE pool DISABLE TRIGGER zone_capacity")
    assert here.post("/events/{event}/pools/{pool}", name="Adult", capacity="501").status_code == 303


def test_two_capacities_at_once_do_not_come_to_more_than_the_zone(personas: Personas, database: Database) -> None:
    sold(personas)
    with personas.home.scope():
        pool = rows(Pool).one()
        key = (pool.organization_id, pool.event_id, pool.day_id)
    add = ("INSERT INTO pool (organization_id, id, event_id, day_id, name, capacity, taken)"
           " VALUES (%s, gen_random_uuid(), %s, %s, %s, 300, 0)")  # fmt: skip
    url = database.url("postgres")
    with psycopg.connect(url) as one, psycopg.connect(url) as other:
        one.execute(add, (*key, "one"))
        other.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(add, (*key, "other"))
        other.rollback()
        one.commit()
        with pytest.raises(psycopg.errors.CheckViolation, match="Oewerpark holds 500"):
            other.execute(add, (*key, "other"))


def test_a_vendors_prices_hold_vat(personas: Personas) -> None:
    settings = {"name": "Home", "timezone": "Africa/Johannesburg", "vat_vendor": "true", "vat_number": "4012345678"}
    assert personas.client().post("/home/settings", data=settings).status_code == 303
    here = event(personas)
    form = here.get("/events/{event}/types/new").text
    assert "15 %" in form
    here.post("/events/{event}/types", **typed(here, vat_rate_bp="1500"))
    with personas.home.scope():
        assert rows(TicketType).one().vat_rate_bp == 1500


def test_anothers_day_or_zone_is_not_found(personas: Personas) -> None:
    here, there = event(personas), event(personas, personas.abroad)
    assert here.post("/events/{event}/types", **typed(there)).status_code == 404
    foreign = typed(here, zones=[str(there.ids["terrace"])])
    assert here.post("/events/{event}/types", **foreign).status_code == 404
    with personas.home.scope():
        assert rows(TicketType).count() == 0
