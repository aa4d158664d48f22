"""An organization's account with an online processor, and what that processor told us unasked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import (
    Resource,
    Sealed,
    binary,
    choice,
    flag,
    identifier,
    json_value,
    refers,
    related,
    text,
)


class GatewayAccount(
    Resource,
    exclude=("secret_sealed", "webhook_secret_sealed"),
    unique=(("gateway", "mode"), ("hook",)),
    checks={"live_is_real": "mode <> 'live' OR address IS NULL"},
):
    """Keys to one processor, test and live apart; sealed, never shown again. `hook` names its webhook address.

    `address` is where its API lives when it is not the processor's own: the simulator's.
    """

    gateway: Mapped[str] = choice("stripe", "paystack")
    mode: Mapped[str] = choice("test", "live")
    active: Mapped[bool] = flag(default=True)
    public_key: Mapped[str | None] = text(200, nullable=True)
    secret_sealed: Mapped[bytes] = binary(nullable=False)
    webhook_secret_sealed: Mapped[bytes | None] = binary()
    hook: Mapped[UUID] = identifier(nullable=False)
    address: Mapped[str | None] = text(200, nullable=True)
    secret = Sealed("secret_sealed")
    webhook_secret = Sealed("webhook_secret_sealed")


class Webhook(
    Resource,
    append_only="what a processor said is kept as it was said",
    unique=(("account_id", "event_key"),),
):
    """A verified message of a processor, stored before it is answered; `event_key` is its own name for it."""

    account_id: Mapped[UUID] = refers("gateway_account")
    event_key: Mapped[str] = text(200)
    kind: Mapped[str] = text(80)
    charge_key: Mapped[str | None] = text(120, nullable=True)
    body: Mapped[dict[str, Any]] = json_value(nullable=False)
    account: Mapped[GatewayAccount] = related("account_id", "GatewayAccount")


class WebhookApplied(Resource, append_only="each time it was applied stays told"):
    """A webhook was applied: once by its job, again when somebody replayed it; `result` says what came of it."""

    webhook_id: Mapped[UUID] = refers("webhook")
    result: Mapped[str] = text(400)
    webhook: Mapped[Webhook] = related("webhook_id", "Webhook")
