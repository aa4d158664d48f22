"""Payment methods: cards as Stripe keeps them. A number is never kept, only how its card behaves."""

from __future__ import annotations

from typing import Any

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Call
from voelgoed.simulator.stripe.card import CARDS, Card, named, numbered
from voelgoed.simulator.stripe.door import card_error, invalid, missing, stripe
from voelgoed.simulator.world import token


@stripe.post("/v1/payment_methods")
def create(call: Call) -> Row:
    """Keep a card."""
    return made(call, call.body)


def given(call: Call) -> Row | None:
    """Return the method that a call names or describes; a test method becomes one of its own, as at Stripe."""
    described, name = call.body.get("payment_method_data"), call.body.get("payment_method")
    if described:
        return made(call, described)
    if not name:
        return None
    kept = call.table("payment_method").get(name)
    if kept:
        return kept
    card = named(str(name))
    if card is None:
        raise missing("PaymentMethod", name, "payment_method")
    return _kept(call, card, {})


def made(call: Call, described: Any) -> Row:
    """Make a method of a described card."""
    if not isinstance(described, dict) or described.get("type") != "card":
        raise invalid("The simulator takes payment methods of type card only.", param="type")
    card = described.get("card")
    if isinstance(card, dict) and card.get("token"):
        name = named(str(card["token"]).replace("tok_", "pm_card_", 1))
    else:
        name = numbered(str(card.get("number", "")).replace(" ", "")) if isinstance(card, dict) else None
    if name is None:
        raise card_error("Your card number is incorrect.", code="incorrect_number", param="number")
    return _kept(call, name, described)


def card_of(method: Row) -> Card:
    """Return how a kept card behaves."""
    return CARDS[method["_card"]]


def details(method: Row) -> Row:
    """Return `payment_method_details` as a charge shows them."""
    return {"type": "card", "card": method["card"] | {"network": method["card"]["brand"], "three_d_secure": None}}


def _kept(call: Call, name: str, described: Row) -> Row:
    card, number = CARDS[name], token("pm_")
    shown = described.get("card") or {}
    row = {
        "id": number,
        "object": "payment_method",
        "type": "card",
        "card": {
            "brand": card.brand,
            "last4": str(shown.get("number", card.number))[-4:],
            "exp_month": int(shown.get("exp_month", 12)),
            "exp_year": int(shown.get("exp_year", 2034)),
            "country": "ZA",
            "funding": "credit",
            "fingerprint": token("", 16),
        },
        "billing_details": described.get("billing_details") or {},
        "created": call.now(),
        "customer": None,
        "livemode": False,
        "metadata": described.get("metadata") or {},
        "_card": name,
    }
    return call.put("payment_method", row)
