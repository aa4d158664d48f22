"""Reading events through the API: by page, one with all that can be sold, and nothing of others."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask

from tests.catalog.places import EVENT, sold, typed
from tests.personas import Personas


def reader(app: Flask, personas: Personas, slug: str = "home") -> Any:
    """Return a function that asks the API with an owner's token."""
    client = personas.client() if slug == "home" else personas.outsider()
    shown = client.post(f"/{slug}/tokens", data={"label": "Shop", "role": "owner"}).text
    token = re.search(r"vgu_[\w-]+", shown)
    assert token
    return lambda path: app.test_client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token[0]}"})


def test_one_event_is_told_with_what_can_be_sold(app: Flask, personas: Personas) -> None:
    here = sold(personas)
    here.post("/events/{event}/types", **typed(here, name="Family", bodies="4", capacity="42", price_cents="1000"))
    told = reader(app, personas)(f"/events/{here.ids['event']}").json
    assert (told["name"], told["venue"], told["starts_at"]) == ("Somernagte", "Oewerpark", "2027-03-06T16:00:00Z")
    assert told["ends_at"] == "2027-03-07T00:00:00Z"
    assert [(one["name"], one["price_cents"], one["available"], one["on_sale"]) for one in told["ticket_types"]] == [
        ("Adult", 35000, 100, True), ("Family", 100000, 10, True),
    ]  # fmt: skip
    assert [(one["date"], one["doors_at"]) for one in told["days"]] == [("2027-03-06", "2027-03-06T15:00:00Z")]
    assert [one["name"] for one in told["gates"]] == ["North"]
    assert [(one["name"], one["capacity"]) for one in told["zones"]] == [("Grounds", 500), ("Terrace", 120)]


def test_the_list_is_read_by_pages_without_gap_or_repeat(app: Flask, personas: Personas) -> None:
    here = sold(personas)
    for number in range(4):
        here.post("/events", venue_id=str(here.ids["venue"]), **EVENT | {"name": f"Event {number}"})
    ask = reader(app, personas)
    names: list[str] = []
    path = "/events?limit=2"
    for _ in range(3):
        page = ask(path).json
        names += [one["name"] for one in page["items"]]
        path = f"/events?limit=2&after={page['next']}"
    assert names == ["Somernagte", "Event 0", "Event 1", "Event 2", "Event 3"]
    assert page["next"] is None


def test_outsiders_and_odd_questions_are_refused(app: Flask, personas: Personas) -> None:
    here = sold(personas)
    ask, outsider = reader(app, personas), reader(app, personas, "abroad")
    assert outsider(f"/events/{here.ids['event']}").status_code == 404
    assert outsider("/events").json["items"] == []
    for asked in ("limit=0", "limit=201", "limit=x", "after=x", "nonsense=1"):
        assert ask(f"/events?{asked}").status_code == 422, asked
    here.post("/events/{event}/archive")
    assert ask(f"/events/{here.ids['event']}").status_code == 404
