"""Reconciling with a gateway: upload or fetch its list of a day, look into each difference, book the settlement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Answer, Form, Later, Page, Pages, Problem, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Cents, Line
from voelgoed.ledger.entry import JournalEntry
from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.payments.reconcile import DayList, ListSettled
from voelgoed.payments.reconcile_fetch import NoList, lister_of
from voelgoed.payments.reconcile_keep import keep_list, resolve, settle, settled
from voelgoed.payments.reconcile_match import match
from voelgoed.payments.reconcile_read import Listed, Unreadable, read_list

pages = Pages("reconcile", __name__)
SHOWN = 60
GATEWAYS = [("card", "Card machines"), ("stripe", "Stripe"), ("paystack", "Paystack")]


class ListForm(Asked):
    """Whose list, of which day."""

    gateway: Literal["card", "stripe", "paystack"]
    day: date = Field(ge=date(2000, 1, 1), le=date(9000, 1, 1))


class ResolutionForm(Asked):
    """Which difference, and why it is accepted."""

    difference: Line = Field(max_length=80)
    reason: Line = Field(min_length=3, max_length=400)


class SettlementForm(Asked):
    """What arrived at the bank, and why the fee is another than the list's."""

    payout_cents: Cents = Field(ge=0)
    reason: Line | None = Field(default=None, max_length=400)


@pages.get("/ledger/reconcile", allow="reconcile.read")
def index() -> Answer:
    """List the lists, newest day first, and take another."""
    return _index(blank(gateway="card"))


def _index(form: Form[Any], status: int = 200) -> Answer:
    lists = rows(DayList).order_by(DayList.day.desc(), DayList.id.desc()).limit(SHOWN).all()
    done = {one.list_id for one in rows(ListSettled).filter(ListSettled.list_id.in_([one.id for one in lists]))}
    return Page("payments/reconcile.html", status, form=form, lists=lists, done=done, gateways=GATEWAYS,
                names=dict(GATEWAYS), fetchable=_fetchable())  # fmt: skip


@pages.post("/ledger/reconcile", allow="ledger.write")
def upload() -> Answer:
    """Keep an uploaded list."""
    form = read(ListForm, request.form)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.refuse("file", "Choose a file.")
    if not form.ok or sent is None:
        return _index(form, 422)
    try:
        found, skipped = read_list(sent.read(), rows(Organization).one().currency)
    except Unreadable as error:
        form.refuse("file", str(error))
        return _index(form, 422)
    made, _ = keep_list(form.model.gateway, form.model.day, "uploaded", sent.filename or "", found, skipped)
    return Redirect("reconcile.show", list_id=made.id)


@pages.post("/ledger/reconcile/fetches", allow="ledger.write")
def fetch() -> Answer:
    """Ask the processor for its list; nothing of ours is held while it answers."""
    form = read(ListForm, request.form)
    account = rows(GatewayAccount).filter_by(gateway=form.values.get("gateway"), active=True).first()
    if account is None:
        form.refuse("gateway", "No account of this gateway is in use. Upload its list.")
    if account is None or not form.ok:
        return _index(form, 422)
    asked, lister = form.model, lister_of(account, rows(Organization).one().timezone)

    def then() -> Callable[[], Answer]:
        try:
            found = lister(asked.day)
        except NoList as error:
            form.refuse("gateway", f"{error}. Try again, or upload it.")
            return lambda: _index(form, 502)
        return lambda: _kept(asked, found)

    return Later(then)


def _kept(asked: ListForm, found: Sequence[Listed]) -> Answer:
    made, _ = keep_list(asked.gateway, asked.day, "fetched", "list", found)
    return Redirect("reconcile.show", list_id=made.id)


def _fetchable() -> list[tuple[str, str]]:
    """Return the gateways in use that list a day by themselves."""
    own = {one.gateway for one in rows(GatewayAccount).filter_by(active=True)}
    return [pair for pair in GATEWAYS if pair[0] in own]


@pages.get("/ledger/reconcile/<uuid:list_id>", allow="reconcile.read")
def show(list_id: UUID) -> Answer:
    """Show a list beside our rows."""
    return _show(rows(DayList).get(list_id), blank())


def _show(found: DayList, form: Form[Any], status: int = 200) -> Answer:
    matching, done = match(found), settled(found)
    entry = rows(JournalEntry).filter_by(source_kind="list_settled", source_id=done.id).first() if done else None
    wanted = {one.ours.checkout_id for one in matching.differences if one.ours}
    sales = {one.id: one for one in rows(Checkout).filter(Checkout.id.in_(wanted))}
    return Page("payments/reconcile_list.html", status, list=found, matching=matching, settled=done, entry=entry,
                sales=sales, form=form, names=dict(GATEWAYS))  # fmt: skip


@pages.post("/ledger/reconcile/<uuid:list_id>/resolutions", allow="ledger.write")
def resolutions(list_id: UUID) -> Answer:
    """Accept a difference with a reason."""
    found = rows(DayList).get(list_id)
    form = read(ResolutionForm, request.form)
    if not form.ok:
        return _show(found, form, 422)
    resolve(found, form.model.difference, form.model.reason)
    return Redirect("reconcile.show", list_id=list_id)


@pages.post("/ledger/reconcile/<uuid:list_id>/settlements", allow="ledger.write")
def settlements(list_id: UUID) -> Answer:
    """Book that a list's money arrived at the bank."""
    found = rows(DayList).get(list_id)
    form = read(SettlementForm, request.form)
    if not form.ok:
        return _show(found, form, 422)
    try:
        settle(found, form.model.payout_cents, form.model.reason)
    except Problem as refused:
        if refused.status != 422:
            raise
        form.refuse("reason" if refused.type == "reason_needed" else "payout_cents", refused.title or "")
        return _show(found, form, 422)
    return Redirect("reconcile.show", list_id=list_id)
