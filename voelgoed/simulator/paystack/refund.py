"""Refunds: asked for at once, done a little later, never more than was paid."""

from __future__ import annotations

import secrets
from typing import Any

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Call
from voelgoed.simulator.paystack.door import paystack, refused, said, whole, written
from voelgoed.simulator.paystack.transaction import envelope, paged


@paystack.post("/refund")
def create(call: Call) -> Row:
    """Give back all or a part of a transaction, named by reference or number."""
    transaction = _paid(call, call.body.get("transaction"))
    left = transaction["amount"] - transaction["_refunded"]
    amount = whole(call.body.get("amount", left or 1), "amount")
    if not left:
        raise refused("Transaction has been fully reversed", "transaction_reversed")
    if amount > left:
        raise refused("Refund amount cannot be more than the transaction amount that is left", "refund_amount_exceeded")
    refund = _blank(call, transaction, amount)
    transaction["_refunded"] += amount
    call.put("transaction", transaction)
    call.put("refund", refund)
    call.world.work(call.owner, "refund", transaction["reference"], refund, amount)
    answered = refund | {"transaction": dict(transaction)}
    if call.account["refunds"] != "pending":
        settle(call, refund, call.account["refunds"])
    return said("Refund has been queued for processing", answered)


@paystack.get("/refund/<number>")
def fetch(call: Call, number: str) -> Row:
    """Return a refund by its number."""
    row = call.table("refund").get(number)
    if row is None:
        raise refused("Refund not found", "refund_not_found", status=404)
    return said("Refund retrieved", row)


@paystack.get("/refund")
def many(call: Call) -> Row:
    """List refunds, newest first; of one transaction by its number or its reference."""
    rows = call.table("refund").newest()
    named = call.query.get("transaction") or call.query.get("reference")
    if named:
        rows = [row for row in rows if named in (str(row["transaction"]), row["transaction_reference"])]
    page, meta = paged(call, rows)
    return said("Refunds retrieved", page, meta=meta)


def settle(call: Call, refund: Row, status: str) -> None:
    """Let a refund end: `processed` or `failed`, when the money stays where it is; tells it."""
    if refund["status"] in ("processed", "failed"):
        return
    now = written(call.world.now())
    refund |= {"status": status, "updatedAt": now, "refunded_at": now if status == "processed" else None}
    call.put("refund", refund)
    transaction = call.table("transaction").rows[str(refund["transaction"])]
    if status == "failed":
        transaction["_refunded"] -= refund["amount"]
    elif transaction["_refunded"] == transaction["amount"]:
        transaction["status"] = "reversed"
    call.put("transaction", transaction)
    # The real one's message names the transaction, not the refund: who needs the refund asks for it.
    told = {
        "status": status,
        "transaction_reference": refund["transaction_reference"],
        "refund_reference": refund["bank_reference"],
        "amount": str(refund["amount"]),
        "currency": refund["currency"],
        "processor": "simulator",
        "customer": transaction["customer"],
        "integration": refund["integration"],
        "domain": "test",
    }
    call.tell(f"refund.{status}", envelope(f"refund.{status}", told))


def _paid(call: Call, named: Any) -> Row:
    table = call.table("transaction")
    row = table.get(named) or next(iter(table.find("reference", named)), None)
    if row is None:
        raise refused("Transaction not found", "transaction_not_found", status=404)
    if row["status"] not in ("success", "reversed"):
        raise refused("Transaction has not been paid and cannot be refunded", "transaction_not_successful")
    return row


def _blank(call: Call, transaction: Row, amount: int) -> Row:
    now, said_ = call.world.now(), call.body
    return {
        "id": secrets.randbelow(9 * 10**8) + 10**8,
        "integration": 100_000,
        "domain": "test",
        "transaction": transaction["id"],
        "transaction_reference": transaction["reference"],
        "transaction_amount": transaction["amount"],
        "amount": amount,
        "currency": transaction["currency"],
        "channel": "card",
        "status": "pending",
        "bank_reference": str(secrets.randbelow(10**12)),
        "customer_note": said_.get("customer_note", f"Refund for transaction {transaction['reference']}"),
        "merchant_note": said_.get("merchant_note", f"Refund for transaction {transaction['reference']}"),
        "deducted_amount": amount,
        "fully_deducted": True,
        "refunded_by": "simulator@example.com",
        "refunded_at": None,
        "expected_at": written(now + 7 * 24 * 3600),
        "createdAt": written(now),
        "updatedAt": written(now),
        "_created": now,
    }
