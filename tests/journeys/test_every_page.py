"""Every page: axe-core finds nothing, nothing is wider than the screen; light and dark, phone, tablet and desk."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import Enter, Stack, look

pytestmark = [pytest.mark.journey, pytest.mark.slow]

SCREENS = [(390, "light"), (390, "dark"), (1024, "light"), (1440, "dark")]


def paths(stack: Stack, demo: dict[str, Any]) -> list[str]:
    """Return the pages that a visitor without arguments can think of, and those of today's event."""
    slug, event = demo["slug"], demo["device_tokens"][0]["event_id"]
    own = [
        "", "till", "find?q=A", "live", "needs", "trail", "shift", "drawers", "tills", "card-machines",
        "ledger", "ledger/balances", "ledger/vat", "ledger/takings", "ledger/prices", "ledger/days",
        "ledger/new", "ledger/reconcile", "settings/payments", "settings/webhooks",
        "staff/tills", "till/pair", "venues", "events", "staff", "settings",
        f"events/{event}", f"events/{event}/till", f"events/{event}/sales", f"events/{event}/live",
        f"events/{event}/wall", f"events/{event}/phones", f"events/{event}/conflicts",
        f"events/{event}/holds", f"events/{event}/discounts",
        f"events/{event}/fees", f"events/{event}/reserve-books", f"events/{event}/comps", f"events/{event}/comps/new",
        f"events/{event}/group-sale", "scan/", "invoices/waiting", "mails",
    ]  # fmt: skip
    return [*(f"/{slug}/{path}" for path in own), "/-/account", f"/{slug}/nothing-here"]


@pytest.mark.deep
@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_every_page_is_fit_for_everybody(
    stack: Stack, demo: dict[str, Any], enter: Enter, width: int, scheme: str
) -> None:
    page = enter("owner", width=width, height=768, scheme=scheme)
    found = {}
    for path in paths(stack, demo):
        answer = page.goto(stack.base + path)
        assert answer is not None
        assert answer.status == (404 if path.endswith("nothing-here") else 200), path
        if wrong := look(page):
            found[path] = wrong
    assert found == {}


def test_a_ticket_and_its_papers(stack: Stack, demo: dict[str, Any], enter: Enter) -> None:
    page = enter("box_office", width=390)
    event = demo["device_tokens"][0]["event_id"]
    page.goto(f"{stack.base}/{demo['slug']}/events/{event}/sales")
    page.locator("tbody a").first.click()
    page.locator("a[href*='/tickets/']").first.click()
    found = {"ticket": look(page)}
    ticket = page.url
    for paper in ("slip", "a4"):
        page.goto(f"{ticket}/print?format={paper}")
        found[paper] = look(page)
    page.goto(f"{stack.base}/{demo['slug']}/events/{event}/sales")
    page.locator("tbody a").first.click()
    found["sale"] = look(page)
    for name in ("Receipt", "Codes"):
        page.get_by_role("link", name=name).first.click()
        found[name] = look(page)
        page.go_back()
    assert found == {name: [] for name in found}
