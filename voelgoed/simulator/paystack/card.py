"""Paystack's test cards and what each of them does; source: Paystack's page "Test payments"."""

from __future__ import annotations

from dataclasses import dataclass

OTP = "123456"
"""The one-time password that the simulated bank sends."""


@dataclass(frozen=True)
class Card:
    """How a card behaves: `response` is what the gateway says; `asks` what the holder must do first."""

    number: str
    response: str = "Approved"
    asks: str | None = None
    brand: str = "visa"

    @property
    def pays(self) -> bool:
        """Whether the bank agrees in the end."""
        return self.response == "Approved"


CARDS = {
    "success": Card("4084084084084081"),
    "declined": Card("4084080000005408", "Declined"),
    "insufficient": Card("4084080000670037", "Insufficient Funds"),
    "otp": Card("507850785078507812", asks="send_otp", brand="verve"),
    "otp_declined": Card("507850785078507820", "Declined", asks="send_otp", brand="verve"),
    "bank": Card("4084080000000409", asks="open_url"),
}
BY_NUMBER = {card.number: name for name, card in CARDS.items()}
AUTHORIZATIONS = {f"AUTH_{name}": name for name in ("success", "declined", "insufficient", "otp")}
"""Codes that every account has from the start; `AUTH_otp` shows what a bank that asks does to a repeated charge."""


def numbered(number: str) -> str | None:
    """Return the card with this number; any other card pays."""
    digits = number.replace(" ", "")
    if digits in BY_NUMBER:
        return BY_NUMBER[digits]
    return "success" if digits.isdigit() and 12 <= len(digits) <= 19 else None
