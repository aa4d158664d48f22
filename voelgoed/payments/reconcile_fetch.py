"""Asking a processor for its list of a day: what it took and what it gave back, with its fees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.payments.gateways.paystack import key_of
from voelgoed.payments.reconcile_read import MOST_ITEMS, Listed

Lister = Callable[[date], list[Listed]]
Span = tuple[datetime, datetime]
TIMEOUTS = (2.0, 15.0)
"""Seconds to connect and to read: nothing of ours waits for the answer but the person who asked."""
PAYSTACK = "https://api.paystack.co"
PER_PAGE = 100
NOTE = "Refund "


class NoList(Exception):
    """The processor gave none; the words say why."""


def lister_of(account: GatewayAccount, timezone: str) -> Lister:
    """Return what lists a calendar day of an account by a clock; it needs no session from then on.

    It raises NoList where the processor does not answer, or refuses.
    """
    secret, address = (account.secret or b"").decode(), account.address
    listed = _stripe if account.gateway == "stripe" else _paystack

    def lister(day: date) -> list[Listed]:
        first, last = (datetime.combine(day + timedelta(days), time(), ZoneInfo(timezone)) for days in (0, 1))
        found: list[Listed] = []
        for one in listed(secret, address, (first, last)):
            if len(found) == MOST_ITEMS:
                raise NoList(f"more than {MOST_ITEMS} on one day: upload their export in parts")
            found.append(one)
        return found

    return lister


def _stripe(secret: str, address: str | None, span: Span) -> Iterator[Listed]:
    import stripe

    addresses: Any = {"api": address} if address else None
    http = stripe.RequestsClient(timeout=TIMEOUTS)
    client: Any = stripe.StripeClient(secret, base_addresses=addresses, http_client=http, max_network_retries=2).v1
    window = {"gte": int(span[0].timestamp()), "lt": int(span[1].timestamp())}
    expanded = ["data.latest_charge.balance_transaction"]
    try:
        intents = client.payment_intents.list({"created": window, "limit": PER_PAGE, "expand": expanded})
        for one in intents.auto_paging_iter():
            if one.status == "succeeded":
                fee = getattr(getattr(one.latest_charge, "balance_transaction", None), "fee", 0)
                yield _listed(one, one.amount_received, fee or 0)
        refunds = client.refunds.list({"created": window, "limit": PER_PAGE})
        for one in refunds.auto_paging_iter():
            if one.status in ("succeeded", "pending"):
                yield _listed(one, -one.amount, 0)
    except stripe.StripeError as error:
        raise NoList(f"Stripe gave no list ({type(error).__name__})") from None


def _listed(thing: Any, cents: int, fee: int) -> Listed:
    told = thing.metadata
    key = told["key"] if told and "key" in told else None
    return Listed(key, thing.id, cents, fee, thing.currency.upper(), datetime.fromtimestamp(thing.created, UTC))


def _paystack(secret: str, address: str | None, span: Span) -> Iterator[Listed]:
    first, last = (f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z" for moment in span)
    asked = {"from": first, "to": last}
    for one in _pages(secret, address or PAYSTACK, "/transaction", asked):
        at = _moment(one)
        if one.get("status") in ("success", "reversed") and (at is None or span[0] <= at < span[1]):
            reference = one["reference"]
            yield Listed(
                key_of(reference), reference, int(one["amount"]), int(one.get("fees") or 0), one["currency"], at
            )
    for one in _pages(secret, address or PAYSTACK, "/refund", asked):
        at = _moment(one)
        if one.get("status") != "failed" and (at is None or span[0] <= at < span[1]):
            note = str(one.get("merchant_note") or "")
            key = note.removeprefix(NOTE) if note.startswith(NOTE) else None
            yield Listed(key, str(one["id"]), -int(one["amount"]), 0, one["currency"], at)


def _pages(secret: str, address: str, path: str, asked: dict[str, str]) -> Iterator[Any]:
    import requests

    page = 0
    while True:
        page += 1
        params: dict[str, str | int] = {**asked, "perPage": PER_PAGE, "page": page}
        try:
            answer = requests.get(
                address + path, params=params, headers={"Authorization": f"Bearer {secret}"}, timeout=TIMEOUTS
            )
            said = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise NoList(f"Paystack gave no list ({type(error).__name__})") from None
        if answer.status_code >= 400 or not said.get("status"):
            raise NoList(f"Paystack gave no list ({answer.status_code})")
        yield from said["data"]
        if len(said["data"]) < PER_PAGE:
            return


def _moment(said: Any) -> datetime | None:
    written = said.get("paid_at") or said.get("createdAt") or said.get("created_at")
    try:
        return datetime.fromisoformat(written) if written else None
    except ValueError:
        return None
