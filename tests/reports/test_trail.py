"""The trail's page: filters in the address, old → new in words, and only one's own field for some roles."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.catalog.places import Place, sold, typed
from tests.personas import Personas
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.reports import trail
from voelgoed.reports.trail import first_id
from voelgoed.reports.trail_pages import write_csv
from voelgoed.reports.wording import field_in_words, object_in_words


def words_of(html: str) -> str:
    """Return the words of a page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def changed(personas: Personas) -> Place:
    """An event whose type became dearer and a gate that was renamed."""
    here = sold(personas)
    here.post("/events/{event}/types/{type}", **typed(here, price_cents="380", sales_from="2027-01-01T08:00"))
    gate = {"name": "Noord", "into_id": str(here.ids["terrace"])}
    here.post("/venues/{venue}/gates/{gate}", **gate)
    return here


def test_an_objects_history_says_from_what_to_what_in_words(changed: Place) -> None:
    page = words_of(changed.get(f"/trail?object=ticket_type&id={changed.ids['type']}").text)
    assert "R350.00 R380.00" in page
    assert "sales from – Fri 1 Jan 2027 08:00" in page
    assert "manager of home" in page
    assert "most per sale 10" in page
    gate = words_of(changed.get(f"/trail?object=gate&id={changed.ids['gate']}").text)
    assert "into Grounds Terrace" in gate
    assert "name North Noord" in gate
    assert "R380.00" not in gate


def test_a_capacity_that_changed_is_told_and_what_was_taken_is_not(changed: Place) -> None:
    changed.post("/events/{event}/pools/{pool}", name="Adult", capacity="120")
    page = words_of(changed.get("/trail?object=pool").text)
    assert "capacity 100 120" in page
    assert "taken" not in page


def test_the_pages_of_things_lead_to_their_history(changed: Place) -> None:
    assert f"object=event&amp;id={changed.ids['event']}" in changed.get("/events/{event}").text
    assert f"object=gate&amp;id={changed.ids['gate']}" in changed.get("/venues/{venue}").text
    assert f"object=ticket_type&amp;id={changed.ids['type']}" in changed.get("/events/{event}/types/{type}").text


def test_filters_by_person_request_and_time(personas: Personas, changed: Place) -> None:
    owner, manager = personas.home.people["owner"], personas.home.people["manager"]
    assert "Venue Oewerpark" in words_of(changed.get(f"/trail?person={manager}&object=venue").text)
    assert "Oewerpark" not in changed.get(f"/trail?person={owner}&object=venue").text
    with personas.home.scope():
        entry = rows(AuditEntry).filter_by(object="gate", action="changed").one()
        request = entry.request
    page = words_of(changed.get(f"/trail?request={request}").text)
    assert "Gate Noord" in page
    assert "Ticket type Adult" not in page
    today = now().astimezone(ZoneInfo("Africa/Johannesburg")).date()  # the day of the house, not of the clock
    assert "Oewerpark" in changed.get(f"/trail?object=venue&since={today}&until={today}").text
    assert "Nothing fits" in changed.get(f"/trail?since={today + timedelta(days=2)}").text
    assert "Nothing fits" in changed.get(f"/trail?until={today - timedelta(days=2)}").text


def test_older_entries_are_reached_by_a_cursor_without_gap_or_repeat(
    changed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "PER_PAGE", 3)
    seen: list[str] = []
    path: str | None = "/home/trail"
    while path:
        page = changed.client.get(path).text
        seen += re.findall(r'<time datetime="([^"]+)"', page)
        following = re.search(r'href="(/home/trail\?before=[^"]+)"', page)
        path = following[1].replace("&amp;", "&") if following else None
    with changed.house.scope():
        assert len(seen) == rows(AuditEntry).count() > 6
    assert seen == sorted(seen, reverse=True)


def test_outsiders_see_their_own_trail_only(personas: Personas, changed: Place) -> None:
    outsider = personas.outsider()
    assert outsider.get("/home/trail").status_code == 404
    assert outsider.get("/home/trail.csv").status_code == 404
    for asked in ("", f"?id={changed.ids['type']}&object=ticket_type"):
        assert "Adult" not in outsider.get(f"/abroad/trail{asked}").text
        assert "Adult" not in outsider.get(f"/abroad/trail.csv{asked}").text


def test_some_roles_see_their_own_field_only(personas: Personas, changed: Place) -> None:
    supervisor = personas.client("gate_supervisor")
    page = words_of(supervisor.get("/home/trail").text)
    assert "Gate Noord" in page
    assert "R350.00" not in page
    assert "R350.00" not in words_of(supervisor.get("/home/trail?object=ticket_type").text)
    assert "R350.00" not in supervisor.get("/home/trail.csv?object=ticket_type").text
    accountant = words_of(personas.client("accountant").get("/home/trail").text)
    assert "R350.00" in accountant
    assert "Gate Noord" not in accountant
    assert personas.client("box_office").get("/home/trail").status_code == 403
    for role in ("owner", "auditor"):
        assert "Gate Noord" in words_of(personas.client(role).get("/home/trail").text)


def test_without_the_field_the_supervisor_would_see_prices(
    personas: Personas, changed: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(trail.FIELDS, "gate_supervisor", (*trail.FIELDS["gate_supervisor"], "ticket_type"))
    assert "R350.00" in words_of(personas.client("gate_supervisor").get("/home/trail").text)


def test_the_file_says_the_same_and_holds_no_formulas(personas: Personas, changed: Place) -> None:
    changed.post("/venues/{venue}/gates", name="=1+1", into_id=str(changed.ids["grounds"]))
    answer = changed.get("/trail.csv?object=gate")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="trail-home.csv"'
    lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert {"from": "North", "to": "Noord"}.items() <= next(
        one for one in lines if one["action"] == "changed" and one["field"] == "name"
    ).items()
    assert {one["to"] for one in lines if one["field"] == "name"} == {"North", "Noord", "'=1+1"}
    assert write_csv([]).decode("utf-8-sig").startswith("time (UTC),person")


@pytest.mark.parametrize("asked", ["id=x", "person=1", "since=soon", "before=%00", "since=0001-01-01", "nonsense=1"])
def test_an_odd_address_is_a_clear_refusal(personas: Personas, asked: str) -> None:
    client = personas.client()
    assert client.get(f"/home/trail?{asked}").status_code in (400, 422)
    assert client.get(f"/home/trail.csv?{asked}").status_code in (400, 422)


def test_an_empty_trail_of_a_kind_says_so(personas: Personas) -> None:
    assert "Nothing fits" in personas.client().get("/home/trail?object=venue").text


def test_words_of_fields_and_objects() -> None:
    assert [field_in_words(one) for one in ("price_cents", "sales_from", "vat_rate_bp", "zone_id")] == [
        "price", "sales from", "VAT rate", "zone",
    ]  # fmt: skip
    assert object_in_words("ticket_type") == "Ticket type"


def test_the_least_id_of_a_moment_parts_before_from_after() -> None:
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert first_id(moment) < first_id(moment + timedelta(milliseconds=1))
    assert first_id(moment).int >> 80 == int(moment.timestamp() * 1000)
