"""Webhooks on their way: one thread per account, in order, tried again when nobody takes them."""

from __future__ import annotations

import hashlib
import heapq
import hmac
import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from voelgoed.simulator.books import Row

if TYPE_CHECKING:
    from voelgoed.simulator.world import World

PATIENCE = 10.0
"""Seconds that a receiver has to answer."""
# A proxy of the environment is for the world outside; webhooks go to a neighbour.
_open = build_opener(ProxyHandler({})).open


@dataclass(order=True)
class Parcel:
    """A webhook that leaves at `due`."""

    due: float
    place: int
    delivery: Row = field(compare=False)
    forged: bool = field(default=False, compare=False)


class Couriers:
    """Deals webhooks out to the couriers of their accounts, with the faults that were ordered."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._couriers: dict[str, Courier] = {}
        self._waiting: list[Row] = []
        self._held: dict[str, list[Row]] = {}
        self._places = itertools.count()

    def send(self, account: Row, event: str, body: Row) -> None:
        """Have a webhook leave when the running deed ends; an account without an address gets none."""
        if not account["webhook_url"]:
            return
        number = f"hook_{len(self.world.books(account['id'])['delivery'].order) + 1}"
        text = json.dumps(body, separators=(",", ":"))
        delivery = {"id": number, "account": account["id"], "event": event, "text": text, "tries": 0, "done": False}
        self._waiting.append(self.world.put(account["id"], "delivery", delivery))

    def leave(self) -> None:
        """Hand over what the deed that just ended wants to tell."""
        waiting, self._waiting = self._waiting, []
        for delivery in waiting:
            self._dispatch(delivery)

    def resume(self) -> None:
        """Send what a killed process had not delivered."""
        for account in self.world.accounts():
            for delivery in self.world.books(account["id"])["delivery"].rows.values():
                if not delivery["done"]:
                    self._dispatch(delivery)

    def forget(self) -> None:
        """Stop every courier."""
        for courier in self._couriers.values():
            courier.stop()
        self._couriers, self._waiting, self._held = {}, [], {}

    def _dispatch(self, delivery: Row) -> None:
        account = self._account(delivery)
        fault = self.world.faults.take_webhook(account["provider"], account["id"], delivery["event"])
        do = fault.do if fault else ""
        if fault and do == "reorder":
            self._hold(account["id"], delivery, whole=fault.times <= 0, seconds=fault.seconds)
        elif do == "swallow":
            delivery["done"], delivery["fate"] = True, "swallowed"
            self.world.put(account["id"], "delivery", delivery)
        else:
            self._give(delivery, fault.seconds if fault and do == "delay" else 0, forged=do == "wrong_signature")
            if do == "duplicate":
                self._give(delivery, 0)

    def _hold(self, account: str, delivery: Row, *, whole: bool, seconds: float) -> None:
        held = self._held.setdefault(account, [])
        held.append(delivery)
        if whole:
            self._release(account)
        elif len(held) == 1:
            timer = threading.Timer(seconds, self._release, (account,))
            timer.daemon = True
            timer.start()

    def _release(self, account: str) -> None:
        with self.world.lock:
            for delivery in reversed(self._held.pop(account, [])):
                self._give(delivery, 0)

    def _give(self, delivery: Row, seconds: float, *, forged: bool = False) -> None:
        account = self._account(delivery)
        courier = self._couriers.get(account["id"])
        if courier is None:
            courier = self._couriers[account["id"]] = Courier(self.world, account)
        courier.take(Parcel(time.monotonic() + seconds, next(self._places), delivery, forged))

    def _account(self, delivery: Row) -> Row:
        account: Row = self.world.books("")["account"].rows[delivery["account"]]
        return account


class Courier:
    """Carries one account's webhooks, one after the other."""

    def __init__(self, world: World, account: Row) -> None:
        self.world, self.account = world, account
        self._parcels: list[Parcel] = []
        self._bell = threading.Condition()
        self._stopped = False
        threading.Thread(target=self._run, name=f"courier {account['id']}", daemon=True).start()

    def take(self, parcel: Parcel) -> None:
        """Accept a parcel."""
        with self._bell:
            heapq.heappush(self._parcels, parcel)
            self._bell.notify()

    def stop(self) -> None:
        """Carry nothing more."""
        with self._bell:
            self._stopped = True
            self._bell.notify()

    def _run(self) -> None:
        while (parcel := self._next()) is not None:
            status = _post(self.account, parcel.delivery["text"].encode(), forged=parcel.forged)
            if not self._stopped:
                self._note(parcel, status)

    def _next(self) -> Parcel | None:
        with self._bell:
            while not self._stopped:
                wait = self._parcels[0].due - time.monotonic() if self._parcels else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._parcels)
                self._bell.wait(wait)
        return None

    def _note(self, parcel: Parcel, status: int) -> None:
        delivery, waits = parcel.delivery, self.account["retries"]
        taken = 200 <= status < 300
        with self.world.deed():
            delivery["tries"] += 1
            delivery["status"] = status
            delivery["done"] = delivery["done"] or taken or delivery["tries"] > len(waits)
            self.world.put(self.account["id"], "delivery", delivery)
        if not delivery["done"]:
            self.take(Parcel(time.monotonic() + waits[delivery["tries"] - 1], parcel.place, delivery))


def signed(account: Row, body: bytes, *, forged: bool = False) -> dict[str, str]:
    """Return the header by which the receiver knows who sent this; `forged` signs with a secret that is not theirs."""
    if account["provider"] == "stripe":
        at = int(time.time())
        mark = _mac(account["webhook_secret"] or "", f"{at}.".encode() + body, hashlib.sha256, forged=forged)
        return {"Stripe-Signature": f"t={at},v1={mark}"}
    return {"x-paystack-signature": _mac(account["secret_key"], body, hashlib.sha512, forged=forged)}


def _mac(secret: str, body: bytes, digest: Any, *, forged: bool) -> str:
    return hmac.new(("forged " if forged else "").encode() + secret.encode(), body, digest).hexdigest()


def _post(account: Row, body: bytes, *, forged: bool) -> int:
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Voelgoed-payment-simulator/1.0"}
    request = Request(account["webhook_url"], body, headers | signed(account, body, forged=forged), method="POST")  # noqa: S310
    try:
        with _open(request, timeout=PATIENCE) as answer:
            status: int = answer.status
            return status
    except HTTPError as error:
        return error.code
    except (OSError, HTTPException):
        return 0
