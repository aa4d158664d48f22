"""The demo's accounts with payment processors: at the simulator, never beside a live key."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from voelgoed.config import Config
from voelgoed.demo.people import SEEDER
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.embedded.up import ACCOUNTS
from voelgoed.foundation.tenancy import scope
from voelgoed.payments.gateway_account import GatewayAccount

GATEWAYS = ("stripe", "paystack")


def ensure(config: Config, organizations: Sequence[UUID]) -> str:
    """Point each organization's test accounts at the simulator and leave it their list; return the line to be said.

    Where a live key is set the simulator is refused: its accounts rest, and it is not started.
    """
    refused = any(_has_live_key(one) for one in organizations)
    known = [row for one in organizations for row in _accounts(config, one, active=not refused)]
    path = config.data / ACCOUNTS
    if refused or config.simulator_url is None:
        path.unlink(missing_ok=True)
        return "payments: the simulator is refused, for a live key is set"
    _write(path, known)
    return f"payments go to a SIMULATOR of Stripe and Paystack at {config.simulator_url}: no money moves"


def _has_live_key(organization_id: UUID) -> bool:
    with scope(organization_id, SEEDER):
        live = select(GatewayAccount.id).where(GatewayAccount.mode == "live", GatewayAccount.active)
        return db.session.scalar(live.limit(1)) is not None


def _accounts(config: Config, organization_id: UUID, *, active: bool) -> Iterator[dict[str, Any]]:
    """Make what is missing, and say of each account what the simulator must know."""
    with scope(organization_id, SEEDER, reason="the demo's payments are simulated"):
        for gateway in GATEWAYS:
            found = db.session.scalars(select(GatewayAccount).filter_by(gateway=gateway, mode="test")).one_or_none()
            account = found or _opened(gateway)
            account.address, account.active = config.simulator_url, active
            yield {
                "provider": gateway,
                "secret_key": (account.secret or b"").decode(),
                "webhook_url": f"{config.public_url}/-/hooks/{account.hook}",
                "webhook_secret": (account.webhook_secret or b"").decode(),
            }
        commit()


def _opened(gateway: str) -> GatewayAccount:
    made = GatewayAccount(gateway=gateway, mode="test", hook=uuid4())
    made.secret = f"sk_test_{secrets.token_hex(12)}".encode()
    made.webhook_secret = f"whsec_{secrets.token_hex(16)}".encode()
    db.session.add(made)
    return made


def _write(path: Path, accounts: list[dict[str, Any]]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(accounts, file)
