"""`voelgoed demo --live`: people come, through the public API, with the demo's own phones; it stops by itself."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

Say = Callable[[str], None]


@dataclass
class Phone:
    """A phone of the demo that counts its own sequence."""

    token: str
    numbers: Iterator[int]


class House:
    """One organization's traffic: sales by its box office, scans by its phones."""

    def __init__(self, base_url: str, said: dict[str, Any]) -> None:
        self.base, self.name = base_url, said["name"]
        self.token = said["api_tokens"]["box_office"]
        self.phones = [Phone(one["token"], itertools.count(one["next_sequence"])) for one in said["device_tokens"]]
        self.event_id = said["device_tokens"][0]["event_id"] if said["device_tokens"] else None
        self.waiting: list[str] = list(said["unused_codes"])
        self.inside: list[str] = []

    def call(self, method: str, path: str, token: str, body: Any = None, key: str | None = None) -> Any:
        """Call the API and return what it said; a refusal is an answer too."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        content = json.dumps(body).encode() if body is not None else None
        request = Request(f"{self.base}/api/v1{path}", content, headers, method=method)  # noqa: S310 our own address
        try:
            with urlopen(request, timeout=10) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as refused:
            return json.load(refused)

    def sell(self, chance: Random) -> str:
        """Sell one or two tickets of a type that is on sale; their codes will come to the gate."""
        types = [
            one for one in self.call("GET", f"/events/{self.event_id}", self.token)["ticket_types"] if one["on_sale"]
        ]
        if not types:
            return "sold out"
        line = {"ticket_type_id": chance.choice(types)["id"], "quantity": chance.choice((1, 1, 2))}
        made = self.call("POST", "/checkouts", self.token, {"event_id": self.event_id, "lines": [line]}, str(uuid4()))
        if "id" not in made:
            return str(made.get("type"))
        due = made["total_cents"]
        payments = [{"gateway": "cash", "amount_cents": due, "tendered_cents": due}] if due else []
        paid = self.call("POST", f"/checkouts/{made['id']}/complete", self.token, {"payments": payments}, str(uuid4()))
        self.waiting += [one["code"] for one in paid.get("tickets", []) if "code" in one]
        return str(paid.get("status", paid.get("type")))

    def scan(self, chance: Random) -> str:
        """Let somebody in, or out again, at one of the gates."""
        leaving = bool(self.inside) and chance.random() < 0.12
        pile = self.inside if leaving else self.waiting
        if not pile or not self.phones:
            return "nobody waits"
        code = pile.pop(chance.randrange(len(pile)))
        phone = chance.choice(self.phones)
        body = {
            "scan_id": str(uuid4()),
            "sequence": next(phone.numbers),
            "code": code,
            "direction": "out" if leaving else "in",
            "scanned_at": datetime.now(UTC).isoformat(),
        }
        verdict = str(self.call("POST", "/scans", phone.token, body).get("verdict"))
        if verdict == "admitted":
            self.inside.append(code)
        return verdict


def run(said: dict[str, Any], seconds: int, per_minute: int, say: Say) -> None:
    """Go on for so many seconds on the demo's own address, which must be this machine's."""
    if urlsplit(said["base_url"]).hostname not in ("127.0.0.1", "localhost", "::1"):
        say("the demo lives only on this machine")
        return
    houses = [House(said["base_url"], house) for house in said["organizations"]]
    chance, until, done = Random(), time.monotonic() + seconds, 0  # noqa: S311 traffic, not a secret
    for turn in itertools.count():
        if time.monotonic() >= until:
            break
        house = houses[turn % len(houses)]
        word = house.sell(chance) if chance.random() < 0.3 else house.scan(chance)
        done += 1
        if done % 20 == 0:
            say(f"{done} deeds; the last at {house.name}: {word}")
        time.sleep(60 / per_minute)
    say(f"{done} deeds in {seconds} seconds")
