"""What a phone has said stays: full storage, two tabs, a killed page, a clock that is set, a new version."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Error, expect

from tests.scanning.evening import Evening
from tests.scanning_page.conftest import Steward, offline, ready, said
from tests.scanning_page.test_offline import recorded
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.scan import Scan

pytestmark = pytest.mark.journey
Make = Callable[..., Steward]
HOUR_BACK = "{ const real = Date.now; Date.now = () => real() - 3_600_000; }"
IN_THE_POCKET = "Object.defineProperty(document, 'hidden', { value: true, configurable: true })"


def unsent(phone: Steward, number: int) -> None:
    expect(phone.page.locator("#network")).to_have_text(f"this phone judges · {number} unsent")


FILL = """async () => {
    const asked = indexedDB.open("junk", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("junk", { autoIncrement: true });
    const base = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
    const put = (size) => new Promise((resolve, reject) => {
        const work = base.transaction("junk", "readwrite");
        work.objectStore("junk").put(crypto.getRandomValues(new Uint8Array(size)));
        work.oncomplete = resolve;
        work.onabort = () => reject(work.error);
    });
    for (let size = 65536; size >= 16;) await put(size).catch(() => { size /= 2; });
    base.close();
}"""
EMPTY = """() => new Promise((resolve) => { indexedDB.deleteDatabase("junk").onsuccess = () => resolve(); })"""
ROOM = 12_000_000


@pytest.mark.deep
def test_a_full_storage_lets_nobody_in_and_says_so(steward: Make, evening: Evening) -> None:
    phone, (first, second) = steward(), [code for _, code in evening.tickets(quantity=2)]
    session = phone.page.context.new_cdp_session(phone.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": phone.address, "quotaSize": ROOM})
    phone.start()
    ready(phone, 2)
    with offline(phone):
        phone.wedge(first)
        said(phone, "Let in, offline")
        phone.page.evaluate(FILL)
        phone.wedge(second)
        expect(phone.page.locator("#verdict-detail")).to_contain_text("storage is full")
        said(phone, "Not judged")
        expect(phone.page.locator("#say")).to_contain_text("Storage is full")
        phone.wedge(second)
        said(phone, "Not judged")
        phone.page.evaluate(EMPTY)
        phone.wedge(second)  # nobody came in by it before
        said(phone, "Let in, offline")
        unsent(phone, 2)
    expect(phone.page.locator("#network")).to_have_text("online")
    assert recorded(evening) == [("offline_admitted", 1, True), ("offline_admitted", 2, True)]


def test_a_second_tab_waits_and_goes_on_when_the_first_is_killed(steward: Make, evening: Evening) -> None:
    phone, (first, second) = steward(), [code for _, code in evening.tickets(quantity=2)]
    phone.start()
    ready(phone, 2)
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    other = Steward(phone.page.context.new_page(), evening, phone.address)
    other.open()
    expect(other.page.get_by_role("heading", name="Open in another tab")).to_be_visible()
    expect(other.page.get_by_role("button", name="Start scanning")).to_be_hidden()
    for tab in (phone, other):
        tab.page.evaluate(HOUR_BACK)
    with offline(phone):
        phone.wedge(first)
        expect(phone.page.locator("#verdict-words")).to_have_text("Let in, offline")
        crash(phone)
        other.page.get_by_role("button", name="Start scanning").click()
        unsent(other, 1)
        for code, words in ((first, "Just used"), (second, "Let in, offline")):
            other.wedge(code)
            said(other, words)
    expect(other.page.locator("#network")).to_have_text("online")
    assert recorded(evening) == [
        ("offline_admitted", 1, True), ("duplicate", 2, True), ("offline_admitted", 3, True)
    ]  # fmt: skip
    with evening.house.scope():
        scans = {one.sequence: one for one in rows(Scan)}
    assert scans[1].clock_offset_ms < -3_500_000
    assert all(now() - one.effective_at < timedelta(minutes=10) for one in scans.values())


def crash(phone: Steward) -> None:
    """Kill the process of the page."""
    with phone.page.expect_event("crash"), suppress(Error):
        phone.page.goto("chrome://crash")
    phone.page.close()


@pytest.mark.deep
def test_a_new_version_takes_over_between_scans_and_what_waits_is_sent(
    steward: Make, evening: Evening, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, codes = steward(), [code for _, code in evening.tickets(quantity=2)]
    phone.page.route("**/scan-batches", lambda route: route.abort())
    phone.start()
    ready(phone, 2)
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    with offline(phone):
        phone.wedge(codes[0])
        said(phone, "Let in, offline")
    monkeypatch.setattr(app, "static_folder", newer(app, tmp_path))
    old = phone.page.evaluate("document.body.dataset.version")
    phone.page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
    phone.page.evaluate(
        """async () => {
            const found = await navigator.serviceWorker.getRegistration();
            for (let tries = 0; !found.waiting && tries < 600; tries += 1) {
                await new Promise((resolve) => { setTimeout(resolve, 50); });
            }
        }"""
    )
    phone.wedge(codes[1])
    expect(phone.page.locator("#verdict-words")).to_have_text("Welcome")
    assert phone.page.evaluate("document.body.dataset.version") == old
    phone.page.evaluate(IN_THE_POCKET)
    expect(phone.page.locator("body")).not_to_have_attribute("data-version", old)
    expect(phone.page.locator("#network")).to_contain_text("1 unsent")  # it goes on by itself
    assert phone.page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.version))") == [4]
    phone.page.unroute("**/scan-batches")
    phone.wedge(codes[0])
    said(phone, "Just used")
    expect(phone.page.locator("#network")).to_have_text("online")
    assert sorted(recorded(evening)) == [
        ("admitted", 2, False), ("duplicate", 3, True), ("offline_admitted", 1, True),
    ]  # fmt: skip


def newer(app: Flask, folder: Path) -> str:
    """Write another version of the page, whose database has one more store."""
    static = Path(str(app.static_folder))
    shutil.copytree(static, folder / "static")
    (folder / "templates").symlink_to(static.parent / "templates")
    schema = folder / "static/js/scan/schema.js"
    before = schema.read_text()
    after = before.replace("\n];", '\n  (base) => base.createObjectStore("newer"),\n];', 1)
    assert after != before
    schema.write_text(after)
    return str(folder / "static")
