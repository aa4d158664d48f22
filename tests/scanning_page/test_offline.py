"""A phone without network: it opens, judges, keeps what it said, and hands it in when the network is back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.scanning.evening import Evening, put_on
from tests.scanning.test_batches import work
from tests.scanning_page.conftest import Steward, offline, ready, said
from voelgoed.catalog.venue import Zone
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.batch import ScanBatch
from voelgoed.scanning.conflict import Conflict
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import retire
from voelgoed.scanning.scan import Scan
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.ticket import Ticket

pytestmark = pytest.mark.journey
Make = Callable[..., Steward]


def recorded(evening: Evening) -> list[tuple[str, int, bool]]:
    """Do the jobs, and return what the server has of each scan."""
    work(evening)
    with evening.house.scope():
        found = [(one.verdict, one.sequence, one.offline) for one in rows(Scan).order_by(Scan.sequence)]
        rollback()
        return found


def forged(code: str) -> str:
    return code[:-20] + ("A" if code[-20] != "A" else "B") + code[-19:]


def test_it_judges_what_it_knows_keeps_it_across_a_reload_and_hands_it_in(steward: Make, evening: Evening) -> None:
    phone = steward()
    (adult, adult_code), (void, void_code) = evening.tickets(quantity=2)
    family = evening.code("Family")
    with evening.house.scope("manager"):
        void_ticket(rows(Ticket).get(void), "lost", limited=False)
        serial = rows(Ticket).get(adult).serial
        commit()
    elsewhere = put_on(evening.app, evening.house, name="Next door").code()
    phone.start()
    ready(phone, 3)
    new = evening.code()  # sold after the bundle was made
    with offline(phone):
        expect(phone.page.locator("#network")).to_have_text("this phone judges")
        for code, words in (
            (adult_code, "Let in, offline"), (adult_code, "Just used"), (family, "Let in, offline"),
            (void_code, "Void ticket"), (forged(new), "Forged"), ("VG1.HELLO", "Not a ticket of ours"),
            (elsewhere, "Another event"), (new, "Let in, offline"), (new, "Just used"),
        ):  # fmt: skip
            phone.wedge(code)
            said(phone, words)
        phone.type(serial.lower())
        said(phone, "Just used")
        expect(phone.page.locator("#network")).to_have_text("this phone judges · 10 unsent")
        phone.page.reload()  # the page itself comes from the phone
        phone.page.get_by_role("button", name="Start scanning").click()
        expect(phone.page.locator("#network")).to_have_text("this phone judges · 10 unsent")
        phone.wedge(family)
        said(phone, "Just used")
    expect(phone.page.locator("#network")).to_have_text("online")
    assert recorded(evening) == [
        (verdict, number, True) for number, verdict in enumerate(
            ("offline_admitted", "duplicate", "offline_admitted", "void", "forged", "unknown_code", "wrong_event",
             "offline_admitted", "duplicate", "duplicate", "duplicate"), start=1)
    ]  # fmt: skip
    phone.wedge(adult_code)  # the phone knows better than the server, until the bundle says what became of it
    said(phone, "Just used")
    expect(phone.page.locator("#network")).to_have_text("online")
    assert recorded(evening)[-1] == ("duplicate", 12, True)


def test_it_opens_from_cold_without_network_and_knows_whom_the_server_let_in(steward: Make, evening: Evening) -> None:
    phone, (first, code) = steward(), [code for _, code in evening.tickets(quantity=2)]
    phone.start()
    ready(phone, 2)
    phone.wedge(first)
    said(phone, "Welcome")  # long before the next bundle
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    session = phone.page.context.new_cdp_session(phone.page)
    lacks = {one["errorId"] for one in session.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert lacks <= {"in-incognito"}  # it can be installed
    context = phone.page.context
    phone.page.close()
    context.set_offline(True)
    phone.page = context.new_page()
    phone.open()
    phone.page.get_by_role("button", name="Start scanning").click()
    for again, words in ((first, "Just used"), (code, "Let in, offline")):
        phone.wedge(again)
        said(phone, words)
    assert phone.page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Atkinson'))")
    context.set_offline(False)
    expect(phone.page.locator("#network")).to_have_text("online")
    assert recorded(evening) == [("admitted", 1, False), ("duplicate", 2, True), ("offline_admitted", 3, True)]


def test_without_network_a_zone_is_full_by_the_last_count_and_what_this_phone_did_since(
    steward: Make, evening: Evening
) -> None:
    phone, codes = steward(), [code for _, code in evening.tickets(quantity=4)]
    with evening.house.scope("manager"):
        rows(Zone).get(evening.zones["Lawn"]).capacity = 2
        commit()
    phone.start()
    ready(phone, 4)
    phone.wedge(codes[0])
    said(phone, "Welcome")
    with phone.page.expect_response("**/devices/heartbeat") as heard:
        phone.page.evaluate("dispatchEvent(new Event('online'))")
    lawn = next(one for one in heard.value.json()["occupancy"]["zones"] if one["id"] == str(evening.zones["Lawn"]))
    assert lawn == {"id": str(evening.zones["Lawn"]), "bodies": 1, "capacity": 2}
    with offline(phone):
        phone.wedge(codes[1])
        said(phone, "Let in, offline")
        phone.wedge(codes[2])
        expect(phone.page.locator("#verdict-detail")).to_contain_text("By the count of")
        said(phone, "Zone is full")
        phone.page.reload()
        phone.page.get_by_role("button", name="Start scanning").click()
        ready(phone, 4)
        phone.wedge(codes[3])
        said(phone, "Zone is full")
        phone.page.locator("#direction").click()
        phone.wedge(codes[1])
        said(phone, "Goodbye")
        phone.page.locator("#direction").click()
        phone.wedge(codes[3])
        said(phone, "Let in, offline")
    expect(phone.page.locator("#network")).to_have_text("online")
    assert [one[0] for one in recorded(evening)] == [
        "admitted", "offline_admitted", "zone_full", "zone_full", "exited", "offline_admitted",
    ]  # fmt: skip


def test_a_slow_server_is_not_waited_for_and_its_answer_and_the_phones_are_one_scan(
    steward: Make, evening: Evening
) -> None:
    phone, code = steward(patience=800), evening.code()
    phone.start()
    ready(phone, 1)
    seen, held = [], []

    def late(route: Any) -> None:
        seen.append(route.fetch().json()["verdict"])  # the server has judged; its answer is long on its way
        held.append(route)

    phone.page.route("**/api/v1/scans", late, times=1)
    phone.wedge(code)
    said(phone, "Let in, offline")
    held[0].abort()
    expect(phone.page.locator("#network")).to_have_text("online")
    assert seen == ["admitted"]
    assert recorded(evening) == [("admitted", 1, False)]


def test_the_same_ticket_on_two_phones_without_network_is_one_conflict_that_a_supervisor_closes(
    steward: Make, evening: Evening, desk: Callable[..., Page]
) -> None:
    south, north, code = steward(), steward(), evening.code()
    for phone, gate in ((south, "South"), (north, "North")):
        phone.start(gate=gate)
        ready(phone, 1)
    for phone in (south, north):
        phone.page.context.set_offline(True)
        phone.wedge(code)
        said(phone, "Let in, offline")
    for phone in (north, south):
        phone.page.context.set_offline(False)
        expect(phone.page.locator("#network")).to_have_text("online")
    work(evening)
    with evening.house.scope():
        conflict = rows(Conflict).one()
        admitted = conflict.evidence["admitted_by"]
        named = {*admitted, str(rows(Scan).get(conflict.scan_id).device_id)}
        assert named == {str(one.id) for one in rows(Device)}
        rollback()
    screen = desk(f"events/{evening.event_id}/conflicts")
    for name in ("phone at South", "phone at North"):
        expect(screen.locator(".group")).to_contain_text(name)
    screen.locator(".group [name=reason]").fill("Two phones, one copy: sent to the box office")
    screen.get_by_role("button", name="Close 1 conflict").click()
    expect(screen.locator(".group")).to_have_count(0)
    screen.locator("summary", has_text="closed").click()
    expect(screen.get_by_text("Two phones, one copy")).to_be_visible()
    with evening.house.scope():
        assert rows(Conflict).count() == 1


def test_a_phone_taken_out_of_service_hands_in_its_scans_and_forgets(steward: Make, evening: Evening) -> None:
    phone, code = steward(), evening.code()
    phone.start()
    ready(phone, 1)
    with offline(phone):
        phone.wedge(code)
        said(phone, "Let in, offline")
        with evening.house.scope():
            retire(rows(Device).one())
            commit()
    expect(phone.page.get_by_role("heading", name="Pair this phone")).to_be_visible()
    kept = """async () => {
        const asked = indexedDB.open("scan:home");
        const base = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
        const all = [];
        for (const store of base.objectStoreNames) {
            const found = base.transaction(store).objectStore(store).count();
            all.push(await new Promise((resolve) => { found.onsuccess = () => resolve(found.result); }));
        }
        return all;
    }"""
    assert phone.page.evaluate(kept) == [0, 0, 1, 0]  # but for a new seal
    with evening.house.scope():
        assert [(one.state, one.total) for one in rows(ScanBatch)] == [("quarantined", 1)]
