"""Outsiders find nothing of set-up by either address; lesser roles read it and change nothing."""

from __future__ import annotations

import pytest

from tests.catalog.places import Place
from voelgoed.catalog.venue import Zone
from voelgoed.foundation.tenancy import rows

EVENT_PAGES = ("/events/{event}", "/events/{event}/edit", "/events/{event}/copy", "/events/{event}/days/new",
       "/events/{event}/days/{day}", "/events/{event}/types/new", "/events/{event}/types/{type}",
       "/events/{event}/pools/{pool}")  # fmt: skip
EVENT_DEEDS = ("/events/{event}", "/events/{event}/archive", "/events/{event}/restore", "/events/{event}/copy",
        "/events/{event}/days", "/events/{event}/days/{day}", "/events/{event}/days/{day}/removal",
        "/events/{event}/types", "/events/{event}/types/{type}", "/events/{event}/types/{type}/archive",
        "/events/{event}/types/{type}/restore", "/events/{event}/pools/{pool}")  # fmt: skip


def test_outsiders_find_no_event_and_lesser_roles_change_none(place: Place) -> None:
    outsider = place.personas.outsider()
    for path in EVENT_PAGES:
        assert place.get(path).status_code == 200, path
        assert outsider.get(place.path(path)).status_code == 404, path
        assert outsider.get(place.path(path).replace("/home/", "/abroad/")).status_code == 404, path
    for path in EVENT_DEEDS:
        assert outsider.post(place.path(path)).status_code == 404, path
        assert outsider.post(place.path(path).replace("/home/", "/abroad/")).status_code == 404, path
        for role in ("box_office", "gate_supervisor", "accountant", "auditor"):
            assert place.personas.client(role).post(place.path(path)).status_code == 403, (role, path)
    assert place.personas.client("auditor").get(place.path("/events/{event}")).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/venues/{venue}", "/venues/{venue}/edit", "/venues/{venue}/zones/new", "/venues/{venue}/zones/{terrace}",
     "/venues/{venue}/gates/new", "/venues/{venue}/gates/{gate}"],
)  # fmt: skip
def test_outsiders_find_nothing_by_either_address(place: Place, path: str) -> None:
    outsider = place.personas.outsider()
    assert outsider.get(place.path(path)).status_code == 404
    assert outsider.get(place.path(path).replace("/home/", "/abroad/")).status_code == 404
    assert place.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/venues/{venue}", "/venues/{venue}/archive", "/venues/{venue}/restore", "/venues/{venue}/zones",
     "/venues/{venue}/zones/{terrace}", "/venues/{venue}/zones/{terrace}/archive", "/venues/{venue}/gates",
     "/venues/{venue}/gates/{gate}", "/venues/{venue}/gates/{gate}/archive"],
)  # fmt: skip
def test_outsiders_and_lesser_roles_change_nothing(place: Place, path: str) -> None:
    abroad = place.path(path).replace("/home/", "/abroad/")
    assert place.personas.outsider().post(place.path(path), data={"name": "Mine"}).status_code == 404
    assert place.personas.outsider().post(abroad, data={"name": "Mine", "capacity": "1"}).status_code == 404
    for role in ("box_office", "accountant", "auditor"):
        assert place.personas.client(role).post(place.path(path), data={"name": "Mine"}).status_code == 403
    with place.house.scope():
        assert not rows(Zone).including_archived().filter_by(name="Mine").count()
