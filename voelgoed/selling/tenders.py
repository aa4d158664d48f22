"""Getting offered money ready: in the order in which it is taken, each with what its gateway needs."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem
from voelgoed.payments.capture import Tender
from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.tills.own_shift import Drawer, no_open_shift
from voelgoed.tills.shift import CardMachine


def in_order(checkout: Checkout, tenders: list[Tender], drawer: Drawer | None) -> list[Tender]:
    """Put what others must be asked for first and cash last; add the drawer, the account and the way back.

    Raises Problem: 409 `no_open_shift` for cash without a drawer; 422 for a gateway that is not set up, or asked
    without what it needs; NotFound for a card machine that is not here.
    """
    if drawer is None and any(one.gateway == "cash" for one in tenders):
        raise no_open_shift()
    shift_id = drawer.shift_id if drawer else None
    placed = [replace(one, shift_id=shift_id) for one in tenders]
    placed = [_online(checkout, one) if one.online else _card(one) for one in placed]
    return sorted(placed, key=lambda one: (one.gateway == "cash", not one.outside))


def _card(tender: Tender) -> Tender:
    if tender.machine_id is not None:
        rows(CardMachine).get(tender.machine_id)
    return tender


def _online(checkout: Checkout, tender: Tender) -> Tender:
    account = active_account(tender.gateway)
    if account is None:
        raise _wrong("no_gateway", f"{tender.gateway.capitalize()} is not set up here.")
    if tender.gateway == "stripe" and not tender.method:
        raise _wrong("no_method", "Stripe needs the payer's payment method.")
    return replace(tender, account_id=account, return_url=tender.return_url or way_back(checkout))


def _wrong(word: str, said: str) -> Problem:
    return Problem(422, word, "The money is not right", said + " Nothing was charged.", errors={"payments": [said]})


def active_account(gateway: str) -> UUID | None:
    """Return the account through which a gateway is asked now; a live one comes before a test one."""
    statement = select(GatewayAccount.id).where(GatewayAccount.gateway == gateway, GatewayAccount.active)
    return db.session.scalar(statement.order_by(GatewayAccount.mode).limit(1))


def way_back(checkout: Checkout) -> str:
    """Return the address of the page to which a payer comes back."""
    slug = db.session.scalars(select(Organization.slug)).one()
    return f"{current_app.config['PUBLIC_URL']}/{slug}/checkouts/{checkout.id}/returned"
