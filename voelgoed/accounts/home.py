"""The way in: what a role does next, and the steps of setting up until an organization can sell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from voelgoed.foundation.web import SIGNED_IN, Answer, Page, Pages
from voelgoed.foundation.web.navigation import navigation

pages = Pages("accounts", __name__)

WORDS = {
    "Till": "Sell tickets, find one again, print it.",
    "Shift": "Your drawer: open it, count it, close it.",
    "Find": "A ticket by its serial, a name, a code.",
    "Live": "Who is inside now, zone by zone and gate by gate.",
    "Drawers": "Who holds which cash, and how it came out.",
    "Needs a person": "Payments nobody can vouch for, refunds that were not sent.",
    "Invoices": "Those that wait for the recipient's name.",
    "Events": "Days, ticket types, prices and capacity.",
    "Venues": "Places with their zones and gates.",
    "Ledger": "Every cent with its sale; balances, VAT, days.",
    "Staff": "Who works here, and in which role.",
    "Trail": "Who changed what, when and why.",
    "Mail": "What was sent to customers, and what was not.",
    "Settings": "Name, address, VAT and rounding.",
}
"""What the places in the bar are for, by their names there."""


@dataclass(frozen=True)
class Step:
    """A step of setting up; without `url` it waits for one before it."""

    label: str
    words: str
    done: bool
    url: str | None


Steps = Callable[[], Iterable[Step]]
_beginnings: list[Steps] = []


def begin_with(steps: Steps) -> None:
    """Add the steps of a package, once."""
    if steps not in _beginnings:
        _beginnings.append(steps)


@pages.get("/", allow=SIGNED_IN)
def home() -> Answer:
    """Show the places that the role leads to; before them, as long as something is missing, the steps."""
    places = [{**one, "words": WORDS.get(one["label"], "")} for one in navigation()]
    steps = [step for beginning in _beginnings for step in beginning()]
    following = next((one for one in steps if not one.done), None)
    return Page("accounts/home.html", places=places, steps=steps, following=following)
