"""Stripe's test cards and what each of them does; source: Stripe's page "Test card numbers"."""

from __future__ import annotations

from dataclasses import dataclass

EXPIRED = "Your card has expired."
DECLINED = "Your card was declined."


@dataclass(frozen=True)
class Card:
    """How a card behaves: `code` says why it does not pay, `challenge` that its bank asks the holder first."""

    number: str
    brand: str = "visa"
    code: str | None = None
    decline_code: str | None = None
    message: str = DECLINED
    challenge: bool = False
    refund: str = "succeeded"


CARDS = {
    "visa": Card("4242424242424242"),
    "mastercard": Card("5555555555554444", "mastercard"),
    "chargeDeclined": Card("4000000000000002", code="card_declined", decline_code="generic_decline"),
    "chargeDeclinedInsufficientFunds": Card(
        "4000000000009995", code="card_declined", decline_code="insufficient_funds",
        message="Your card has insufficient funds."),
    "chargeDeclinedLostCard": Card("4000000000009987", code="card_declined", decline_code="lost_card"),
    "chargeDeclinedStolenCard": Card("4000000000009979", code="card_declined", decline_code="stolen_card"),
    "chargeDeclinedExpiredCard": Card(
        "4000000000000069", code="expired_card", decline_code="expired_card", message=EXPIRED),
    "chargeDeclinedIncorrectCvc": Card(
        "4000000000000127", code="incorrect_cvc", decline_code="incorrect_cvc",
        message="Your card's security code is incorrect."),
    "chargeDeclinedProcessingError": Card(
        "4000000000000119", code="processing_error", decline_code="processing_error",
        message="An error occurred while processing your card. Try again in a little bit."),
    "authenticationRequired": Card("4000002760003184", challenge=True),
    "threeDSecure2Required": Card("4000000000003220", challenge=True),
    "threeDSecureRequired": Card("4000000000003063", challenge=True),
    "threeDSecureRequiredChargeDeclined": Card(
        "4000008400001629", code="card_declined", decline_code="generic_decline", challenge=True),
    "threeDSecureChargeDeclinedInsufficientFunds": Card(
        "4000008260003178", code="card_declined", decline_code="insufficient_funds", challenge=True,
        message="Your card has insufficient funds."),
    "pendingRefund": Card("4000000000007726", refund="pending"),
    "refundFail": Card("4000000000005126", refund="failed"),
}  # fmt: skip
"""By the name that Stripe's `pm_card_…` carries."""
BY_NUMBER = {card.number: name for name, card in CARDS.items()}
ALIASES = {f"visa_{name}": name for name in CARDS if name.startswith("chargeDeclined")}


def named(method: str) -> str | None:
    """Return the card behind `pm_card_…`."""
    name = method.removeprefix("pm_card_")
    name = ALIASES.get(name, name)
    return name if method.startswith("pm_card_") and name in CARDS else None


def numbered(number: str) -> str | None:
    """Return the card with this number; any other number that is well formed pays."""
    if number in BY_NUMBER:
        return BY_NUMBER[number]
    return "visa" if _luhn(number) else None


def _luhn(number: str) -> bool:
    if not number.isdigit() or not 12 <= len(number) <= 19:
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0
