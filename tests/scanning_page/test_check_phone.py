"""In a browser: the check page, also under a certificate of the machine's own authority, and what it says to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, expect
from werkzeug.serving import make_server

from tests.browser import LONG, QUIET
from tests.personas import Personas
from tests.scanning_page.conftest import Steward, offline
from voelgoed.foundation.embedded.authority import authority

pytestmark = pytest.mark.journey
AXE = Path(__file__).parents[1] / "vendor/axe.min.js"
REFUSE = """() => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", "NotAllowedError"); };
}"""
TESTS = ("reachable", "trusted", "camera", "offline", "storage")


def check(page: Page) -> dict[str, str]:
    """Run the tests; returns the state of each."""
    page.get_by_role("button", name="Check it now").click()
    expect(page.locator("#verdict")).not_to_be_empty()
    return {name: page.locator(f"#{name}").get_attribute("data-state") or "" for name in TESTS}


def test_a_phone_that_lacks_something_is_told_what_to_do(steward: Callable[..., Steward]) -> None:
    phone = steward()
    phone.page.goto(f"{phone.address}/home/scan/check")
    assert check(phone.page) == dict.fromkeys(TESTS, "right")
    expect(phone.page.locator("#verdict")).to_have_text("This phone can be a gate.")
    phone.page.evaluate(REFUSE)
    with offline(phone):
        assert check(phone.page) == dict.fromkeys(TESTS, "right") | {"reachable": "wrong", "camera": "wrong"}
        expect(phone.page.get_by_text("client isolation")).to_be_visible()
        expect(phone.page.get_by_text("Allow the camera:")).to_be_visible()
        expect(phone.page.locator("#verdict")).to_contain_text("2 of 5")
        phone.page.get_by_role("button", name="Afrikaans").click()
        expect(phone.page.locator("#verdict")).to_contain_text("2 van 5")
        expect(phone.page.locator("#camera .found")).to_have_text("Die kamera word nie toegelaat nie.")
    phone.page.evaluate(AXE.read_text())
    found = phone.page.evaluate("axe.run().then((said) => said.violations.map((one) => one.id))")
    assert found == []
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def under_authority(app: Flask, personas: Personas, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Serve the application with a certificate of its own authority; yields the address and its key's hash."""
    files = authority(tmp_path, "gate.test").give(tmp_path)
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=tuple(map(str, files)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://gate.test:{server.server_port}", spki(files[0])
    server.shutdown()
    thread.join()


def spki(cert: Path) -> str:
    """Return what Chromium knows a key by."""
    import base64

    key = x509.load_pem_x509_certificate(cert.read_bytes()).public_key()
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return base64.b64encode(digest.finalize()).decode()


@pytest.mark.deep
@pytest.mark.parametrize("trusts", [True, False])
def test_under_the_machines_certificate_a_phone_that_trusts_it_is_a_gate(
    playwright: Playwright, chromium: str, under_authority: tuple[str, str], trusts: bool
) -> None:
    """That real TLS trusts this authority for this name alone is in `tests/foundation/embedded/test_authority.py`."""
    address, key = under_authority
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
             "--host-resolver-rules=MAP gate.test 127.0.0.1"]  # fmt: skip
    flags += [f"--ignore-certificate-errors-spki-list={key}"] if trusts else []
    browser: Browser = playwright.chromium.launch(executable_path=chromium, args=[*QUIET, *flags], timeout=LONG)
    page = browser.new_page()
    if trusts:
        page.goto(f"{address}/home/scan/check")
        assert check(page) == dict.fromkeys(TESTS, "right")
    else:
        with pytest.raises(Exception, match="ERR_CERT_AUTHORITY_INVALID"):
            page.goto(f"{address}/home/scan/check")
    browser.close()
