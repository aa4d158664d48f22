"""Stripe, through its own SDK: one payment intent per charge, found again by the key in its metadata."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from voelgoed.payments.gateways import stripe_message
from voelgoed.payments.gateways.budget import Budget
from voelgoed.payments.gateways.connections import connections
from voelgoed.payments.gateways.port import (
    Absent,
    Answer,
    Asking,
    Captured,
    Declined,
    Sent,
    SentBack,
    Told,
    Unknown,
    Waiting,
)

P = ParamSpec("P")
R = TypeVar("R")

EARLIER, LATER = timedelta(minutes=5), timedelta(days=1)
"""Around when a charge was written down its intent was made: our clocks may differ, and it may have been repeated."""
SEARCHED = ["data.latest_charge.balance_transaction"]
EXPANDED = ["latest_charge.balance_transaction"]
CANCELLABLE = ("requires_action", "requires_payment_method", "requires_confirmation", "requires_capture", "processing")
BUSY_FOR = 2.0  # seconds


def _guarded(call: Callable[P, R]) -> Callable[P, R]:
    """Answer Unknown for whatever leaves open what happened: no connection, no answer, 409, 429, 5xx."""

    @wraps(call)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
        import stripe

        try:
            return call(*args, **kwargs)
        except stripe.RateLimitError:
            return Unknown("Stripe has too much to do", BUSY_FOR)
        except stripe.StripeError as error:
            return Unknown(f"Stripe gave no answer ({type(error).__name__}, {error.http_status or 'no status'})")

    return guarded


class StripeGateway:
    """One account at Stripe; `address` is where its API lives when that is not Stripe's own."""

    def __init__(self, secret: str, webhook_secret: str, address: str | None = None) -> None:
        self._secret, self._webhook_secret, self._address = secret, webhook_secret, address

    def _client(self, budget: Budget) -> Any:
        import stripe

        http = stripe.RequestsClient(timeout=budget.timeouts(), session=connections())
        addresses: Any = {"api": self._address} if self._address else None
        client = stripe.StripeClient(self._secret, base_addresses=addresses, http_client=http, max_network_retries=0)
        return client.v1

    @_guarded
    def charge(self, asking: Asking) -> Answer:
        """Make and confirm an intent in one call, under the key."""
        import stripe

        params: dict[str, Any] = {
            "amount": asking.amount_cents, "currency": asking.currency.lower(), "confirm": True,
            "payment_method": asking.method, "return_url": asking.return_url, "metadata": {"key": asking.key},
            "automatic_payment_methods": {"enabled": True}, "expand": EXPANDED,
        }  # fmt: skip
        if asking.words:
            params["description"] = asking.words
        client = self._client(Budget())
        try:
            intent = client.payment_intents.create(params, {"idempotency_key": asking.key})
        except (stripe.CardError, stripe.InvalidRequestError, stripe.AuthenticationError, stripe.PermissionError) as no:
            return Declined(no.user_message or "Stripe refused it.")
        return _said(intent)

    @_guarded
    def find(self, asking: Asking) -> Answer:
        """Look for the key among the intents made around then; the list is exact, unlike Stripe's search."""
        intent = self._intent(asking, self._client(Budget()))
        return Absent() if intent is None else _said(intent)

    def _intent(self, asking: Asking, client: Any) -> Any:
        window = {"gte": int((asking.made_at - EARLIER).timestamp()), "lte": int((asking.made_at + LATER).timestamp())}
        found = client.payment_intents.list({"created": window, "limit": 100, "expand": SEARCHED})
        mine = (one for one in found.auto_paging_iter() if _key(one) == asking.key)
        return next(mine, None)

    @_guarded
    def capture(self, asking: Asking, reference: str) -> Answer:
        """Capture an authorised intent."""
        import stripe

        options = {"idempotency_key": f"{asking.key}:capture"}
        try:
            return _said(self._client(Budget()).payment_intents.capture(reference, {"expand": EXPANDED}, options))
        except stripe.InvalidRequestError as no:
            return Declined(no.user_message or "Stripe refused it.")

    @_guarded
    def let_go(self, asking: Asking) -> Answer:
        """Cancel the intent unless it has taken money."""
        import stripe

        client = self._client(Budget())
        intent = self._intent(asking, client)
        if intent is None:
            return Absent()
        if intent.status not in CANCELLABLE:
            return _said(intent)
        try:
            return _said(client.payment_intents.cancel(intent.id, {"expand": EXPANDED}))
        except stripe.InvalidRequestError:  # it went on meanwhile
            return _said(client.payment_intents.retrieve(intent.id, {"expand": EXPANDED}))

    @_guarded
    def refund(self, key: str, reference: str, amount_cents: int, currency: str) -> SentBack:
        """Refund a part of an intent; a key older than a day is forgotten by Stripe, so it is looked for first."""
        import stripe

        client = self._client(Budget())
        before = _refund(client, key, reference)
        if before is not None:
            return _went(before)
        params = {"payment_intent": reference, "amount": amount_cents, "metadata": {"key": key}}
        try:
            return _went(client.refunds.create(params, {"idempotency_key": key}))
        except (stripe.InvalidRequestError, stripe.AuthenticationError, stripe.PermissionError) as no:
            return Declined(no.user_message or "Stripe refused it.")

    @_guarded
    def find_refund(self, key: str, reference: str) -> SentBack:
        """Look for the key among the refunds of an intent."""
        found = _refund(self._client(Budget()), key, reference)
        return Absent() if found is None else _went(found)

    def verify(self, headers: Mapping[str, str], raw: bytes) -> Told:
        """Read an event; raises ForgedMessage."""
        return stripe_message.read(self._webhook_secret, headers, raw)


def _key(thing: Any) -> str | None:
    told: Any = thing.metadata
    return told["key"] if told and "key" in told else None


def _said(intent: Any) -> Answer:
    if intent.status == "succeeded":
        charge: Any = intent.latest_charge
        return Captured(intent.id, intent.amount_received, _fee(charge), bool(getattr(charge, "refunded", False)))
    if intent.status == "requires_action":
        return Waiting(_redirect(intent.next_action))
    if intent.status in ("processing", "requires_capture"):
        return Waiting()
    if intent.status == "canceled":
        return Declined("It was cancelled.")
    error = intent.last_payment_error
    if error is None:  # made, and never confirmed
        return Absent()
    return Declined(error.message or "The card was declined.")


def _redirect(action: Any) -> str | None:
    leads = getattr(action, "redirect_to_url", None)
    return leads.url if leads else None


def _fee(charge: Any) -> int | None:
    movement = getattr(charge, "balance_transaction", None)
    fee = getattr(movement, "fee", None)
    return int(fee) if fee is not None else None


def _refund(client: Any, key: str, reference: str) -> Any:
    found = client.refunds.list({"payment_intent": reference, "limit": 100})
    return next((one for one in found.auto_paging_iter() if _key(one) == key), None)


def _went(refund: Any) -> SentBack:
    if refund.status in ("failed", "canceled"):
        return Declined(getattr(refund, "failure_reason", None) or "The refund failed.")
    return Sent(refund.id)
