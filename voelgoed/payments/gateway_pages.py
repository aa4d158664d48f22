"""The accounts at processors: keys set and never shown again, test and live apart, the address for webhooks."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID, uuid4

from flask import current_app, request
from pydantic import Field

from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Form, Page, Pages, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Line
from voelgoed.payments.gateway_account import GatewayAccount

pages = Pages("gateways", __name__)

GATEWAYS = [("stripe", "Stripe"), ("paystack", "Paystack")]
MODES = [("test", "Test: no money moves"), ("live", "Live")]
STARTS = {
    ("stripe", "test"): ("sk_test_", "rk_test_"), ("stripe", "live"): ("sk_live_", "rk_live_"),
    ("paystack", "test"): ("sk_test_",), ("paystack", "live"): ("sk_live_",),
}  # fmt: skip


class AccountForm(Asked):
    """An account's keys."""

    gateway: Literal["stripe", "paystack"]
    mode: Literal["test", "live"]
    secret: Line = Field(min_length=12, max_length=300)
    webhook_secret: Line | None = Field(default=None, min_length=8, max_length=300)


@pages.get("/settings/payments", allow="gateway.read")
def index() -> Answer:
    """List the accounts; a key is only said to be set, and when."""
    return _shown(blank(gateway="stripe", mode="test"))


def _shown(form: Form[Any], status: int = 200) -> Answer:
    accounts = rows(GatewayAccount).order_by(GatewayAccount.gateway, GatewayAccount.mode.desc()).all()
    return Page("payments/gateways.html", status, form=form, accounts=accounts, gateways=GATEWAYS, modes=MODES,
                names=dict(GATEWAYS), hook_address=_hook_address)  # fmt: skip


def _hook_address(account: GatewayAccount) -> str:
    return f"{current_app.config['PUBLIC_URL']}/-/hooks/{account.hook}"


@pages.post("/settings/payments", allow="gateway.write")
def keep() -> Answer:
    """Set an account's keys, in place of those it had, and use it from now on."""
    form = read(AccountForm, request.form)
    if form.ok:
        _refuse_wrong_keys(form)
    if not form.ok:
        form.values.pop("secret", None)
        form.values.pop("webhook_secret", None)
        return _shown(form, 422)
    asked = form.model
    account = rows(GatewayAccount).filter_by(gateway=asked.gateway, mode=asked.mode).one_or_none()
    if account is None:
        account = GatewayAccount(gateway=asked.gateway, mode=asked.mode, hook=uuid4())
        db.session.add(account)
    account.secret = asked.secret.encode()
    if asked.webhook_secret:
        account.webhook_secret = asked.webhook_secret.encode()
    _use(account)
    return Redirect("gateways.index")


def _refuse_wrong_keys(form: Form[AccountForm]) -> None:
    asked = form.model
    starts = STARTS[asked.gateway, asked.mode]
    if not asked.secret.isascii() or not asked.secret.startswith(starts):
        form.refuse("secret", f"A secret key for {asked.mode} starts with {' or '.join(starts)}.")
    if asked.gateway == "stripe" and asked.webhook_secret and not asked.webhook_secret.startswith("whsec_"):
        form.refuse("webhook_secret", "Stripe's signing secret starts with whsec_.")
    if asked.gateway == "paystack" and asked.webhook_secret:
        form.refuse("webhook_secret", "Paystack signs with the secret key: leave this empty.")


def _use(account: GatewayAccount) -> None:
    """Make this the account through which its gateway is asked: test and live are never used at once."""
    for other in rows(GatewayAccount).filter_by(gateway=account.gateway).with_for_update():
        other.active = other.id == account.id
    account.active = True


@pages.post("/settings/payments/<uuid:account_id>/uses", allow="gateway.write")
def use(account_id: UUID) -> Answer:
    """Use this account from now on, and not the gateway's other one."""
    _use(rows(GatewayAccount).get(account_id))
    return Redirect("gateways.index")


@pages.post("/settings/payments/<uuid:account_id>/rests", allow="gateway.write")
def rest(account_id: UUID) -> Answer:
    """Begin no more payments through an account; what is under way is still heard of, and refunds still go out."""
    rows(GatewayAccount).get(account_id).active = False
    return Redirect("gateways.index")
