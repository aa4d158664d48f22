"""A phone that gets no network any more shows its unsent scans as QR codes, and a supervisor's camera takes them in."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.scanning.evening import Evening
from tests.scanning_page.conftest import Steward, held_up, ready, said
from tests.scanning_page.test_offline import recorded

pytestmark = pytest.mark.journey
Make = Callable[..., Steward]
SEED = 5
GATHER = """async () => {
    const { Gathered, cut, isFrame } = await import("/static/js/scan/frames.js");
    const words = "é".repeat(479) + "{}".repeat(600) + "\\n.end";
    const codes = cut(words, "00c0ffee");
    const [there, said] = [new Gathered(), []];
    for (const code of [...codes].reverse()) said.push(there.add(code), there.add(code), there.words === words);
    const odd = ["VG1.ABC", "VGF.00c0ffee.9.4.x", "VGF.00c0ffee.4.4.x", "VGF.nothexad.0.1.x", "VGF.00c0ffee.0.4.", ""];
    const ignored = odd.map((code) => there.add(code));
    const whole = there.words === words;
    there.add("VGF.01234567.1.2.other");
    const other = [there.count, there.all, there.words];
    return { said, ignored, whole, other, frames: codes.every(isFrame), ticket: isFrame("VG1.A") };
}"""

FILMED = """() => new Promise((done) => {
    const look = () => (document.getElementById("video").currentTime > 2 ? done() : setTimeout(look, 100));
    look();
})"""


def test_codes_count_once_in_any_order_and_those_of_another_phone_begin_anew(steward: Make) -> None:
    phone = steward()
    phone.open()
    found = phone.page.evaluate(GATHER)
    news, repeats, whole = found["said"][::3], found["said"][1::3], found["said"][2::3]
    assert (set(news), set(repeats), whole[-1], any(whole[:-1])) == ({True}, {False}, True, False)
    assert (set(found["ignored"]), found["whole"]) == ({False}, True)
    assert found["other"] == [1, 2, None]
    assert (found["frames"], found["ticket"]) == (True, False)


def pictures(page: Page) -> list[bytes]:
    """Film each code that a phone shows, once."""
    seen: dict[str, bytes] = {}
    counted = page.locator("#codes-count")
    expect(counted).to_have_text(re.compile(r"^\d+ of \d+$"))
    every = int((counted.text_content() or "").rpartition(" ")[2])
    while len(seen) < every:
        words, drawn = page.evaluate(
            "[document.getElementById('codes-count').textContent, document.getElementById('codes-picture').toDataURL()]"
        )
        seen[words] = held_up(Image.open(io.BytesIO(base64.b64decode(drawn.partition(",")[2]))))
        expect(counted).not_to_have_text(words)
    return list(seen.values())


def test_a_supervisors_camera_takes_in_what_a_phone_shows(
    steward: Make, desk: Callable[..., Page], evening: Evening, wall: Path
) -> None:
    phone, codes = steward(), [code for _, code in evening.tickets(quantity=3)]
    phone.start()
    ready(phone, 3)
    phone.page.context.set_offline(True)
    for code in codes:
        phone.wedge(code)
        said(phone, "Let in, offline")
    phone.page.get_by_role("button", name="Phone").click()
    phone.page.get_by_role("button", name="Show it as codes").click()
    shown = pictures(phone.page)
    assert len(shown) > 3
    phone.page.get_by_role("button", name="Hold on").click()
    held = phone.page.locator("#codes-count").text_content() or ""
    phone.page.wait_for_timeout(800)
    expect(phone.page.locator("#codes-count")).to_have_text(held)
    order = shown * 3  # each comes by more than once, in no order
    Random(SEED).shuffle(order)
    phone.page.evaluate("document.getElementById('video').srcObject.getTracks().forEach((one) => one.stop())")
    wall.with_suffix(".next").write_bytes(b"".join(one * 12 for one in order))
    wall.with_suffix(".next").replace(wall)
    page = desk(f"events/{evening.event_id}/scan-files")
    page.get_by_role("button", name="Film the phone’s codes").click()
    expect(page.get_by_text("3 scans of phone at South are here")).to_be_visible(timeout=90_000)
    assert recorded(evening) == [("offline_admitted", number, True) for number in (1, 2, 3)]
    phone.page.keyboard.press("Escape")
    phone.page.keyboard.press("Escape")
    phone.page.context.set_offline(False)  # the network is back after all: the same scans are the same scans
    expect(phone.page.locator("#network")).to_have_text("online")
    assert recorded(evening) == [("offline_admitted", number, True) for number in (1, 2, 3)]
    assert [verdict for verdict, _ in phone.scans()] == ["offline_admitted"] * 3


def test_a_phone_that_sees_such_codes_scans_nothing(steward: Make, evening: Evening) -> None:
    phone = steward("VGF.00c0ffee.0.4.{}")
    phone.start()
    expect(phone.page.locator("#network")).to_have_text("online")
    phone.page.evaluate(FILMED)
    expect(phone.page.locator("#verdict")).to_be_hidden()
    assert phone.scans() == []
