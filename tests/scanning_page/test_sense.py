"""What a steward sees, hears, feels and sets on the phone: told apart blind, and offered where the phone has it."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.scanning.evening import Evening
from tests.scanning_page.conftest import Steward
from voelgoed.scanning.verdict import BY_NAME

pytestmark = pytest.mark.journey
Make = Callable[..., Steward]
HEARD = """async (verdicts) => {
    const { TONES, SHAKES, kindOf, tone } = await import("/static/js/scan/sound.js");
    const heard = {};
    for (const [name, tones] of Object.entries(TONES)) {
        const context = new OfflineAudioContext(1, 44100, 44100);
        for (const [pitch, after, length, shape] of tones) tone(context, pitch, after, length, shape);
        const wave = (await context.startRendering()).getChannelData(0);
        const loud = wave.map(Math.abs);
        const bursts = [];
        let quiet = 4410;
        for (let at = 0; at < loud.length; at += 1) {
            if (loud[at] < 0.05) { quiet += 1; continue; }
            if (quiet > 400) bursts.push({ crossings: 0, samples: 0 });
            const last = bursts.at(-1);
            last.samples += quiet > 400 ? 1 : quiet + 1;
            quiet = 0;
        }
        heard[name] = { bursts: bursts.length, peak: Math.max(...loud), tones: tones.map(([pitch]) => pitch) };
    }
    return { heard, shakes: SHAKES, kinds: verdicts.map(([name, kind]) => kindOf(name, kind)) };
}"""
EQUIPPED = """{
    window.done = [];
    MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true, zoom: { min: 1, max: 5, step: 0.1 } });
    MediaStreamTrack.prototype.applyConstraints = async (what) => { window.done.push(what.advanced[0]); };
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = ({ video }) => {
        window.done.push(video.deviceId ?? "any");
        return ask({ video: true });
    };
    navigator.mediaDevices.enumerateDevices = () => Promise.resolve([
        { kind: "videoinput", deviceId: "back", label: "Back" }, { kind: "videoinput", deviceId: "wide", label: "" },
        { kind: "audioinput", deviceId: "x", label: "Microphone" },
    ]);
    navigator.getBattery = () => Promise.resolve({ level: 0.12 });
    navigator.storage.persist = () => Promise.resolve(false);
}"""


def test_each_kind_of_verdict_is_told_apart_without_being_seen(steward: Make) -> None:
    page = steward()
    page.open()
    said = page.page.evaluate(HEARD, [[one.name, one.kind] for one in BY_NAME.values()])
    assert set(said["kinds"]) == said["heard"].keys() == said["shakes"].keys()
    assert set(said["kinds"]) == {"admitted", "exited", "offline", "stop", "elsewhere"}
    assert all(one["peak"] > 0.3 for one in said["heard"].values())
    felt = {name: (len(one[::2]), max(one[::2])) for name, one in said["shakes"].items()}
    for one, other in itertools.combinations(felt, 2):
        (pulses, longest), (others, others_longest) = felt[one], felt[other]
        assert pulses != others or max(longest, others_longest) >= 2 * min(longest, others_longest), (one, other)
        heard, beside = said["heard"][one], said["heard"][other]
        ratio = [max(a, b) / min(a, b) for a, b in zip(heard["tones"], beside["tones"], strict=False)]
        assert len(heard["tones"]) != len(beside["tones"]) or max(ratio) > 1.9, (one, other)


def test_a_dead_network_is_left_alone_probed_and_taken_up_again(steward: Make) -> None:
    page = steward()
    page.open()
    said = page.page.evaluate(
        """async () => {
            const { Network } = await import("/static/js/scan/network.js");
            let now = 1000;
            performance.now = () => now;
            const [network, said] = [new Network(), []];
            const look = () => said.push(network.open);
            look(); network.failed(); look(); network.failed(); look();  // one failure is none; two are a dead network
            now += 4900; look(); now += 200; look();  // after five seconds it is tried again
            network.failed(); now += 5100; look(); now += 5000; look();  // then after ten
            network.answered(); look(); network.failed(); look();
            return said;
        }"""
    )
    assert said == [True, True, False, False, True, False, True, True, True]


LOCKS = """{
    window.locks = [];
    window.shown = "visible";
    Object.defineProperty(document, "visibilityState", { get: () => window.shown });
    navigator.wakeLock.request = async (kind) => {
        const lock = { kind, released: false };
        window.locks.push(lock);
        return lock;
    };
}"""
"""The browser's part: it gives a lock, and takes it away when the page is hidden or the battery is low."""
TURN = """(shown) => {
    window.shown = shown;
    if (shown === "hidden") window.locks.at(-1).released = true;
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_the_screen_is_kept_on_while_the_page_is_in_front(steward: Make) -> None:
    phone = steward()
    phone.page.add_init_script(LOCKS)
    phone.start()
    asked = phone.page.locator("#camera")
    expect(asked).to_be_visible()
    assert phone.page.evaluate("window.locks") == [{"kind": "screen", "released": False}]
    phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert phone.page.evaluate("window.locks.length") == 1  # it is held already
    phone.page.evaluate(TURN, "hidden")
    assert phone.page.evaluate("window.locks.length") == 1  # nobody looks
    phone.page.evaluate(TURN, "visible")
    assert phone.page.evaluate("window.locks.map((one) => one.released)") == [True, False]
    phone.page.evaluate("window.locks.at(-1).released = true")  # by a low battery
    phone.page.locator("#say").click()
    assert phone.page.evaluate("window.locks.map((one) => one.released)") == [True, True, False]


def test_torch_zoom_and_camera_are_offered_and_battery_and_storage_told(steward: Make, evening: Evening) -> None:
    phone = steward()
    phone.page.add_init_script(EQUIPPED)
    phone.open(phone.code())
    expect(phone.page.get_by_text("This browser may clear what it keeps")).to_be_visible()
    phone.page.get_by_role("button", name="Start scanning").click()
    phone.page.get_by_role("button", name="Torch").click()
    expect(phone.page.get_by_role("button", name="Torch")).to_have_attribute("aria-pressed", "true")
    phone.page.get_by_role("slider", name="Zoom").fill("3")
    expect(phone.page.locator("#facts")).to_contain_text("battery 12 %")
    expect(phone.page.locator("#facts")).to_have_class("facts low")
    expect(phone.page.locator("#advice")).to_have_text("Bright light: set the screen to its brightest")
    phone.page.get_by_role("button", name="Phone").click()
    phone.page.get_by_label("Camera", exact=True).select_option("Camera 2")
    expect(phone.page.locator("#about-facts")).to_contain_text("may be cleared by the browser")
    phone.page.get_by_label("Wait for the server").select_option("1.5 s")
    phone.page.wait_for_timeout(300)
    done = phone.page.evaluate("window.done")
    assert [one for one in done if one != "any"] == [{"torch": True}, {"zoom": 3}, {"ideal": "wide"}]
    assert phone.page.evaluate("[localStorage['scan:camera'], localStorage['scan:patience']]") == ["wide", "1500"]
