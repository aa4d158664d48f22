"""Paystack over HTTP. It takes no idempotency keys: a charge's reference is its key, a refund's note holds its key."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from voelgoed.payments.gateways.budget import Budget
from voelgoed.payments.gateways.connections import connections
from voelgoed.payments.gateways.message import without_secrets
from voelgoed.payments.gateways.port import (
    Absent,
    Answer,
    Asking,
    Captured,
    Declined,
    ForgedMessage,
    Sent,
    SentBack,
    Told,
    Unknown,
    Waiting,
)

ADDRESS = "https://api.paystack.co"
NOBODY = "buyer@no-address.invalid"
"""Paystack wants an address of every buyer; this one can never be written to (RFC 2606)."""
BUSY_FOR = 2.0  # seconds
PAGE_WAIT = 10.0  # seconds between looks at a payer who is on the checkout page
UNDER_WAY = ("pending", "processing", "processed", "needs-attention")


class _NoAnswer(Exception):
    """What happened is open: no connection, no answer, 429, 5xx."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.reason)
        self.unknown = unknown


class _No(Exception):
    """Paystack refused: it did nothing."""

    def __init__(self, status: int, message: str, code: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class PaystackGateway:
    """One account at Paystack; `address` is where its API lives when that is not Paystack's own."""

    def __init__(self, secret: str, address: str | None = None) -> None:
        self._secret, self._address = secret, (address or ADDRESS).rstrip("/")

    def _call(self, budget: Budget, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        import requests

        headers = {"Authorization": f"Bearer {self._secret}"}
        try:
            answer = connections().request(
                method, self._address + path, json=body, headers=headers, timeout=budget.timeouts()
            )
            said = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise _NoAnswer(Unknown(f"Paystack gave no answer ({type(error).__name__})")) from None
        if answer.status_code == 429:
            raise _NoAnswer(Unknown("Paystack has too much to do", BUSY_FOR))
        if answer.status_code >= 500 or not isinstance(said, dict):
            raise _NoAnswer(Unknown(f"Paystack gave no answer ({answer.status_code})"))
        if answer.status_code >= 400 or not said.get("status"):
            raise _No(answer.status_code, str(said.get("message")), str(said.get("code", "")))
        return said.get("data")

    def charge(self, asking: Asking) -> Answer:
        """Charge a kept card, or begin a transaction that its payer ends on Paystack's page."""
        body: dict[str, Any] = {
            "email": asking.email or NOBODY, "amount": asking.amount_cents, "currency": asking.currency,
            "reference": reference_of(asking.key),
        }  # fmt: skip
        budget = Budget()
        try:
            if asking.method:
                body["authorization_code"] = asking.method
                return _said(self._call(budget, "POST", "/transaction/charge_authorization", body))
            body["callback_url"] = asking.return_url
            page = self._call(budget, "POST", "/transaction/initialize", body)
            return Waiting(page["authorization_url"], PAGE_WAIT)
        except _NoAnswer as open_:
            return open_.unknown
        except _No as no:
            # Paystack knows the reference: this is a repeat, and how it stands is to be found, not guessed.
            return self.find(asking) if no.code == "duplicate_reference" else Declined(str(no))

    def find(self, asking: Asking) -> Answer:
        """Verify by the reference."""
        try:
            path = f"/transaction/verify/{quote(reference_of(asking.key), safe='')}"
            return _said(self._call(Budget(), "GET", path))
        except _NoAnswer as open_:
            return open_.unknown
        except _No as no:
            known_nothing = no.status in (400, 404) and "not found" in str(no).lower()
            return Absent() if known_nothing else Unknown(f"Paystack did not say: {no}")

    def capture(self, asking: Asking, reference: str) -> Answer:
        """Say how it stands: Paystack captures at once."""
        return self.find(asking)

    def let_go(self, asking: Asking) -> Answer:
        """Say how it stands: Paystack ends no transaction; whoever still pays is found by its webhook."""
        return self.find(asking)

    def refund(self, key: str, reference: str, amount_cents: int, currency: str) -> SentBack:
        """Refund a part of a transaction, unless its refunds show that it was done."""
        before = self.find_refund(key, reference)
        if not isinstance(before, Absent):
            return before
        body = {"transaction": reference, "amount": amount_cents, "merchant_note": _note(key)}
        try:
            return _went(self._call(Budget(), "POST", "/refund", body))
        except _NoAnswer as open_:
            return open_.unknown
        except _No as no:
            return Declined(str(no))

    def find_refund(self, key: str, reference: str) -> SentBack:
        """Look for the key in the notes of a transaction's refunds."""
        try:
            found = self._call(Budget(), "GET", f"/refund?perPage=100&transaction={quote(reference, safe='')}")
        except _NoAnswer as open_:
            return open_.unknown
        except _No as no:
            return Absent() if no.status == 404 else Unknown(f"Paystack did not say: {no}")
        mine = [one for one in found if one.get("merchant_note") == _note(key)]
        return _went(mine[0]) if mine else Absent()

    def verify(self, headers: Mapping[str, str], raw: bytes) -> Told:
        """Read an event whose signature (HMAC-SHA512 under the secret key) is Paystack's; raises ForgedMessage."""
        said = headers.get("x-paystack-signature", "")
        own = hmac.new(self._secret.encode(), raw, hashlib.sha512).hexdigest()
        if not self._secret or not said.isascii() or not hmac.compare_digest(own, said):
            raise ForgedMessage("the signature is not Paystack's")
        event = json.loads(raw)
        thing = event.get("data") or {}
        name = thing.get("reference") or thing.get("transaction_reference")
        # Paystack names no event: the thing, with what became of it, is the event.
        event_key = f"{event.get('event')}:{thing.get('id')}:{thing.get('status')}"
        return Told(event_key, str(event.get("event")), key_of(name), without_secrets(event))


def reference_of(key: str) -> str:
    """Return a key as a reference: of its characters Paystack takes all but the colon."""
    return key.replace(":", ".")


def key_of(reference: str | None) -> str | None:
    """Return the key of a reference of ours."""
    return reference.replace(".", ":") if reference else None


def _note(key: str) -> str:
    return f"Refund {key}"


def _said(transaction: Any) -> Answer:
    status = transaction.get("status")
    if status in ("success", "reversed"):
        fee = transaction.get("fees")
        return Captured(transaction["reference"], int(transaction["amount"]), fee, status == "reversed")
    if status == "failed":
        return Declined(transaction.get("gateway_response") or "The card was declined.")
    return Waiting(transaction.get("url"))


def _went(refund: Any) -> SentBack:
    if refund.get("status") in UNDER_WAY:
        return Sent(str(refund["id"]))
    return Declined("The refund failed.")
