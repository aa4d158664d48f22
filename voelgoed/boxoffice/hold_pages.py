"""Holds with a name: listed for all who sell the event, kept, opened at the till, given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from flask import request
from pydantic import Field, StringConstraints
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.till import offered
from voelgoed.catalog.event import Event
from voelgoed.catalog.local_time import NoSuchTime, to_utc, typed
from voelgoed.checkout.availability import offers
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.customers import find_customers
from voelgoed.checkout.discount import find_code
from voelgoed.checkout.end import give_up
from voelgoed.checkout.named_hold import NamedHold, ends_at, keep, kept_for, named
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import because, rows
from voelgoed.foundation.web import Answer, Form, Page, Problem, Redirect, blank, identity, read
from voelgoed.foundation.web.fields import Asked, Line, Lines

A_DAY = timedelta(days=1)
REFUSED_AT = {"bad_end": "until", "sold_out": "lines", "not_on_sale": "lines", "too_many": "lines",
              "price_changed": "lines"}  # fmt: skip
"""Refusals that the form shows, and at which field."""


class HoldForm(Asked):
    """For whom, and until when; how many of each type stands in fields of its own."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=120)]
    note: Annotated[Lines, Field(max_length=400)] | None = None
    until: datetime
    house: bool = False
    back: Literal["till"] | None = None
    key: UUID = Field(default_factory=uuid4)


@pages.get("/events/<uuid:event_id>/holds", allow="sell")
def holds(event_id: UUID) -> Answer:
    """List what is kept under names, and ask for a new hold; `n-<type>` fills its quantities in."""
    event = rows(Event).get(event_id)
    if request.headers.get("HX-Request"):
        over_till = request.args.get("over") == "till"
        listed = _listed(event)
        if over_till:
            return Page("boxoffice/_over_till.html", customers=find_customers(listed["q"]),
                        discount=find_code(event, listed["q"]), **listed)  # fmt: skip
        return Page("boxoffice/_holds.html", **listed)
    tomorrow = now() + A_DAY
    until = typed(min(tomorrow, ends_at(event) or tomorrow), event.venue.timezone)
    return _page(event, blank(until=until, key=str(uuid4()), back=request.args.get("back"), **numbers_asked()))


@pages.post("/events/<uuid:event_id>/holds", allow="sell")
def keep_hold(event_id: UUID) -> Answer:
    """Keep places under a name."""
    event = rows(Event).get(event_id)
    form = read(HoldForm, MultiDict((name, value) for name, value in request.form.items() if name[:2] != "n-"))
    form.values.update(numbers_asked())
    asked = quantities_asked()
    if not asked:
        form.refuse("lines", "How many of what?")
    if form.ok and form.model.house and not identity().may("hold.house"):
        raise Problem(403, "not_yours", "Not yours to do", "A manager keeps places for the house. Nothing was held.")
    made = _keep(event, asked, form) if form.ok else None
    if made is None:
        return _page(event, form, 422)
    if form.model.back:
        return Redirect("boxoffice.till_of", event_id=event.id, kept=made.id)
    return Redirect("boxoffice.holds", event_id=event.id)


def _keep(event: Event, asked: list[tuple[UUID, int]], form: Form[HoldForm]) -> Checkout | None:
    said = form.model
    try:
        until = to_utc(said.until.date(), said.until.time(), event.venue.timezone)
        with db.session.begin_nested():
            return keep(event, asked, said.name, until, said.key, note=said.note, house=said.house)
    except NoSuchTime as why:
        form.refuse("until", str(why))
    except Problem as why:
        if why.type not in REFUSED_AT:
            raise
        form.refuse(REFUSED_AT[why.type], said_of_places(event, why))
    return None


def said_of_places(event: Event, why: Problem) -> str:
    """Return a refusal's words with what is left of each type."""
    left = why.extra.get("left") or {}
    names = ", ".join(f"{left.get(str(one.type.id), 0)} of {one.type.name}" for one in offers(event))
    return f"{why.detail} Left: {names}." if left else str(why.detail)


def numbers_asked() -> dict[str, str]:
    """Return the quantities that were asked for: `n-<type>` → digits."""
    given = {name: value.strip() for name, value in request.values.items() if name[:2] == "n-"}
    return {name: value for name, value in given.items() if value.isascii() and value.isdigit() and _is_id(name[2:])
            and len(value) <= 3}  # fmt: skip


def quantities_asked() -> list[tuple[UUID, int]]:
    """Return what is asked for as (ticket type, quantity), nothing of what is asked for none times."""
    return [(UUID(name[2:]), int(count)) for name, count in numbers_asked().items() if int(count)]


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


@pages.post("/holds/<uuid:checkout_id>/release", allow="sell")
def release_hold(checkout_id: UUID) -> Answer:
    """Give a named hold up: its places can be sold again at once."""
    kept = name_of(checkout_id)
    with because("hold released"):
        give_up(kept.checkout)
    return Redirect("boxoffice.holds", event_id=kept.event_id)


def name_of(checkout_id: UUID) -> NamedHold:
    """Return a checkout's named hold; else 404."""
    kept = named(rows(Checkout).get(checkout_id).id)
    if kept is None:
        raise NotFound
    return kept


def _listed(event: Event) -> dict[str, Any]:
    q = request.args.get("q", "")[:120]
    return {"event": event, "q": q, "holds": kept_for(event, q), "tz": event.venue.timezone}


def _page(event: Event, form: Form[Any], status: int = 200) -> Page:
    return Page(
        "boxoffice/holds.html", status, form=form, types=offered(offers(event), event.currency),
        may_house=identity().may("hold.house"), **_listed(event),
    )  # fmt: skip
