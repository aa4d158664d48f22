"""A group sale at its price: paid over any tenders, then its one invoice and its one file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.boxoffice.invoice_paper import invoice_of, recipient_of
from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.paper_file import ask_for, is_large
from voelgoed.boxoffice.till import other_ways
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.clerk_discount import ClerkDiscount
from voelgoed.checkout.end import give_up
from voelgoed.checkout.price import cash_part
from voelgoed.checkout.state import state_of
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Form, Json, Later, Page, Problem, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Cents
from voelgoed.payments.capture import cash_step
from voelgoed.selling.asked import (
    MOST_CENTS,
    CardAsked,
    CashAsked,
    CompletionAsked,
    OnlineAsked,
    SlipNumber,
    TenderAsked,
)
from voelgoed.selling.complete import complete
from voelgoed.selling.fees_told import fees_told
from voelgoed.selling.paying import NOTHING_WAITS, under_way
from voelgoed.selling.sell_group import group_of
from voelgoed.selling.told import Told, as_it_stands, change_of, lines_of

Amount = Annotated[Cents, Field(gt=0, le=MOST_CENTS)]


class PayForm(Asked):
    """How it is paid: in one way, or over several, of which cash takes what the others leave."""

    way: Literal["cash", "card", "paystack", "several", "free"]
    tendered: Annotated[Cents, Field(ge=0, le=MOST_CENTS)] | None = None
    slip: SlipNumber | None = None
    first: Amount | None = None
    first_slip: SlipNumber | None = None
    second: Amount | None = None
    second_slip: SlipNumber | None = None
    online: Amount | None = None
    rest: Annotated[Cents, Field(ge=0, le=MOST_CENTS)] | None = None


@pages.get("/group-sales/<uuid:checkout_id>", allow="sell.group")
def group(checkout_id: UUID) -> Answer:
    """Show a group's sale: what it comes to and how it can be paid, or its papers once it is."""
    return _page(_sale(checkout_id), blank())


def _sale(checkout_id: UUID) -> Checkout:
    found = rows(Checkout).get(checkout_id)
    if group_of(found.id) is None:
        raise Problem(404, "not_found", detail="That is no group's sale.")
    return found


@pages.post("/group-sales/<uuid:checkout_id>/payments", allow="sell.group")
def pay_group(checkout_id: UUID) -> Answer:
    """Take the money, once however often it is asked; then show how it went."""
    sale = _sale(checkout_id)
    form = read(PayForm, request.form)
    payments = _payments(sale, form) if form.ok else []
    if not form.ok:
        return _page(sale, form, 422)
    try:
        begun = complete(sale.id, CompletionAsked(payments=payments), _told)
    except Problem as why:
        return _page(sale, form, why.status, why)
    assert isinstance(begun, Later)
    return Later(partial(_waited, sale.id, form, begun))


def _payments(sale: Checkout, form: Form[PayForm]) -> list[TenderAsked]:
    """Say what is offered through what; what is missing is told at its field."""
    said, total = form.model, sale.total_cents
    if said.way == "card" and said.slip is None:
        form.refuse("slip", "The number on the slip.")
    for name in ("first", "second"):
        if said.way == "several" and (getattr(said, name) is None) != (getattr(said, f"{name}_slip") is None):
            form.refuse(name, "The amount and the number on its slip.")
    if not form.ok or not total:
        return []
    offered = _outside(said, total)
    rest = total - sum(one.amount_cents for one in offered)
    if rest < 0:
        form.refuse("first", "That is more than the sale comes to.")
    if rest <= 0:
        return offered
    tendered = said.rest if said.way == "several" else said.tendered
    return [*offered, CashAsked(gateway="cash", amount_cents=rest, tendered_cents=tendered)]


def _outside(said: PayForm, total: int) -> list[TenderAsked]:
    """Return what does not go into the drawer."""
    several = [(said.first, said.first_slip), (said.second, said.second_slip)] if said.way == "several" else []
    cards = [(total, said.slip)] if said.way == "card" else several
    online = total if said.way == "paystack" else said.online if several else None
    found: list[TenderAsked] = [
        CardAsked(gateway="card", amount_cents=cents, reference=slip) for cents, slip in cards if cents and slip
    ]
    return [*found, OnlineAsked(gateway="paystack", amount_cents=online)] if online else found


def _told(sale: Told) -> dict[str, Any]:
    return {"id": str(sale.id)}


def _waited(checkout_id: UUID, form: Form[PayForm], begun: Later) -> Callable[[], Answer]:
    return partial(_settled, checkout_id, form, begun.then())


def _settled(checkout_id: UUID, form: Form[PayForm], told: Answer | Callable[[], Answer]) -> Answer:
    """Say how it went; the file of the tickets is begun with the sale, so that it is there when it is wanted."""
    sale = rows(Checkout).get(checkout_id)
    try:
        answer = told if isinstance(told, Answer) else told()
    except Problem as why:
        return _page(sale, form, why.status, why)
    if isinstance(answer, Json) and answer.status == 200 and is_large(sale):
        ask_for(sale)
    return Redirect("boxoffice.group", checkout_id=checkout_id)


@pages.post("/group-sales/<uuid:checkout_id>/release", allow="sell.group")
def release_group(checkout_id: UUID) -> Answer:
    """Give a group's places up: they can be sold again at once."""
    sale = _sale(checkout_id)
    give_up(sale)
    return Redirect("boxoffice.ask_group", event_id=sale.event_id)


def _page(sale: Checkout, form: Form[Any], status: int = 200, problem: Problem | None = None) -> Page:
    word, _ = as_it_stands(sale)
    template = "boxoffice/_group_state.html" if request.headers.get("HX-Request") else "boxoffice/group.html"
    return Page(
        template, status, sale=sale, event=sale.event, tz=sale.event.venue.timezone, word=word, form=form,
        problem=problem, change_cents=change_of(sale), waits=under_way(sale.id) if word == "paying" else NOTHING_WAITS,
        online=any(one["gateway"] == "paystack" for one in other_ways()), **_facts(sale),
    )  # fmt: skip


def _facts(sale: Checkout) -> dict[str, Any]:
    found, invoice, lines, hold = group_of(sale.id), invoice_of(sale), lines_of(sale), state_of(sale.id).hold
    names = (found.names if found else None) or {}
    return {
        "group": found, "lines": lines, "lowered": children(sale, ClerkDiscount).one_or_none(),
        "fees": fees_told(sale), "count": sum(line.quantity for line, _ in lines),
        "named": sum(len(own) for own in names.values()), "cash_cents": cash_part(sale.total_cents, cash_step()),
        "until": hold.expires_at if hold else None, "invoice": invoice, "large": is_large(sale),
        "recipient": recipient_of(invoice) if invoice else None,
    }  # fmt: skip
