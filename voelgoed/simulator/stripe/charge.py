"""Charges and what they do to the balance: one charge per attempt to pay."""

from __future__ import annotations

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Call
from voelgoed.simulator.stripe.card import Card
from voelgoed.simulator.stripe.method import details
from voelgoed.simulator.world import token

FEE_BASIS_POINTS, FEE_FLAT = 290, 30
"""What the processor keeps: 2.9 % and 30 cents."""


def fee(amount: int) -> int:
    """Return the processor's fee in cents, half a cent up."""
    return (amount * FEE_BASIS_POINTS + 5_000) // 10_000 + FEE_FLAT


def attempt(call: Call, intent: Row, method: Row, card: Card) -> Row:
    """Charge a card; it is paid unless the card says why not. Captured only when the intent captures at once."""
    paid = card.code is None
    captured = paid and intent["capture_method"] != "manual"
    charge = {
        "id": token("ch_"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "captured": False,
        "created": call.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": card.code,
        "failure_message": None if paid else card.message,
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "outcome": _outcome(card),
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": details(method),
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "status": "succeeded" if paid else "failed",
        "_refund": card.refund,
    }
    call.put("charge", charge)
    if captured:
        capture(call, charge, intent["amount"])
    return charge


def capture(call: Call, charge: Row, amount: int) -> None:
    """Take an authorised amount: here money moves."""
    charge |= {"captured": True, "amount_captured": amount}
    charge["balance_transaction"] = movement(call, charge, "charge", amount, fee(amount))["id"]
    call.put("charge", charge)
    call.world.work(call.owner, "charge", call.key, charge, amount)


def movement(call: Call, source: Row, kind: str, amount: int, kept: int) -> Row:
    """Write a balance transaction; `amount` is negative when it leaves."""
    fees = [{"amount": kept, "application": None, "currency": source["currency"],
             "description": "Stripe processing fees", "type": "stripe_fee"}]  # fmt: skip
    row = {
        "id": token("txn_"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": call.now() + 2 * 24 * 3600,
        "created": call.now(),
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": kept,
        "fee_details": fees if kept else [],
        "net": amount - kept,
        "reporting_category": kind,
        "source": source["id"],
        "status": "pending",
        "type": kind,
    }
    return call.put("balance_transaction", row)


def _outcome(card: Card) -> Row:
    if card.code is None:
        return {"network_status": "approved_by_network", "reason": None, "risk_level": "normal", "type": "authorized",
                "seller_message": "Payment complete."}  # fmt: skip
    return {"network_status": "declined_by_network", "reason": card.decline_code, "risk_level": "normal",
            "type": "issuer_declined", "seller_message": "The bank did not authorise the payment."}  # fmt: skip
