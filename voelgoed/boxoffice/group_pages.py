"""A group sale asked for: who, how many of what, whose names; held, at its price, until it is paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

from flask import request
from pydantic import AfterValidator, Field
from werkzeug.datastructures import MultiDict

from voelgoed.accounts.email import Email
from voelgoed.boxoffice.customer_pages import phone_number
from voelgoed.boxoffice.group_names import NamesRead, Seats, decoded, read_names
from voelgoed.boxoffice.hold_pages import numbers_asked, quantities_asked, said_of_places
from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.till import offered
from voelgoed.catalog.event import Event
from voelgoed.checkout.availability import offers
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.named_hold import lines_kept, named
from voelgoed.checkout.state import refuse_house, state_of
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Form, Page, Problem, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Cents, Line, Lines
from voelgoed.selling.asked import MOST_CENTS
from voelgoed.selling.group_sale import MOST
from voelgoed.selling.lowering import WHOLE, ApprovalAsked, DiscountAsked, lowering_of, said_why
from voelgoed.selling.sell_group import Group, group_of, open_group

MOST_BYTES = 200_000
REFUSED_AT = {"sold_out": "lines", "not_on_sale": "lines", "too_many": "lines", "price_changed": "lines",
              "no_such_code": "code", "code_not_valid": "code"}  # fmt: skip
"""Refusals that the form shows, and at which field."""
APPROVAL = ("above_limit", "approval_needed", "wrong_pin", "pin_locked", "not_at_a_till")
"""Refusals of a discount that somebody's PIN can lift, or that come of their trying."""


class GroupForm(Asked):
    """For whom; how many of each type stands in fields of its own, names on lines or in a file."""

    group_name: Annotated[Line, Field(max_length=160)]
    contact: Annotated[Line, Field(max_length=120)] | None = None
    email: Email | None = None
    phone: Annotated[Line, Field(max_length=40), AfterValidator(phone_number)] | None = None
    address: Annotated[Lines, Field(max_length=400)] | None = None
    vat_number: Annotated[Line, Field(pattern=r"^4[0-9]{9}$")] | None = None
    names: Annotated[Lines, Field(max_length=MOST_BYTES)] | None = None
    code: Annotated[Line, Field(max_length=40)] | None = None
    percent: Annotated[int, Field(ge=1, le=WHOLE)] | None = None
    off: Annotated[Cents, Field(gt=0, le=MOST_CENTS)] | None = None
    why: Annotated[Line, Field(max_length=400)] | None = None
    staff_number: Annotated[str, Field(max_length=12)] | None = None
    pin: Annotated[str, Field(max_length=6)] | None = None
    replaces: UUID | None = None
    key: UUID = Field(default_factory=uuid4)

    @property
    def group(self) -> Group:
        """Whom the sale is for."""
        return Group(self.group_name, self.contact, self.email, self.phone, self.address, self.vat_number)

    @property
    def discount(self) -> DiscountAsked | None:
        """What the clerk takes off all of it, on top of any code."""
        if self.percent is None and self.off is None:
            return None
        return DiscountAsked(percent=self.percent, amount_cents=self.off, reason=self.why or "")

    @property
    def approval(self) -> ApprovalAsked | None:
        """Who allows more than the clerk may."""
        said = self.staff_number and self.pin
        return ApprovalAsked(staff_number=self.staff_number or "", pin=self.pin or "") if said else None


@pages.get("/events/<uuid:event_id>/group-sale", allow="sell.group")
def ask_group(event_id: UUID) -> Answer:
    """Ask for whom and how many; `from` names a hold, or a group's sale that was not paid, to begin with."""
    event = rows(Event).get(event_id)
    begun = request.args.get("from", type=UUID)
    known = _begun(event, begun) if begun else {}
    return _page(event, blank(**({"key": str(uuid4())} | known | numbers_asked())))


def _begun(event: Event, checkout_id: UUID) -> dict[str, Any]:
    found = children(event, Checkout).get(checkout_id)
    kept, group, customer = named(found.id), group_of(found.id), found.customer
    known: dict[str, Any] = {f"n-{one}": str(many) for _, many, one in lines_kept([found.id]).get(found.id, [])}
    if (state := state_of(found.id)).word == "open":
        refuse_house(state)
        known["replaces"] = str(found.id)
    if group is not None:
        names = [name for own in (group.names or {}).values() for name in own]
        known |= {"group_name": group.group_name, "address": group.address, "vat_number": group.vat_number,
                  "names": "\n".join(names) or None}  # fmt: skip
        known |= {"email": customer.email, "phone": customer.phone} if customer else {}
    return known | ({"group_name": kept.name} if kept and group is None else {})


@pages.post("/events/<uuid:event_id>/group-sales", allow="sell.group")
def hold_group(event_id: UUID) -> Answer:
    """Hold a group's tickets, and go on to their price and how they are paid."""
    event = rows(Event).get(event_id)
    form = read(GroupForm, _typed())
    form.values.update(numbers_asked())
    form.values.pop("pin", None)
    if "vat_number" in form.errors:
        form.errors["vat_number"] = ["A VAT number: ten digits, the first a 4."]
    asked = quantities_asked()
    if not asked:
        form.refuse("lines", "How many of what?")
    if form.ok:
        _refuse_odd_discount(form)
    names = _names(event, form, asked)
    made = _hold(event, form, asked, names) if form.ok else None
    return _page(event, form, 422) if made is None else Redirect("boxoffice.group", checkout_id=made.id)


def _refuse_odd_discount(form: Form[GroupForm]) -> None:
    said = form.model
    if said.percent is not None and said.off is not None:
        form.refuse("off", "Per cent or an amount, one of them.")
    if (said.percent is not None or said.off is not None) and said.why is None:
        form.refuse("why", "Why it costs less: the trail and the report keep it.")


def _typed() -> MultiDict[str, str]:
    """Return what was typed; an uploaded file stands for the names, so that nothing is lost when it is wrong."""
    sent = MultiDict((name, value) for name, value in request.form.items() if name[:2] != "n-")
    file = request.files.get("file")
    if file is not None and file.filename:
        sent["names"] = decoded(file.read(MOST_BYTES + 1))
    return sent


def _names(event: Event, form: Form[GroupForm], asked: Sequence[tuple[UUID, int]]) -> NamesRead:
    many = dict(asked)
    types = [one.type for one in offers(event) if one.type.id in many]
    found = read_names(form.values.get("names") or "", [Seats(one.id, one.name, many[one.id]) for one in types])
    for words in found.errors if asked else ():
        form.refuse("names", words)
    return found


def _hold(event: Event, form: Form[GroupForm], asked: Sequence[tuple[UUID, int]], names: NamesRead) -> Checkout | None:
    said = form.model
    replaces = children(event, Checkout).get(said.replaces).id if said.replaces else None
    if replaces and state_of(replaces).word != "open":
        replaces = None  # its time has come, or it was sold: the places are taken anew
    try:
        lowering = lowering_of(said.discount, said.approval, at_till=True)
        with db.session.begin_nested(), said_why(said.discount):
            return open_group(event, asked, said.group, names.names, key=said.key, replaces=replaces, code=said.code,
                              lowering=lowering)  # fmt: skip
    except Problem as why:
        if why.type not in REFUSED_AT and why.type not in APPROVAL:
            raise
        form.refuse(REFUSED_AT.get(why.type, "approval"), said_of_places(event, why))
    return None


def _page(event: Event, form: Form[Any], status: int = 200) -> Page:
    types = offered(offers(event), event.currency)
    return Page("boxoffice/group_new.html", status, event=event, form=form, types=types, most=MOST)
