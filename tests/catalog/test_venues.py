"""Venues, zones and gates: made, changed, put away, taken back; errors at their fields; nothing of others."""

from __future__ import annotations

from tests.catalog.places import VENUE, at, venue
from tests.personas import Personas
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.foundation.tenancy import rows


def test_a_manager_sets_up_a_venue_from_nothing(personas: Personas) -> None:
    here = at(personas)
    assert "No venue yet" in here.get("/venues").text
    here = venue(personas)
    shown = here.get("/venues/{venue}").text
    for words in ("Oewerpark", "12 Kerk Street", "Grounds", "500 people", "Terrace", "depth-1", "North"):
        assert words in shown
    assert "2 zones" in here.get("/venues").text


def test_each_form_shows_what_stands(personas: Personas) -> None:
    here = venue(personas)
    assert 'value="Oewerpark"' in here.get("/venues/{venue}/edit").text
    assert 'value="120"' in here.get("/venues/{venue}/zones/{terrace}").text
    assert 'value="North"' in here.get("/venues/{venue}/gates/{gate}").text
    for path in ("/venues/new", "/venues/{venue}/zones/new", "/venues/{venue}/gates/new"):
        assert here.get(path).status_code == 200


def test_changes_are_kept(personas: Personas) -> None:
    here = venue(personas)
    assert here.post("/venues/{venue}", **VENUE | {"name": "Die Oewer"}).status_code == 303
    assert here.post("/venues/{venue}/zones/{terrace}", name="Stoep", capacity="130").status_code == 303
    gate = {"name": "Noord", "from_id": str(here.ids["grounds"]), "into_id": str(here.ids["terrace"])}
    assert here.post("/venues/{venue}/gates/{gate}", **gate).status_code == 303
    with personas.home.scope():
        zone = rows(Zone).get(here.ids["terrace"])
        assert (rows(Venue).one().name, zone.name, zone.capacity, zone.parent_id) == ("Die Oewer", "Stoep", 130, None)
        assert rows(Gate).one().from_id == here.ids["grounds"]


def test_a_gate_leads_somewhere_else_and_a_zone_not_into_itself(personas: Personas) -> None:
    here = venue(personas)
    grounds, terrace = str(here.ids["grounds"]), str(here.ids["terrace"])
    gate = here.post("/venues/{venue}/gates", name="South", from_id=grounds, into_id=grounds)
    assert (gate.status_code, "from one place into another" in gate.text) == (422, True)
    circle = here.post("/venues/{venue}/zones/{grounds}", name="Grounds", capacity="500", parent_id=terrace)
    assert (circle.status_code, "cannot lie inside itself" in circle.text) == (422, True)


def test_what_is_put_away_is_found_again_and_its_name_may_be_taken(personas: Personas) -> None:
    here = venue(personas)
    refused = here.post("/venues/{venue}/zones/{grounds}/archive")
    assert (refused.status_code, "Gates lead into it" in refused.text) == (409, True)
    assert here.post("/venues/{venue}/gates/{gate}/archive").status_code == 303
    assert here.post("/venues/{venue}/zones/{terrace}/archive").status_code == 303
    assert "Take back" in here.get("/venues/{venue}").text
    assert here.post("/venues/{venue}/zones", name="Terrace", capacity="10").status_code == 303
    taken = here.post("/venues/{venue}/zones/{terrace}/restore")
    assert (taken.status_code, "Another zone of this venue has this name" in taken.text) == (409, True)
    assert here.post("/venues/{venue}/gates/{gate}/restore").status_code == 303
    assert here.post("/venues/{venue}/archive").status_code == 303
    assert "Take back" in here.get("/venues").text
    assert here.post("/venues/{venue}/restore").status_code == 303


def test_another_venues_zone_is_not_found_through_this_one(personas: Personas) -> None:
    here = venue(personas)
    here.post("/venues", **VENUE | {"name": "Skouterrein"})
    here.made(Venue, "Skouterrein", "other")
    assert here.get("/venues/{other}/zones/{terrace}").status_code == 404
    gate = here.post("/venues/{other}/gates", name="X", into_id=str(here.ids["terrace"]))
    assert gate.status_code == 404
    zone = here.post("/venues/{other}/zones", name="X", capacity="1", parent_id=str(here.ids["terrace"]))
    assert zone.status_code == 404


def test_a_gate_supervisor_sets_up_gates_and_nothing_else(personas: Personas) -> None:
    here = venue(personas)
    supervisor = personas.client("gate_supervisor")
    gate = {"name": "East", "into_id": str(here.ids["grounds"])}
    assert supervisor.get(here.path("/venues/{venue}/gates/new")).status_code == 200
    assert supervisor.post(here.path("/venues/{venue}/gates"), data=gate).status_code == 303
    assert supervisor.get(here.path("/venues/{venue}/zones/new")).status_code == 403
    assert supervisor.post("/home/venues", data=VENUE).status_code == 403
