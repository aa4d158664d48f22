"""A phone that gets no network any more: its scans leave as a file, and nothing on it or in that file names anybody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.personas import Personas
from tests.scanning.evening import Evening
from tests.scanning.test_scan_file import give
from tests.scanning_page.conftest import Steward, ready, said
from tests.scanning_page.test_offline import recorded
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.ticketing.ticket import Ticket

pytestmark = pytest.mark.journey
Make = Callable[..., Steward]
DUMP = """async () => {
    const plain = (_key, value) => {
        if (value instanceof ArrayBuffer) return String.fromCharCode(...new Uint8Array(value).slice(0, 100000));
        if (ArrayBuffer.isView(value)) return String.fromCharCode(...value);
        if (value instanceof CryptoKey) return `key, extractable: ${value.extractable}`;
        return value instanceof Map ? [...value] : value;
    };
    const all = {};
    for (const { name } of await indexedDB.databases()) {
        const asked = indexedDB.open(name);
        const base = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
        for (const store of base.objectStoreNames) {
            const found = base.transaction(store).objectStore(store).getAll();
            all[store] = await new Promise((resolve) => { found.onsuccess = () => resolve(found.result); });
        }
        base.close();
    }
    all.cached = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const asked of await cache.keys()) {
            const path = new URL(asked.url).pathname;
            const text = /\\.(wasm|woff2|png)$/.test(path) ? "" : await (await cache.match(asked)).text();
            all.cached.push([path, text]);
        }
    }
    all.kept = [{ ...localStorage }, { ...sessionStorage }, document.cookie];
    return JSON.stringify(all, plain);
}"""
"""Every storage that the page has: databases, caches, local and session storage, cookies."""


def test_unsent_scans_leave_as_a_file_and_nothing_kept_names_anybody(
    steward: Make, evening: Evening, personas: Personas, tmp_path: Path
) -> None:
    phone = steward()
    (ticket_id, code), (_, unsent), *_ = evening.tickets(quantity=3)
    with evening.house.scope("manager"):
        rows(Ticket).get(ticket_id).holder = "Thandiwe Mokoena"
        commit()
    phone.start()
    ready(phone, 3)
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.wedge(code)
    said(phone, "Welcome")
    phone.page.context.set_offline(True)
    phone.wedge(unsent)
    said(phone, "Let in, offline")
    phone.page.get_by_role("button", name="Phone").click()
    with phone.page.expect_download() as downloading:
        phone.page.get_by_role("button", name="Take out what is unsent: 1").click()
    expect(phone.page.get_by_text("The file is saved")).to_be_visible()
    file = tmp_path / "scans.json"
    downloading.value.save_as(file)

    dump = phone.page.evaluate(DUMP)
    assert "/home/scan/" in dump
    assert "extractable: false" in dump
    secrets = ("Thandiwe", "Mokoena", "35000", "350.00", str(ticket_id), ticket_id.hex)
    for place, text in (("kept", dump), ("file", file.read_text())):
        found = [one for one in (*secrets, code, code[4:60], unsent, unsent[20:60]) if one in text]
        assert (place, found) == (place, [])
    answer = give(personas.client("gate_supervisor"), evening, file.read_bytes())
    assert "1 scan of phone at South is here" in answer.text
    assert recorded(evening) == [("admitted", 1, False), ("offline_admitted", 2, True)]
    phone.page.keyboard.press("Escape")
    phone.page.context.set_offline(False)  # the network is back after all: the same scan is the same scan
    expect(phone.page.locator("#network")).to_have_text("online")
    assert recorded(evening) == [("admitted", 1, False), ("offline_admitted", 2, True)]
