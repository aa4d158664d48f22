"""The phone, in Chromium, its CPU throttled four times: from the frame that holds a code to the verdict on the screen.

A camera sees one code after another, with network and without; and the large event's bundle is loaded.
"""

from __future__ import annotations

import io
import itertools
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from benchmarks.figure import Figure
from benchmarks.stage import Stage

SLOWER = 4
SEEN = 10  # codes of one film
MEASURED = 5
NEEDED = 2 * SEEN
FRAMES = 60  # of a code, and as many of a white wall: the verdict has left the screen before the next code comes
PATIENCE = 120_000  # milliseconds
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
WATCH = """(() => {
  window.told = [];
  let frame = 0;
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (from, ...more) {
    if (this.canvas.width > 16) frame = performance.now(); // the smaller one only looks how bright it is
    return draw.call(this, from, ...more);
  };
  document.addEventListener("DOMContentLoaded", () => {
    const box = document.getElementById("verdict");
    let hidden = true;
    new MutationObserver(() => {
      if (hidden && !box.hidden) {
        const began = frame;
        const words = box.querySelector(".words").textContent;
        requestAnimationFrame(() => window.told.push([performance.now() - began, words]));
      }
      hidden = box.hidden;
    }).observe(box, { attributes: true });
  });
})()"""
LOAD = """async ([path, token]) => {
  const answer = await fetch(path, { headers: { Authorization: `Bearer ${token}` } });
  const text = await answer.text();
  const source = document.querySelector('script[src*="js/scan/main.js"]').src.replace("main.js", "bundle.js");
  const { Bundle } = await import(source);
  const began = performance.now();
  const bundle = await Bundle.from(JSON.parse(text), null);
  await bundle.find(new Uint8Array(16));
  return [performance.now() - began, bundle.count];
}"""


def figures(app: Any, stage: Stage, codes: list[str]) -> Iterator[Figure]:
    """Measure the verdicts with and without network, and the bundle."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        raise SystemExit("no Chromium: install one")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as room:
        for name, aim, seen in (("online", 150.0, codes[:SEEN]), ("offline", 100.0, codes[SEEN:NEEDED])):
            film = _film(seen, Path(room) / f"{name}.mjpeg")
            browser = playwright.chromium.launch(
                executable_path=chromium, args=[*FLAGS, f"--use-file-for-fake-video-capture={film}"]
            )
            context = browser.new_context(viewport={"width": 390, "height": 780}, permissions=["camera"])
            context.add_init_script(WATCH)
            page = _paired(context, app, stage, name)
            page.get_by_role("button", name="Start scanning").click()
            page.locator("#camera[data-tickets]:not([data-tickets='']):not([data-tickets='0'])").wait_for(
                timeout=PATIENCE
            )
            context.set_offline(name == "offline")
            told = _verdicts(page)
            took = [one[0] for one in told]
            words = ", ".join(sorted({one[1] for one in told}))
            more = f"the slowest of {len(took)}: {max(took):.0f} ms; said: {words}"
            title = f"frame to verdict, {name}, CPU throttled {SLOWER}x"
            yield Figure(title, median(took), "ms", aim, "ms aimed at", more)
            if name == "online":
                yield _load(page, stage)
            browser.close()


def _verdicts(page: Any) -> list[Any]:
    """Wait for the verdicts on codes seen from now on; the first also waits for the reader of codes to be loaded."""
    page.evaluate("window.told.length = 0")
    until = time.monotonic() + PATIENCE / 1000
    while len(told := page.evaluate("window.told")) <= MEASURED:
        if time.monotonic() > until:
            raise SystemExit(f"only {len(told)} verdicts of {MEASURED + 1} came")
        page.wait_for_timeout(500)
        page.evaluate("document.getElementById('next').click()")  # a red one stays until somebody has seen it
    return list(told[1 : MEASURED + 1])


def _load(page: Any, stage: Stage) -> Figure:
    device = stage.house["device_tokens"][0]
    path = f"/api/v1/events/{stage.event_id}/bundle"
    took, count = min(page.evaluate(LOAD, [path, device["token"]]) for _ in range(3))
    name = f"a bundle of {count:,} tickets loaded and indexed, CPU throttled {SLOWER}x"
    return Figure(name, took, "ms", 2000.0, "ms aimed at", "the best of 3, without the transfer")


def _paired(context: Any, app: Any, stage: Stage, name: str) -> Any:
    """Open the scan page on a phone of its own, and wait until it has the bundle."""
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(f"http://127.0.0.1:{stage.port}/{stage.house['slug']}/scan/#{_pairing(app, stage, name)}")
    page.get_by_role("button", name="Start scanning").wait_for(timeout=PATIENCE)
    return page


def _pairing(app: Any, stage: Stage, name: str) -> str:
    from voelgoed.catalog.event import Event
    from voelgoed.catalog.venue import Gate
    from voelgoed.demo.ensure import organization_id_of
    from voelgoed.demo.people import SEEDER
    from voelgoed.foundation.boundary import commit
    from voelgoed.foundation.tenancy import rows, scope
    from voelgoed.scanning.pair import make_pairing

    gate_id = UUID(stage.house["device_tokens"][0]["gate_id"])
    with app.app_context(), scope(organization_id_of(stage.house["slug"]), SEEDER):
        _, code = make_pairing(rows(Event).get(UUID(stage.event_id)), rows(Gate).get(gate_id), f"measured {name}")
        commit()
        return code


def _film(codes: list[str], to: Path) -> Path:
    """Write what the camera sees, as motion JPEG: each code for two seconds, between them a white wall."""
    frames = itertools.chain.from_iterable((_frame(code), _frame(None)) for code in codes)
    to.write_bytes(b"".join(frame * FRAMES for frame in frames))
    return to


def _frame(code: str | None) -> bytes:
    import segno
    from PIL import Image

    picture = Image.new("RGB", (640, 480), "white")
    if code:
        drawn = io.BytesIO()
        segno.make(code, error="m").save(drawn, kind="png", scale=8, border=4)
        picture.paste(Image.open(drawn).convert("RGB").resize((440, 440)), (100, 20))
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=92)
    return jpeg.getvalue()
