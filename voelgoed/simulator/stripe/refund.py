"""Refunds: never more than was taken."""

from __future__ import annotations

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Call
from voelgoed.simulator.stripe.charge import movement
from voelgoed.simulator.stripe.door import invalid, missing, stripe
from voelgoed.simulator.stripe.event import announce
from voelgoed.simulator.stripe.expand import expand
from voelgoed.simulator.stripe.intent import found
from voelgoed.simulator.stripe.params import known, whole
from voelgoed.simulator.world import token

CREATE = {"amount", "charge", "payment_intent", "metadata", "reason", "refund_application_fee", "reverse_transfer",
          "instructions_email", "expand"}  # fmt: skip
REASONS = ("duplicate", "fraudulent", "requested_by_customer")


@stripe.post("/v1/refunds")
def create(call: Call) -> Row:
    """Give back all or a part of a charge."""
    known(call, CREATE)
    charge = _charge(call)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["refunded"] or not left:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = whole(call.body.get("amount", str(left)), "amount", least=1)
    if amount > left:
        message = f"Refund amount ({_money(amount)}) is greater than unrefunded amount on charge ({_money(left)})"
        raise invalid(message, param="amount")
    reason = call.body.get("reason")
    if reason is not None and reason not in REASONS:
        raise invalid(f"Invalid reason: must be one of {', '.join(REASONS)}", param="reason")
    return expand(call, _given_back(call, charge, amount))


def settle(call: Call, refund: Row, status: str) -> None:
    """Let a refund that waited, or that seemed to go well, end; one that fails puts the money back on the balance."""
    if refund["status"] == status or refund["status"] == "failed":
        return
    refund["status"] = status
    if status == "failed":
        refund["failure_reason"] = "expired_or_canceled_card"
        charge = call.table("charge").rows[refund["charge"]]
        charge |= {"amount_refunded": charge["amount_refunded"] - refund["amount"], "refunded": False}
        call.put("charge", charge)
        back = movement(call, refund, "refund_failure", refund["amount"], 0)
        refund["failure_balance_transaction"] = back["id"]
    call.put("refund", refund)
    announce(call, "refund.failed" if status == "failed" else "refund.updated", refund)


def _charge(call: Call) -> Row:
    name, intent = call.body.get("charge"), call.body.get("payment_intent")
    if intent:
        latest = found(call, intent)["latest_charge"]
        charge = call.table("charge").get(latest)
        if charge is None or not charge["captured"]:
            message = f"This PaymentIntent ({intent}) does not have a successful charge to refund."
            raise invalid(message, param="payment_intent")
        return charge
    if not name:
        raise invalid("One of the following params should be provided for this request: payment_intent or charge.")
    charge = call.table("charge").get(name)
    if charge is None:
        raise missing("charge", name, "charge")
    return charge


def _given_back(call: Call, charge: Row, amount: int) -> Row:
    status = {"pending": "pending"}.get(charge["_refund"], "succeeded")
    refund = {
        "id": token("re_"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": call.now(),
        "currency": charge["currency"],
        "description": None,
        "destination_details": {"type": "card", "card": {"type": "refund", "reference_status": "pending"}},
        "metadata": call.body.get("metadata") or {},
        "payment_intent": charge["payment_intent"],
        "reason": call.body.get("reason"),
        "receipt_number": None,
        "status": status,
    }
    refund["balance_transaction"] = movement(call, refund, "refund", -amount, 0)["id"]
    call.put("refund", refund)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    call.put("charge", charge)
    call.world.work(call.owner, "refund", call.key, refund, amount)
    announce(call, "charge.refunded", charge)
    if charge["_refund"] == "failed" or call.account["refunds"] == "failed":
        answered = dict(refund)
        settle(call, refund, "failed")
        return answered
    return refund


def _money(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"
