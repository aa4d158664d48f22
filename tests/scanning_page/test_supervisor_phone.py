"""A supervisor at a steward's phone: by PIN online, by the day's code without network; looking; finding by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.scanning.by_code import day_code
from tests.scanning.evening import Evening
from tests.scanning.test_batches import work
from tests.scanning_page.conftest import Steward, offline, ready, said
from tests.selling.checking import violations
from tests.tills.people import give_pin
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.override import Override
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.undo import Undo
from voelgoed.ticketing.ticket import Ticket

pytestmark = pytest.mark.journey
Make = Callable[..., Steward]
STAFF, PIN = "71", "135790"
DUMP = """async () => {
  const said = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  for (const { name } of await indexedDB.databases()) {
    const base = await new Promise((done) => {
      const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result);
    });
    for (const store of base.objectStoreNames) {
      const all = await new Promise((done) => {
        const asked = base.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result);
      });
      said.push(JSON.stringify(all, (_, value) => (value instanceof Map ? [...value] : value)));
    }
    base.close();
  }
  return said.join("\\n");
}"""


def fill(phone: Steward, secret: str, reason: str = "Her child is inside", button: str = "Let in here") -> None:
    """Fill the supervisor's dialog in and decide."""
    for name, value in (("#staff-number", STAFF), ("#secret", secret), ("#why", reason)):
        phone.page.locator(name).fill(value)
    phone.page.get_by_role("button", name=button).click()


def refused(phone: Steward, code: str, words: str = "Just used") -> None:
    """Scan what is refused, and call the supervisor."""
    phone.wedge(code)
    expect(phone.page.locator("#verdict-words")).to_have_text(words)
    phone.page.get_by_role("button", name="Call supervisor").click()
    expect(phone.page.locator("#decide-fields")).to_be_visible()


def take_back(phone: Steward, secret: str) -> None:
    """Take the last admission back."""
    phone.page.get_by_role("button", name="Last 20").click()
    phone.page.get_by_role("button", name="Take back the last admission").click()
    fill(phone, secret, "Went to the wrong gate", "Take it back")
    expect(phone.page.locator("#supervisor")).to_be_hidden()


def facts(evening: Evening) -> tuple[int, int, int]:
    """Do the jobs; return overrides, undos and who is inside."""
    work(evening)
    assert violations() == {}
    with evening.house.scope():
        found = (rows(Override).count(), rows(Undo).count(), rows(Admission).filter_by(closed_at=None).count())
        rollback()
        return found


def test_without_network_the_days_code_opens_the_phone_for_one_deed(steward: Make, evening: Evening) -> None:
    code, phone, (one, other) = day_code(evening)[0], steward(), (evening.code(), evening.code())
    phone.start()
    ready(phone, 2)
    with offline(phone):
        for ticket in (one, other):
            phone.wedge(ticket)
            said(phone, "Let in, offline")
        refused(phone, one)
        expect(phone.page.locator("#secret-label")).to_have_text("The day's code")
        fill(phone, "ABCD-EFGH")
        expect(phone.page.locator("#decide-says")).to_have_text("That is not the day's code: 4 tries left.")
        fill(phone, code.lower())
        expect(phone.page.locator("#supervisor")).to_be_hidden()
        expect(phone.page.locator("#verdict")).to_be_hidden()
        take_back(phone, code)
        phone.wedge(other)
        said(phone, "Let in, offline")  # nothing stale says that it is inside
        phone.page.reload()
        phone.page.get_by_role("button", name="Start scanning").click()
        expect(phone.page.locator("#network")).to_have_text("this phone judges · 6 unsent")
        phone.wedge(other)
        said(phone, "Just used")
        refused(phone, one)
        for left in (4, 3, 2, 1, 0):
            fill(phone, "ABCD-EFGH")
            expect(phone.page.locator("#decide-says")).to_have_text(f"That is not the day's code: {left} tries left.")
        fill(phone, code)
        locked = "Five wrong tries: this phone takes no code until it has network."
        expect(phone.page.locator("#decide-says")).to_have_text(locked)
        assert code.replace("-", "") not in phone.page.evaluate(DUMP).replace("-", "")
        phone.page.locator("#supervisor").get_by_role("button", name="Back").click()
        phone.page.evaluate("document.getElementById('next').click()")
    expect(phone.page.locator("#network")).to_have_text("online")
    assert facts(evening) == (1, 1, 2)


def test_online_the_server_checks_the_pin_and_finds_by_name(steward: Make, evening: Evening) -> None:
    give_pin(evening.house, "gate_supervisor", STAFF, PIN)
    phone, ((ticket, one), (_, other)) = steward(), evening.tickets(quantity=2)
    with evening.house.scope():
        rows(Ticket).get(ticket).holder = "Naledi Khumalo"
        commit()
    phone.start()
    ready(phone, 2)
    phone.page.get_by_role("button", name="Type").click()
    phone.page.get_by_role("button", name="Find by name").click()
    for name, value in (("#find-name", "naledi"), ("#find-staff", STAFF), ("#find-pin", "000000")):
        phone.page.locator(name).fill(value)
    phone.page.get_by_role("button", name="Find", exact=True).click()
    expect(phone.page.locator("#find-says")).to_contain_text("do not fit")
    assert "Khumalo" not in phone.page.content()
    phone.page.locator("#find-pin").fill(PIN)
    phone.page.get_by_role("button", name="Find", exact=True).click()
    expect(phone.page.locator("#found")).to_contain_text("Naledi Khumalo")
    phone.page.locator("#found").get_by_role("button", name="Scan it").click()
    said(phone, "Welcome")
    assert "Khumalo" not in phone.page.content() + phone.page.evaluate(DUMP)
    take_back(phone, PIN)
    phone.wedge(one)
    said(phone, "Welcome")
    refused(phone, one)
    expect(phone.page.locator("#secret-label")).to_have_text("PIN")
    fill(phone, "000000")
    expect(phone.page.locator("#decide-says")).to_contain_text("do not fit")
    fill(phone, PIN)
    expect(phone.page.locator("#supervisor")).to_be_hidden()
    phone.wedge(other)
    said(phone, "Welcome")
    assert facts(evening) == (1, 1, 2)


def test_a_supervisors_phone_looks_and_records_nothing(steward: Make, evening: Evening) -> None:
    phone, code = steward(), evening.code()
    phone.start("supervisor")
    ready(phone, 1)
    banner = phone.page.locator("#looking")
    phone.page.get_by_role("button", name="Phone").click()
    phone.page.get_by_role("button", name="Look only: record nothing").click()
    expect(banner).to_be_visible()
    for _ in range(2):
        phone.wedge(code)
        expect(phone.page.locator("#verdict-where")).to_contain_text("Looking only: nothing is recorded")
        said(phone, "Welcome")
    with offline(phone):
        for _ in range(2):
            phone.wedge(code)
            expect(phone.page.locator("#verdict-where")).to_contain_text("Looking only: nothing is recorded")
            said(phone, "Let in, offline")
        expect(phone.page.locator("#network")).not_to_contain_text("unsent")
    phone.page.get_by_role("button", name="Record again").click()
    expect(banner).to_be_hidden()
    phone.page.evaluate("localStorage.setItem('scan:look', '300')")
    phone.page.get_by_role("button", name="Phone").click()
    phone.page.get_by_role("button", name="Look only: record nothing").click()
    expect(phone.page.locator("#about")).to_be_hidden()
    expect(banner).to_be_hidden()  # left by itself
    with evening.house.scope():
        assert rows(Scan).count() == 0
        rollback()
    phone.wedge(code)
    said(phone, "Welcome")
    assert [number for _, number in phone.scans()] == [1]
