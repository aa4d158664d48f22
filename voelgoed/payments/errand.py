"""What one charge's errand to its processor needs, read in a scope of its own: outside there is none."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import Actor, scope
from voelgoed.payments.capture import Tender
from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.payments.gateways import Asking, Gateway, gateway_of
from voelgoed.payments.intend import end_charge, has_ended
from voelgoed.payments.payment import Charge, PayerPage

RUNNER = Actor("system", None, "payments")


@dataclass(frozen=True)
class Errand:
    """A charge on its way: the gateway, what is asked of it, how old the charge is (s), whether it has ended."""

    organization_id: UUID
    charge_id: UUID
    gateway: Gateway
    asking: Asking
    age: float
    ended: bool


def open_errand(organization_id: UUID, key: str, tender: Tender | None = None) -> Errand:
    """Read what an errand needs; `tender` says where the payer is led back to, which only a charge needs."""
    with scope(organization_id, RUNNER):
        charge = db.session.scalars(select(Charge).where(Charge.key == key)).one()
        account = db.session.scalars(select(GatewayAccount).where(GatewayAccount.id == charge.account_id)).one()
        buyer = charge.checkout.customer
        asking = Asking(
            key, charge.amount_cents, charge.currency, charge.created_at,
            method=charge.method.decode() if charge.method else None, return_url=tender.return_url if tender else None,
            email=buyer.email if buyer else None, words=f"Sale {charge.checkout_id}",
        )  # fmt: skip
        age = (now() - charge.created_at).total_seconds()
        return Errand(organization_id, charge.id, gateway_of(account), asking, age, has_ended(charge.id))


def keep_page(errand: Errand, url: str) -> None:
    """Keep where the payer has to go, for whoever waits with them."""
    with scope(errand.organization_id, RUNNER):
        known = select(PayerPage.id).where(PayerPage.charge_id == errand.charge_id)
        if db.session.scalar(known) is None:
            db.session.add(PayerPage(charge_id=errand.charge_id, url=url))
            commit()


def keep_end(errand: Errand, how: str, reason: str) -> None:
    """Keep what became of a charge outside, as soon as it is known."""
    with scope(errand.organization_id, RUNNER):
        end_charge(errand.charge_id, how, reason)
        commit()
