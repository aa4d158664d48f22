"""A steward at the gate: pair, scan by camera, hand scanner and keyboard, and see what to do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Error, FloatRect, expect

from tests.personas import Personas
from tests.scanning.evening import Evening
from tests.scanning_page.conftest import Steward, offline
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import retire
from voelgoed.scanning.scan_page import ICONS
from voelgoed.scanning.verdict import BY_NAME
from voelgoed.ticketing.serial import serial
from voelgoed.ticketing.ticket import Ticket

pytestmark = pytest.mark.journey
Make = Callable[..., Steward]
AXE = Path(__file__).parents[1] / "vendor/axe.min.js"


def serial_of(evening: Evening) -> str:
    ticket_id, _ = evening.tickets()[0]
    with evening.house.scope():
        return rows(Ticket).get(ticket_id).serial


def sound(page: Steward) -> None:
    page.page.evaluate(AXE.read_text())
    found = page.page.evaluate("axe.run()")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def welcomed(phone: Steward) -> None:
    """Wait for a green; its words stay when it has left, however late this looks."""
    expect(phone.page.locator("#verdict-words")).to_have_text("Welcome")


def test_the_camera_lets_in_once_however_long_the_code_is_held(steward: Make, evening: Evening) -> None:
    phone = steward(evening.code())
    phone.start()
    welcomed(phone)
    expect(phone.page.locator("#verdict")).to_have_class("verdict go")
    expect(phone.page.locator("#verdict")).to_be_hidden()  # green leaves by itself
    phone.page.get_by_role("button", name="Last 20").click()
    expect(phone.page.locator("#history-list li")).to_have_count(1)
    assert phone.scans() == [("admitted", 1)]


def test_red_says_where_and_when_and_waits_for_a_tap(steward: Make, evening: Evening) -> None:
    phone, code = steward(), evening.code()
    evening.phone("North").scan(code)
    phone.start()
    phone.wedge(code)
    expect(phone.page.get_by_text("Just used")).to_be_visible()
    expect(phone.page.locator("#verdict-detail")).to_contain_text("Came in at North")
    expect(phone.page.locator("#verdict")).to_have_class("verdict stop")
    sound(phone)
    phone.page.get_by_role("button", name="Call supervisor").click()
    expect(phone.page.locator("#supervisor-words")).to_contain_text("In · South")
    phone.page.get_by_role("button", name="Back").click()
    phone.page.get_by_role("button", name="Next").click()
    expect(phone.page.locator("#verdict")).to_be_hidden()
    phone.page.route("**/api/v1/scans", lambda route: route.fulfill(status=404, json={}))
    phone.wedge(code)
    expect(phone.page.locator("#verdict-words")).to_have_text("Not judged")
    expect(phone.page.locator("#verdict-detail")).to_contain_text("The server refused this scan: nobody was let in")
    expect(phone.page.locator("#verdict")).to_have_class("verdict stop")


def test_greens_are_counted_and_the_way_out_is_a_switch(steward: Make, evening: Evening) -> None:
    phone, codes = steward(), [code for _, code in evening.tickets(quantity=3)]
    phone.start()
    for number, code in enumerate(codes, start=1):
        phone.wedge(code)
        expect(phone.page.locator("#verdict-run")).to_have_text(f"{number} in a row" if number > 1 else "")
        expect(phone.page.locator("#verdict-words")).to_have_text("Welcome")
    phone.page.locator("#verdict").click()
    phone.page.get_by_role("button", name="To out").click()
    expect(phone.page.locator("#where")).to_have_text("Out · South")
    phone.wedge(codes[0])
    expect(phone.page.locator("#verdict-words")).to_have_text("Goodbye")
    assert phone.scans() == [("admitted", 1), ("admitted", 2), ("admitted", 3), ("exited", 4)]


def test_a_serial_can_be_typed_and_a_wrong_one_opens_nothing(steward: Make, evening: Evening) -> None:
    phone = steward()
    phone.start()
    phone.type(serial_of(evening).lower())
    welcomed(phone)
    phone.page.locator("#verdict").click()
    phone.type("A-999999-99")
    expect(phone.page.get_by_text("A sign is wrong or missing")).to_be_visible()  # its check digits do not fit
    phone.page.get_by_role("textbox", name="Serial").fill(serial("A", 999999))
    phone.page.get_by_role("button", name="Scan it").click()
    expect(phone.page.get_by_text("Not a ticket of ours")).to_be_visible()
    assert len(phone.scans()) == 2


def test_without_network_and_bundle_nothing_is_judged_and_the_same_scan_is_asked_again(
    steward: Make, evening: Evening
) -> None:
    phone, code = steward(), evening.code()
    phone.page.route("**/events/*/bundle*", lambda route: route.abort())
    phone.start()
    expect(phone.page.locator("#network")).to_have_text("online")
    with offline(phone):
        expect(phone.page.get_by_text("No network: nothing is judged")).to_be_visible()
        phone.wedge(code)
        expect(phone.page.get_by_text("Not judged")).to_be_visible()
        phone.page.get_by_role("button", name="Next").click()
    expect(phone.page.locator("#network")).to_have_text("online")
    phone.wedge(code)
    welcomed(phone)
    assert phone.scans() == [("admitted", 1)]


def test_an_answer_that_was_lost_is_given_again(steward: Make, evening: Evening) -> None:
    phone, code = steward(), evening.code()
    phone.page.route("**/events/*/bundle*", lambda route: route.abort())  # able to judge by itself, it would not wait
    phone.start()
    lost = []

    def lose(route: object) -> None:
        lost.append(route.fetch().status)  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    phone.page.route("**/api/v1/scans", lose, times=1)
    phone.wedge(code)
    welcomed(phone)
    assert lost == [200]
    assert phone.scans() == [("admitted", 1)]


def test_the_sequence_survives_a_reload(steward: Make, evening: Evening) -> None:
    phone, codes = steward(), [code for _, code in evening.tickets(quantity=2)]
    phone.start()
    for code in codes:
        phone.wedge(code)
        welcomed(phone)
        phone.page.reload()
        phone.page.get_by_role("button", name="Start scanning").click()
    assert phone.scans() == [("admitted", 1), ("admitted", 2)]


def test_pairing_by_hand_says_what_is_wrong_and_keeps_no_code_in_the_address(steward: Make) -> None:
    phone = steward()
    phone.open("ABCD-EFGHJK")
    expect(phone.page.get_by_text("Ask for another code")).to_be_visible()
    assert "#" not in phone.page.url
    sound(phone)
    phone.page.get_by_role("textbox", name="Code").fill(phone.code().lower().replace("-", " "))
    phone.page.get_by_role("button", name="Afrikaans").click()
    expect(phone.page.get_by_role("heading", name="Koppel hierdie foon")).to_be_visible()
    phone.page.get_by_role("button", name="Koppel").click()
    expect(phone.page.get_by_role("heading", name="Tonight")).to_be_visible()
    sound(phone)


def test_a_steward_switches_language_and_hand_and_both_are_kept(steward: Make, evening: Evening) -> None:
    phone, code = steward(), evening.code()
    phone.start()
    phone.wedge(code)
    welcomed(phone)
    expect(phone.page.locator("#verdict")).to_be_hidden()
    phone.page.get_by_role("button", name="Phone").click()
    phone.page.get_by_role("button", name="Afrikaans").click()
    expect(phone.page.locator("#about-facts")).to_contain_text("Nog nie gestuur nie")
    phone.page.get_by_role("checkbox", name="In die linkerhand gehou").check()
    sound(phone)
    phone.wedge(code)  # a hand scanner is heard whatever is open or has the focus
    expect(phone.page.locator("#verdict-words")).to_have_text("Pas gebruik")
    expect(phone.page.locator("#about")).to_be_hidden()
    phone.page.get_by_role("button", name="Volgende").click()
    expect(phone.page.locator("#network")).to_have_text("aanlyn")
    boxes = [phone.page.locator(f"#{one}").bounding_box() or {} for one in ("direction", "about-open")]
    assert boxes[0]["x"] < boxes[1]["x"]
    phone.page.get_by_role("button", name="Tik").click()
    phone.page.evaluate("document.getElementById('serial').value = 'A-1'")
    phone.wedge(code)
    expect(phone.page.locator("#verdict-words")).to_have_text("Pas gebruik")
    assert phone.page.locator("#serial").input_value() == "A-1"
    phone.page.reload()
    expect(phone.page.get_by_role("button", name="Begin skandeer")).to_be_visible()
    assert phone.page.evaluate("[document.documentElement.lang, document.body.className]") == ["af", "phone left"]
    assert [verdict for verdict, _ in phone.scans()] == ["admitted", "duplicate", "duplicate"]


def test_a_code_pairs_nothing_in_another_organization(steward: Make) -> None:
    phone = steward()
    phone.open(phone.code(), slug="abroad")
    expect(phone.page.get_by_text("Ask for another code")).to_be_visible()


def test_a_retired_phone_forgets_itself(steward: Make, evening: Evening) -> None:
    phone = steward()
    phone.start()
    expect(phone.page.locator("#network")).to_have_text("online")
    with evening.house.scope():
        for device in rows(Device):
            retire(device)
        commit()
    with suppress(Error):  # a heartbeat may have told it before, and the page is on its way
        phone.wedge(evening.code())
    expect(phone.page.get_by_role("heading", name="Pair this phone")).to_be_visible()
    phone.page.wait_for_function("indexedDB.databases().then((all) => all.length === 1)")
    assert phone.scans() == []


@pytest.mark.parametrize(
    ("width", "height"),
    [(390, 844), *(pytest.param(*size, marks=pytest.mark.deep) for size in [(360, 640), (1440, 900)])],
)
def test_everything_fits_and_axe_finds_nothing(steward: Make, width: int, height: int) -> None:
    phone = steward(width=width, height=height)
    phone.start()
    expect(phone.page.get_by_text("Hold the code in the frame")).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("To out", "Type", "Last 20", "Phone"):
        within_a_thumb(phone.page.get_by_role("button", name=name).bounding_box(), height)
    sound(phone)
    phone.page.get_by_role("button", name="Phone").click()
    for box in phone.page.evaluate(CONTROLS):
        assert box["height"] >= 48, box
    phone.page.keyboard.press("Escape")
    phone.wedge("VG1.NONSENSE")
    for name in ("Next", "Call supervisor"):
        within_a_thumb(phone.page.get_by_role("button", name=name).bounding_box(), height)


CONTROLS = """() => [...document.querySelectorAll("dialog[open] :is(button, select, label.check)")]
    .filter((one) => one.checkVisibility())
    .map((one) => ({ height: one.getBoundingClientRect().height, says: one.textContent.trim() }))"""


def within_a_thumb(box: FloatRect | None, height: int) -> None:
    """See that a control is large enough, and in the lower third, which the thumb of the holding hand reaches."""
    assert box is not None
    assert min(box["width"], box["height"]) >= 48
    assert height * 2 / 3 <= box["y"] <= height - box["height"]


def test_the_shell_is_public_and_carries_no_cookie(personas: Personas, client: FlaskClient) -> None:
    answer = client.get("/home/scan/")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    assert client.get("/nowhere/scan/").status_code == 404


def test_every_verdict_has_its_picture() -> None:
    assert ICONS.keys() == BY_NAME.keys()
