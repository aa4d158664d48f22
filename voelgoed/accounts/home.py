"""The way in: what a role does next."""

from __future__ import annotations

from voelgoed.foundation.web import SIGNED_IN, Answer, Page, Pages
from voelgoed.foundation.web.navigation import navigation

pages = Pages("accounts", __name__)

WORDS = {
    "boxoffice": "Sell tickets, find one again, print it.",
    "control": "Who is inside now, zone by zone and gate by gate.",
    "catalog": "Venues, events, prices and capacity.",
    "phones": "Pair a phone, see which are heard.",
    "reports": "Who changed what, when and why.",
    "staff": "Who works here, and in which role.",
    "settings": "Name, address, VAT and rounding.",
}


@pages.get("/", allow=SIGNED_IN)
def home() -> Answer:
    """Show the places that the role leads to, largest first."""
    places = [{**one, "words": WORDS.get(one["room"], "")} for one in navigation()]
    return Page("accounts/home.html", places=places)
