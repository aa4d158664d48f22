"""Opening an account's gateway; the processor's library is imported only then."""

from __future__ import annotations

import logging
from importlib import import_module

from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.payments.gateways.port import Gateway

LIBRARIES = {"stripe": "stripe", "paystack": "requests"}


def gateway_of(account: GatewayAccount) -> Gateway:
    """Return the gateway of an account, with its keys unsealed; it needs no session from then on."""
    secret = (account.secret or b"").decode()
    if account.gateway == "stripe":
        from voelgoed.payments.gateways.stripe import StripeGateway

        return StripeGateway(secret, (account.webhook_secret or b"").decode(), account.address)
    from voelgoed.payments.gateways.paystack import PaystackGateway

    return PaystackGateway(secret, account.address)


def warm_up(gateway: str) -> None:
    """Import a processor's library now, so that no deadline runs meanwhile."""
    logging.getLogger(LIBRARIES[gateway]).setLevel(logging.WARNING)  # its calls would fill our log
    import_module(LIBRARIES[gateway])
