"""The pages of invoices and mail in a browser: axe finds nothing, they fit a phone, and paper has its own sizes."""

from __future__ import annotations

import pytest

from tests.boxoffice.till.conftest import Opener
from tests.boxoffice.till.test_paper import _size, violations
from tests.checkout.programme import Programme, hold, pay
from tests.looks import SCREENS
from tests.personas import Personas
from tests.selling.refunding import give_back
from tests.selling.test_invoice import become_vendor
from voelgoed.foundation.tenancy import rows
from voelgoed.selling.invoice import CreditNote

pytestmark = pytest.mark.journey
PAGES = ("checkouts/{sale}/receipt?format=a4", "credit-notes/{note}", "checkouts/{sale}/papers",
         "checkouts/{sale}/mail", "checkouts/{sale}/invoice/recipient",
         "invoices/waiting", "mails", "sales/{sale}")  # fmt: skip


@pytest.fixture
def told(personas: Personas, programme: Programme) -> dict[str, object]:
    """Sell for more than five thousand as a vendor and give a part back; returns the ids of addresses."""
    with personas.home.scope():
        become_vendor()
        sale = hold(programme, 20)
        pay(sale)
        give_back(sale, 5000, str(sale))
        return {"sale": sale, "note": rows(CreditNote).order_by(CreditNote.id.desc()).limit(1).one().id}


@pytest.mark.deep
@pytest.mark.parametrize(("width", "look"), SCREENS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    sign_in: Opener, told: dict[str, object], look: str, width: int
) -> None:
    page = sign_in("owner", width=width, color_scheme=look, bypass_csp=True)
    for path in PAGES:
        answer = page.goto(f"/home/{path.format(**told)}")
        assert answer is not None
        assert answer.ok, path
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_papers_have_their_own_sizes(sign_in: Opener, told: dict[str, object]) -> None:
    page = sign_in("owner")
    for path in ("checkouts/{sale}/receipt", "credit-notes/{note}"):
        page.goto(f"/home/{path.format(**told)}")
        assert _size(page) == (1, 80, 190), path
        page.goto(f"/home/{path.format(**told)}?format=a4")
        assert _size(page) == (1, 210, 297), path
