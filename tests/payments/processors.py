"""A simulator as a process of its own, and accounts at it that the adapters speak to as to the real ones."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from voelgoed.simulator import launch

PATIENCE = 60.0
"""Seconds until a webhook that is not done with is a failure."""


class Processors:
    """The simulator's control: faults ordered, and what really happened."""

    def __init__(self, address: str) -> None:
        self.address = address
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log the payer's addresses
        self.http = httpx.Client(base_url=address, trust_env=False)

    def control(self, where: str, /, **body: Any) -> Any:
        answer = self.http.post(f"/_control{where}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def account(self, provider: str, **settings: Any) -> Account:
        return Account(self, provider, f"sk_test_{secrets.token_hex(12)}", **settings)


class Account:
    """One account at one processor, of its own: nothing of other tests is in it."""

    def __init__(self, processors: Processors, provider: str, secret: str, **settings: Any) -> None:
        self.processors, self.provider, self.secret = processors, provider, secret
        self.address = processors.address
        self.set(**settings)

    def set(self, **settings: Any) -> None:
        self.processors.control("/accounts", provider=self.provider, secret_key=self.secret, **settings)

    def fault(self, do: str, **more: Any) -> None:
        self.processors.control("/faults", provider=self.provider, secret_key=self.secret, do=do, **more)

    def webhook_fault(self, do: str, **more: Any) -> None:
        self.processors.control("/webhook-faults", provider=self.provider, secret_key=self.secret, do=do, **more)

    def happened(self) -> Any:
        asked = {"provider": self.provider, "secret_key": self.secret}
        return self.processors.http.get("/_control/happened", params=asked).json()

    def moved(self) -> list[tuple[str, int]]:
        """Return the movements of money that really were: (charge | refund, cents), in order."""
        return [(one["deed"], one["amount"]) for one in self.happened()["work"]]

    def wait_for_webhooks(self) -> None:
        """Return when every webhook of this account is done with: taken, or given up."""
        deadline = time.monotonic() + PATIENCE
        asked = {"provider": self.provider, "secret_key": self.secret}
        while not all(one["done"] for one in self.processors.http.get("/_control/webhooks", params=asked).json()):
            assert time.monotonic() < deadline, "a webhook was never done with"

    def visit(self, url: str, do: str) -> httpx.Response:
        """Be the payer on the processor's page: `complete` or `fail` at Stripe, `pay` at Paystack."""
        return self.processors.http.post(url.removeprefix(self.address), data={"do": do})


@pytest.fixture(scope="module")
def processors() -> Iterator[Processors]:
    with launch() as launched:
        made = Processors(launched.address)
        yield made
        made.http.close()
