"""A simulator in a thread, and a shop that talks to it as the application does: by SDK and by HTTP."""

from __future__ import annotations

import queue
import secrets
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from stripe import StripeClient

from voelgoed.simulator.server import Simulator

PATIENCE = 60.0
"""Seconds until a webhook that does not come is a failure."""


class Receiver:
    """Takes webhooks; answers with the statuses in `answers`, then 200."""

    def __init__(self) -> None:
        self.arrived: queue.Queue[tuple[bytes, dict[str, str]]] = queue.Queue()
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.arrived.put((body, {name.lower(): value for name, value in self.headers.items()}))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def next(self) -> tuple[bytes, dict[str, str]]:
        """Wait for a webhook: its raw body and its headers, named in lower case."""
        return self.arrived.get(timeout=PATIENCE)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Shop:
    """One account at each processor, of its own: nothing of other tests is in it."""

    def __init__(self, address: str, receiver: Receiver, like: Shop | None = None) -> None:
        self.address, self.receiver = address, receiver
        self.stripe_key = like.stripe_key if like else f"sk_test_{secrets.token_hex(8)}"
        self.paystack_key = like.paystack_key if like else f"sk_test_{secrets.token_hex(8)}"
        self.webhook_secret = f"whsec_{secrets.token_hex(8)}"
        self.stripe = StripeClient(self.stripe_key, base_addresses={"api": address}, max_network_retries=0)
        bearer = {"Authorization": f"Bearer {self.paystack_key}"}
        # Plain HTTP: reading the authorities' certificates would be most of a test's time.
        self.paystack = httpx.Client(base_url=address, headers=bearer, trust_env=False, verify=False)
        self.bare = httpx.Client(base_url=address, trust_env=False, verify=False)

    def pay(self, key: str = "k1", method: str = "pm_card_visa", **more: Any) -> Any:
        """Charge a card at Stripe by an idempotency key, which is in the metadata, too."""
        params = {"amount": 12_500, "currency": "zar", "confirm": True, "payment_method": method}
        params |= {"metadata": {"key": key}} | more
        return self.stripe.v1.payment_intents.create(params=params, options={"idempotency_key": key})  # type: ignore[arg-type]

    def charge(self, reference: str, code: str = "AUTH_success", amount: int = 12_500) -> httpx.Response:
        """Charge a kept card at Paystack."""
        body = {"email": "thandi@example.com", "amount": amount, "reference": reference, "authorization_code": code}
        return self.paystack.post("/transaction/charge_authorization", json=body)

    def verify(self, reference: str) -> Any:
        """Ask Paystack how a transaction stands."""
        return self.paystack.get(f"/transaction/verify/{reference}").json()["data"]

    def control(self, path: str, /, **body: Any) -> Any:
        """Order something of the simulator."""
        answer = self.bare.post(f"/_control{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, provider: str, do: str, **more: Any) -> None:
        """Order a fault of the next call of this shop."""
        self.control("/faults", provider=provider, do=do, secret_key=self._key(provider), **more)

    def well(self) -> None:
        """End all faults; calls that were made to wait go on."""
        assert self.bare.delete("/_control/faults").status_code == 200

    def webhook_fault(self, provider: str, do: str, **more: Any) -> None:
        """Order a fault of the next webhook to this shop."""
        self.control("/webhook-faults", provider=provider, do=do, secret_key=self._key(provider), **more)

    def listen(self, **settings: Any) -> None:
        """Have both accounts send webhooks to the receiver."""
        for provider in ("stripe", "paystack"):
            settings |= {"webhook_url": self.receiver.url, "webhook_secret": self.webhook_secret}
            self.set(provider, **settings)

    def set(self, provider: str, **settings: Any) -> None:
        """Change settings of an account."""
        self.control("/accounts", provider=provider, secret_key=self._key(provider), **settings)

    def met(self, provider: str, fault: str) -> None:
        """Wait until a call of this shop has met a fault."""
        account = self.control("/accounts", provider=provider, secret_key=self._key(provider))["id"]
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            calls = self.bare.get("/_control/calls").json()
            if any((call.get("account"), call["fault"]) == (account, fault) for call in calls):
                return
        raise AssertionError(f"no call met {fault}")

    def happened(self, provider: str, **query: str) -> Any:
        """Ask what happened at one of the accounts."""
        asked = {"provider": provider, "secret_key": self._key(provider)} | query
        return self.bare.get("/_control/happened", params=asked).json()

    def times(self, provider: str, **query: str) -> dict[str, int]:
        """Ask how often money was moved, by deed and key."""
        counted: dict[str, int] = self.happened(provider, **query)["times"]
        return counted

    def _key(self, provider: str) -> str:
        return self.stripe_key if provider == "stripe" else self.paystack_key


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    simulator = Simulator().start()
    yield simulator
    simulator.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def shop(simulator: Simulator, receiver: Receiver) -> Iterator[Shop]:
    shop = Shop(simulator.address, receiver)
    yield shop
    shop.paystack.close()
    shop.bare.close()
