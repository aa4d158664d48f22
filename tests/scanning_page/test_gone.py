"""What leaves a phone, and when: its tickets at the event's end, all but sealed scans when it is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.scanning.evening import Evening
from tests.scanning_page.conftest import Steward, offline, ready, said
from tests.scanning_page.test_offline import recorded
from voelgoed.catalog.event import Day
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.batch import ScanBatch
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import retire

pytestmark = [pytest.mark.journey, pytest.mark.deep]
Make = Callable[..., Steward]
BATCHES = "**/api/v1/scan-batches"
KEPT = """async () => {
    const asked = indexedDB.open("scan:home");
    const base = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
    const all = {};
    for (const store of base.objectStoreNames) {
        const found = base.transaction(store).objectStore(store)[store === "phone" ? "getAllKeys" : "count"]();
        all[store] = await new Promise((resolve) => { found.onsuccess = () => resolve(found.result); });
    }
    const found = base.transaction("phone").objectStore("phone").get("phone");
    all.who = await new Promise((resolve) => { found.onsuccess = () => resolve(JSON.stringify(found.result)); });
    return all;
}"""


def kept(phone: Steward) -> Any:
    return phone.page.evaluate(KEPT)


def left_with_one_unsent(steward: Make, evening: Evening) -> Steward:
    """Return a phone that has let one in by itself, and cannot hand it in."""
    phone, (first, second) = steward(), [code for _, code in evening.tickets(quantity=2)]
    phone.page.route(BATCHES, lambda route: route.abort())
    phone.start()
    ready(phone, 2)
    phone.wedge(first)
    said(phone, "Welcome")
    with offline(phone):
        phone.wedge(second)
        said(phone, "Let in, offline")
    return phone


def test_at_the_events_end_its_tickets_go_and_what_is_unsent_stays(steward: Make, evening: Evening) -> None:
    phone = left_with_one_unsent(steward, evening)
    expect(phone.page.locator("#network")).to_have_text("online · 1 unsent")
    assert (kept(phone)["bundle"], "last" in kept(phone)["phone"]) == (1, True)
    with evening.house.scope("manager"):
        day, hour = rows(Day).one(), timedelta(hours=1)
        day.doors_at, day.starts_at, day.ends_at = now() - 9 * hour, now() - 8 * hour, now() - hour / 60
        commit()
    phone.page.unroute(BATCHES)  # the end is seen before the next scans go out, or after: neither loses the other
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.locator("#say")).to_have_text("The event is over: this phone has forgotten its tickets.")
    expect(phone.page.locator("#network")).to_have_text("online")
    after = kept(phone)
    assert (after["bundle"], after["noted"], after["unanswered"], "last" in after["phone"]) == (0, 0, 0, False)
    assert recorded(evening) == [("admitted", 1, False), ("offline_admitted", 2, True)]


def test_a_lost_phone_keeps_its_sealed_scans_alone_until_they_are_answered(steward: Make, evening: Evening) -> None:
    phone = left_with_one_unsent(steward, evening)
    with evening.house.scope("gate_supervisor"):
        retire(rows(Device).one(), lost=True)
        commit()
    expect(phone.page.locator("#say")).to_contain_text("Out of service. Keep this page open")
    after = kept(phone)
    assert (after["bundle"], after["noted"], after["unanswered"]) == (0, 0, 1)
    assert "Tonight" not in after["who"]
    assert "South" not in after["who"]
    phone.page.unroute(BATCHES)
    expect(phone.page.get_by_role("heading", name="Pair this phone")).to_be_visible()
    gone = kept(phone)
    assert (gone["unanswered"], gone["phone"]) == (0, ["seal"])  # a new one
    with evening.house.scope():
        assert [(one.state, one.total) for one in rows(ScanBatch)] == [("quarantined", 1)]
