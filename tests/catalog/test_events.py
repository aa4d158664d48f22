"""Events and their days: put on, changed, copied; times as the venue's clock shows them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from tests.catalog.places import EVENT, VENUE, at, event, sold, typed, venue
from tests.personas import Personas
from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.local_time import NoSuchTime, shifted, to_utc
from voelgoed.catalog.ticket_type import Pool, TicketType, TypeZone
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.tenancy import rows


def test_an_event_is_put_on_with_its_first_day_as_one_change(personas: Personas) -> None:
    here = event(personas)
    with personas.home.scope():
        day = rows(Day).one()
        assert day.doors_at == datetime(2027, 3, 6, 15, tzinfo=UTC)
        assert (day.ends_at, day.number) == (datetime(2027, 3, 7, tzinfo=UTC), 0)
    shown = here.get("/events/{event}").text
    for words in ("Somernagte", "Oewerpark", "Doors 17:00", "start 18:00", "end 02:00", "Still needed: a ticket type"):
        assert words in shown, words
    assert "Sat 6 Mar 18:00" in here.get("/events").text


def test_the_lists_teach_when_they_are_empty(personas: Personas) -> None:
    here = at(personas)
    assert "First a venue" in here.get("/events").text
    assert "First a venue" in here.get("/events/new").text
    here = venue(personas)
    assert "No event to come" in here.get("/events").text
    assert "An owner or manager puts" in at(personas, "box_office").get("/events").text


def test_the_home_page_leads_through_the_steps(personas: Personas) -> None:
    here = at(personas)
    assert "Begin<span" in here.get("/").text
    assert "/home/venues/new" in here.get("/").text
    assert "till can sell" not in at(personas, "box_office").get("/").text
    sold(personas)
    assert "Begin<span" not in here.get("/").text


def test_a_venue_of_another_organization_is_not_found(personas: Personas) -> None:
    here, there = venue(personas), venue(personas, personas.abroad)
    assert here.post("/events", venue_id=str(there.ids["venue"]), **EVENT).status_code == 404


def test_days_follow_at_the_same_times_and_no_two_on_one_date(personas: Personas) -> None:
    here = event(personas)
    form = here.get("/events/{event}/days/new").text
    assert 'value="2027-03-07"' in form
    second = {"date": "2027-03-07", "doors": "17:00", "starts": "18:00", "ends": "23:00"}
    assert here.post("/events/{event}/days", **second).status_code == 303
    again = here.post("/events/{event}/days", **second)
    assert (again.status_code, "on this date already" in again.text) == (422, True)
    here.made(Day)
    assert here.post("/events/{event}/days/{day}", **second | {"ends": "22:30"}).status_code == 303
    with personas.home.scope():
        assert rows(Day).get(here.ids["day"]).ends_at == datetime(2027, 3, 7, 20, 30, tzinfo=UTC)
    assert here.post("/events/{event}/days/{day}/removal").status_code == 303
    with personas.home.scope():
        assert rows(Day).count() == 1


def test_an_event_has_at_most_sixteen_days(personas: Personas) -> None:
    here = event(personas)
    times = {"doors": "17:00", "starts": "18:00", "ends": "23:00"}
    for number in range(7, 22):
        assert here.post("/events/{event}/days", date=f"2027-03-{number:02d}", **times).status_code == 303
    refused = here.post("/events/{event}/days", date="2027-03-22", **times)
    assert (refused.status_code, "at most 16 days" in refused.text) == (422, True)


def test_a_day_with_places_on_sale_stays(personas: Personas) -> None:
    here = sold(personas)
    refused = here.post("/events/{event}/days/{day}/removal")
    assert (refused.status_code, "has to stay" in refused.text) == (422, True)


def test_a_copy_has_the_same_days_and_types_and_nothing_sold(personas: Personas) -> None:
    here = event(personas)
    second = {"date": "2027-03-07", "doors": "12:00", "starts": "13:00", "ends": "23:00"}
    here.post("/events/{event}/days", **second)
    with personas.home.scope():
        days = [str(one.id) for one in rows(Day).order_by(Day.number)]
    weekend = typed(here, days=days, zones=[str(here.ids["terrace"])], capacity="50", sales_from="2027-01-01T09:00")
    assert here.post("/events/{event}/types", **weekend).status_code == 303
    assert 'value="2027-03-13"' in here.get("/events/{event}/copy").text
    assert here.post("/events/{event}/copy", name="Somernagte II", date="2027-04-03").status_code == 303
    with personas.home.scope():
        copy = rows(Event).filter_by(name="Somernagte II").one()
        found = rows(Day).filter_by(event_id=copy.id).order_by(Day.number).all()
        assert [one.date for one in found] == [date(2027, 4, 3), date(2027, 4, 4)]
        assert found[1].doors_at == datetime(2027, 4, 4, 10, tzinfo=UTC)
        pools = rows(Pool).filter_by(event_id=copy.id).all()
        assert [(one.capacity, one.taken) for one in pools] == [(50, 0), (50, 0)]
        type_ = rows(TicketType).filter_by(event_id=copy.id).one()
        assert type_.sales_from == datetime(2027, 1, 29, 7, tzinfo=UTC)
        assert rows(TypeZone).filter_by(ticket_type_id=type_.id).one().zone_id == here.ids["terrace"]


def test_an_event_is_put_away_and_taken_back(personas: Personas) -> None:
    here = event(personas)
    assert here.post("/events/{event}/archive").status_code == 303
    assert "nothing of it is sold" in here.get("/events/{event}").text
    assert "Put away" in here.get("/events").text
    assert here.post("/events/{event}/restore").status_code == 303
    changed = {"name": "Winternagte", "conditions": "Geen\r\nvure"}
    assert here.post("/events/{event}", **changed).status_code == 303
    with personas.home.scope():
        found = rows(Event).one()
        assert (found.name, found.conditions, found.on_sale, found.nature) == ("Winternagte", "Geen\nvure", False, None)


def test_a_day_or_type_is_found_only_through_its_own_event(personas: Personas) -> None:
    here = sold(personas)
    assert here.post("/events", venue_id=str(here.ids["venue"]), **EVENT | {"name": "Other"}).status_code == 303
    here.made(Event, "Other", "other")
    for path in ("days/{day}", "types/{type}", "pools/{pool}"):
        assert here.get("/events/{other}/" + path).status_code == 404
        assert here.post("/events/{other}/" + path, name="x").status_code == 404


def test_times_over_changes_of_the_clock() -> None:
    london = "Europe/London"
    with pytest.raises(NoSuchTime):
        to_utc(date(2027, 3, 28), time(1, 30), london)
    assert to_utc(date(2027, 10, 31), time(1, 30), london) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    week_before = to_utc(date(2027, 3, 21), time(18), london)
    assert shifted(week_before, 7, london) == datetime(2027, 3, 28, 17, tzinfo=UTC)


def test_a_time_that_the_clock_leaps_over_is_said_at_its_field(personas: Personas) -> None:
    here = at(personas)
    here.post("/venues", **VENUE | {"timezone": "Europe/London"})
    here.made(Venue)
    late = EVENT | {"date": "2027-03-27", "doors": "20:00", "starts": "21:00", "ends": "01:30"}
    refused = here.post("/events", venue_id=str(here.ids["venue"]), **late)
    assert (refused.status_code, "the clock is put forward" in refused.text) == (422, True)
