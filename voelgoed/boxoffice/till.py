"""The till: which event, and the page that sells it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from voelgoed.boxoffice.kept import hold_for_the_till, just_kept
from voelgoed.boxoffice.pages import pages
from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.availability import Offer, offers
from voelgoed.checkout.fee import Fee
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.live import Part, part
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Page, Redirect, identity
from voelgoed.foundation.web.words import moment, plural
from voelgoed.payments.capture import cash_step
from voelgoed.payments.gateway_account import GatewayAccount

OPENS_BEFORE = timedelta(hours=12)
LAST_TICKETS = 25
STRIPE_TEST_CARDS = (
    ("pm_card_visa", "Stripe: a test card"),
    ("pm_card_threeDSecure2Required", "Stripe: a test card whose bank asks"),
    ("pm_card_chargeDeclined", "Stripe: a test card that is declined"),
)


@pages.get("/till", allow="sell")
def till() -> Answer:
    """Go to the till of the event that is on now, or choose among those to come."""
    coming = coming_events()
    on_now = {day.event_id for day in coming if day.doors_at - OPENS_BEFORE <= now() < day.ends_at}
    if len(on_now) == 1:
        return Redirect("boxoffice.till_of", event_id=on_now.pop())
    return Page("boxoffice/events.html", days=coming, on_now=on_now)


def coming_events() -> Sequence[Day]:
    """Return the days that have not ended, of events that are on sale, the next one first."""
    statement = (
        select(Day)
        .join(Event, Event.id == Day.event_id)
        .where(Day.ends_at > now(), Event.on_sale)
        .order_by(Day.doors_at, Day.id)
    )
    return db.session.scalars(statement).all()


@pages.get("/events/<uuid:event_id>/till", allow="sell")
def till_of(event_id: UUID) -> Answer:
    """Show the till of one event."""
    event = rows(Event).get(event_id)
    days = children(event, Day).order_by(Day.number).all()
    if not days:
        raise NotFound
    day = next((one for one in days if one.ends_at > now()), days[-1])
    types = offered(offers(event), event.currency)
    return Page(
        "boxoffice/till.html", event=event, day=day, days=days, ticket_types=types, clerk=identity().actor.label,
        vat_rate_bp=max((one["vat_rate_bp"] for one in types), default=0), currency=event.currency,
        rounding=cash_step(), version=version_now(), ways=other_ways(), fees=till_fees(event),
        hold=hold_for_the_till(event), kept=just_kept(event),
    )  # fmt: skip


def till_fees(event: Event) -> list[dict[str, Any]]:
    """Return what the till asks beside the prices, as its script reckons with it."""
    asked = children(event, Fee).filter(Fee.channel != "api").order_by(Fee.name_key).all()
    names = ("name", "per", "kind", "percent_bp", "amount_cents", "vat_rate_bp")
    return [{name: getattr(one, name) for name in names} for one in asked]


def other_ways() -> list[dict[str, str]]:
    """Return how else than by cash or card machine a customer may pay here, in the order of the keys.

    Paystack has a page for the customer's own phone. Stripe wants to know the card beforehand, which a till does not:
    its test cards are offered, where the account is a test account.
    """
    found = rows(GatewayAccount).filter_by(active=True).order_by(GatewayAccount.gateway).all()
    ways = [{"gateway": "paystack", "name": "Paystack, on their phone"} for one in found if one.gateway == "paystack"]
    if any(one.gateway == "stripe" and one.mode == "test" for one in found):
        ways += [{"gateway": "stripe", "name": name, "method": method} for method, name in STRIPE_TEST_CARDS]
    return ways


@pages.get("/events/<uuid:event_id>/till/types", allow="sell")
def types(event_id: UUID) -> Answer:
    """Show what is left, for a till that missed a push."""
    event = rows(Event).get(event_id)
    return Page("boxoffice/_types.html", version=version_now(), **_types(event))


def parts(event_id: UUID) -> Iterable[Part]:
    """Render what a room `availability:<event>` is pushed."""
    event = rows(Event).get(event_id)
    return [part("boxoffice/_types.html", version_now(), **_types(event))]


def _types(event: Event) -> dict[str, Any]:
    return {"event": event, "ticket_types": offered(offers(event), event.currency), "currency": event.currency}


def version_now() -> int:
    """Return the milliseconds of the database's clock: asked before the rows, a page never claims to be newer."""
    return int(db.session.scalar(select(func.floor(func.extract("epoch", func.clock_timestamp()) * 1000))) or 0)


def offered(found: Iterable[Offer], currency: str) -> list[dict[str, Any]]:
    """Return the types as the till draws them: key, name, price, left, and a note where one is needed."""
    return [
        {
            "id": str(one.type.id),
            "number": number,
            "name": one.type.name,
            "price_cents": one.type.price_cents,
            "vat_rate_bp": one.type.vat_rate_bp,
            "bodies": one.type.bodies,
            "validity": one.type.validity,
            "currency": currency,
            "left": one.left,
            "on_sale": one.on_sale and bool(one.left),
            "note": note(one),
        }
        for number, one in enumerate(found, start=1)
    ]


def note(offer: Offer) -> str:
    """Say what the clerk must know of a type: sold out, the last ones, or when it is sold."""
    if not offer.on_sale:
        return _window(offer.type)
    if not offer.left:
        return "sold out"
    return f"last {plural(offer.left, 'ticket')}" if offer.left <= LAST_TICKETS else ""


def _window(sold: TicketType) -> str:
    if sold.sales_from is not None and sold.sales_from > now():
        return f"from {moment(sold.sales_from)}"
    return "not on sale"
