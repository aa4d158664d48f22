"""Those who use the stack from outside while its parts die: they ask again under one key until they have an answer."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Condition
from typing import Any
from uuid import uuid4

import httpx

PATIENCE = 180.0
"""Seconds after which somebody must have an answer."""
PAUSE = 0.05  # seconds between two tries
PROOF = re.compile(r'name="csrf-token" content="([^"]+)"')
Payments = list[dict[str, Any]]


@dataclass
class Answers:
    """Counts answers, so that somebody can strike amid them."""

    came: int = 0
    changed: Condition = field(default_factory=Condition)

    def one(self) -> None:
        with self.changed:
            self.came += 1
            self.changed.notify_all()

    def wait_for(self, number: int) -> None:
        """Return when so many came."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.came >= number, PATIENCE), "nobody has answers any more"


@dataclass(frozen=True)
class Sale:
    """What the stack answered about a sale, in the end."""

    id: str
    status: str
    tickets: tuple[str, ...]
    payments: tuple[tuple[str, int], ...]


@dataclass
class Patron:
    """A program with a token, and a browser with a sign-in, of one person."""

    address: str
    token: str
    cookie: tuple[str, str]
    answers: Answers

    def __post_init__(self) -> None:
        bearer = {"Authorization": f"Bearer {self.token}"}
        self.program = httpx.Client(base_url=f"{self.address}/api/v1", headers=bearer, timeout=15, trust_env=False)
        self.browser = httpx.Client(base_url=self.address, timeout=15, trust_env=False)
        self.browser.cookies.set(*self.cookie, domain="127.0.0.1", path="/")

    def until_answered(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Ask until there is an answer that says how it is: not a broken one, not "still at it"."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = ask()
            except httpx.TransportError as error:
                why: object = repr(error)
            else:
                why = (answer.status_code, answer.text[:300])
                if answer.status_code < 500 and "retry-after" not in answer.headers:
                    self.answers.one()
                    return answer
            assert time.monotonic() < deadline, why
            time.sleep(PAUSE)

    def call(self, method: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return self.until_answered(lambda: self.program.request(method, path, json=body, headers=headers))

    def open(self, event_id: str, type_id: str, quantity: int = 1) -> str:
        """Hold tickets; returns the checkout."""
        wanted = {"event_id": event_id, "lines": [{"ticket_type_id": type_id, "quantity": quantity}]}
        opened = self.call("POST", "/checkouts", wanted, key=str(uuid4()))
        assert opened.status_code == 201, opened.text
        return str(opened.json()["id"])

    def sell(self, event_id: str, type_id: str, payments: Payments, goes_to_bank: Callable[[str], None]) -> Sale:
        """Sell one ticket; `goes_to_bank` is called with the page to which the payer has to go, once."""
        checkout_id = self.open(event_id, type_id)
        path = f"/checkouts/{checkout_id}"
        said = self.call("POST", f"{path}/complete", {"payments": payments}, key=str(uuid4()))
        assert said.status_code in (200, 202, 409), said.text
        deadline, been = time.monotonic() + PATIENCE, False
        while True:
            now = self.call("GET", path).json()
            if now["status"] != "paying" or now["needs_person"]:
                break
            if now["redirect_url"] and not been:
                goes_to_bank(now["redirect_url"])
                been = True
            assert time.monotonic() < deadline, now
            time.sleep(PAUSE)
        paid = tuple((one["gateway"], one["amount_cents"]) for one in payments)
        return Sale(checkout_id, now["status"], tuple(one["id"] for one in now["tickets"]), paid)

    def refund(self, sale: Sale) -> str:
        """Give a sale's tickets back; returns the refund."""
        asked = {"tickets": list(sale.tickets), "reason": "rain"}
        given = self.call("POST", f"/checkouts/{sale.id}/refunds", asked, key=str(uuid4()))
        assert given.status_code == 201, given.text
        return str(given.json()["id"])

    def exchange(self, slug: str, sale: Sale, type_id: str) -> str:
        """Exchange a sale's tickets on the page; returns the new sale."""
        page = f"/{slug}/sales/{sale.id}/exchange"
        asked = self.until_answered(lambda: self.browser.get(page))
        proof = PROOF.search(asked.text)
        assert proof is not None, asked.text[:500]
        form = {
            "csrf_token": proof[1], "tickets": list(sale.tickets), "ticket_type_id": type_id, "reason": "she is eleven",
            "key": str(uuid4()),
        }  # fmt: skip
        done = self.until_answered(lambda: self.browser.post(f"{page}s", data=form))
        assert done.status_code == 303, done.text[:2000]
        return done.headers["location"].rpartition("/")[2]


def at_once(deeds: list[Callable[[], Any]], meanwhile: Callable[[], None], many: int = 4) -> list[Any]:
    """Do deeds, so many at a time, while something happens; returns what each came to."""
    with ThreadPoolExecutor(many) as pool:
        begun = [pool.submit(deed) for deed in deeds]
        meanwhile()
        return [one.result() for one in begun]
