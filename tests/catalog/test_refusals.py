"""What is typed wrongly in set-up: each said at its field, and nothing half made."""

from __future__ import annotations

import pytest

from tests.catalog.places import EVENT, VENUE, Place, typed
from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import Pool, TicketType
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.foundation.tenancy import rows


def counts(place: Place) -> list[int]:
    """Return how many rows of each kind there are."""
    with place.house.scope():
        return [rows(cls).count() for cls in (Venue, Zone, Gate, Event, Day, TicketType, Pool)]


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("/venues", VENUE, "Another venue has this name"),
        ("/venues", VENUE | {"name": "OEWERPARK"}, "Another venue has this name"),
        ("/venues", VENUE | {"name": "  "}, "This is needed"),
        ("/venues", VENUE | {"name": "x", "timezone": "Mars/Olympus"}, "A time zone like"),
        ("/venues", VENUE | {"name": "a\x07b"}, "One line of plain text"),
        ("/venues/{venue}/zones", {"name": "grounds", "capacity": "1"}, "Another zone of this venue"),
        ("/venues/{venue}/zones", {"name": "Lawn", "capacity": "-1"}, "At least 0"),
        ("/venues/{venue}/zones", {"name": "Lawn", "capacity": "many"}, "A whole number"),
        ("/venues/{venue}/zones", {"name": "Lawn", "capacity": "9" * 30}, "At most"),
        ("/venues/{venue}/gates", {"name": "South"}, "This is needed"),
        ("/venues/{venue}/gates", {"name": "South", "into_id": "x"}, "Choose one of the list"),
    ],
)
def test_a_wrong_place_is_said_at_its_field(place: Place, path: str, data: dict[str, str], words: str) -> None:
    before = counts(place)
    refused = place.post(path, **data)
    assert (refused.status_code, words in refused.text) == (422, True)
    assert counts(place) == before


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"date": "2027-02-30"}, "A date, like"),
        ({"date": "0001-01-01"}, "At least"),
        ({"doors": "25:00"}, "A time, like"),
        ({"starts": "16:00"}, "Doors open before the start"),
        ({"name": ""}, "This is needed"),
        ({"venue_id": "x"}, "Choose one of the list"),
        ({"organization_id": "x"}, "organization_id"),
    ],
)
def test_a_wrong_event_is_refused_and_nothing_half_made(place: Place, wrong: dict[str, str], words: str) -> None:
    before = counts(place)
    refused = place.post("/events", **{"venue_id": str(place.ids["venue"]), **EVENT, **wrong})
    assert refused.status_code == 422
    assert words in refused.text or words == "organization_id"
    assert counts(place) == before


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"price_cents": "cheap"}, "An amount like 350"),
        ({"price_cents": "350.5"}, "An amount like 350"),
        ({"price_cents": "-1"}, "An amount like 350"),
        ({"price_cents": "9999999"}, "At most"),
        ({"capacity": ""}, "This is needed"),
        ({"capacity": "501"}, "Oewerpark holds 500"),
        ({"bodies": "0"}, "At least 1"),
        ({"bodies": "201"}, "At most 200"),
        ({"per_checkout_max": "0"}, "At least 1"),
        ({"days": ""}, "This is needed"),
        ({"reentry": "maybe"}, "Choose one of the list"),
        ({"sales_from": "2027-02-01T08:00", "sales_until": "2027-01-01T08:00"}, "Sales end after they begin"),
        ({"name": ""}, "This is needed"),
        ({"shared": "Nothing", "capacity": ""}, "a capacity named Nothing"),
    ],
)
def test_a_wrong_type_is_said_at_its_field(place: Place, wrong: dict[str, str], words: str) -> None:
    before = counts(place)
    refused = place.post("/events/{event}/types", **{**typed(place, name="Child"), **wrong})
    assert (refused.status_code, words in refused.text) == (422, True)
    assert counts(place) == before
