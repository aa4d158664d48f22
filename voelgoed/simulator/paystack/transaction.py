"""Transactions: begun, verified, listed, and how they end."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Call
from voelgoed.simulator.paystack.card import CARDS
from voelgoed.simulator.paystack.door import paystack, read_time, refused, said, whole, written
from voelgoed.simulator.world import shown, token

REFERENCE = re.compile(r"^[A-Za-z0-9.=_-]{1,200}$")
CURRENCIES = ("ZAR", "NGN", "GHS", "KES", "USD")
FEE_BASIS_POINTS, FEE_FLAT, VAT_BASIS_POINTS = 290, 100, 1500
"""What the processor keeps of a South African card: 2.9 % and one rand, and VAT on both."""


@paystack.post("/transaction/initialize")
def initialize(call: Call) -> Row:
    """Begin a transaction that its payer ends on the page at `authorization_url`."""
    row = begin(call)
    row |= {"status": "abandoned", "gateway_response": "The transaction was not completed"}
    call.put("transaction", row)
    page = f"{call.root}/simulator/checkout/{call.owner}/{row['_access_code']}"
    data = {"authorization_url": page, "access_code": row["_access_code"], "reference": row["reference"]}
    return said("Authorization URL created", data)


@paystack.get("/transaction/verify/<reference>")
def verify(call: Call, reference: str) -> Row:
    """Say how a transaction stands."""
    rows = call.table("transaction").find("reference", reference)
    if not rows:
        raise refused("Transaction reference not found", "transaction_not_found",
                      step="Ensure that you're passing the reference of a transaction that exists")  # fmt: skip
    return said("Verification successful", rows[0])


@paystack.get("/transaction/<int:number>")
def fetch(call: Call, number: int) -> Row:
    """Return a transaction by its number."""
    row = call.table("transaction").get(number)
    if row is None:
        raise refused("Transaction not found", "transaction_not_found", status=404)
    return said("Transaction retrieved", row)


@paystack.get("/transaction")
def many(call: Call) -> Row:
    """List transactions, newest first, by the time when they began."""
    since = read_time(call.query["from"], "from") if "from" in call.query else 0
    until = read_time(call.query["to"], "to", end=True) if "to" in call.query else float("inf")
    wanted = {name: call.query[name] for name in ("status", "amount") if name in call.query}
    rows = [row for row in call.table("transaction").newest(since, until)
            if all(str(row[name]) == value for name, value in wanted.items())]  # fmt: skip
    page, meta = paged(call, rows)
    return said("Transactions retrieved", page, meta=meta | {"total_volume": sum(row["amount"] for row in rows)})


def paged(call: Call, rows: list[Row]) -> tuple[list[Row], Row]:
    """Return one page and what there is beside it."""
    size, page = whole(call.query.get("perPage", 50), "perPage"), whole(call.query.get("page", 1), "page")
    meta = {"total": len(rows), "skipped": (page - 1) * size, "perPage": size, "page": page,
            "pageCount": max(1, -(-len(rows) // size))}  # fmt: skip
    return rows[(page - 1) * size : page * size], meta


def begin(call: Call) -> Row:
    """Make a transaction of what was sent; its reference must be new to the account."""
    said_ = call.body
    amount = whole(said_.get("amount", ""), "Amount")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", str(said_.get("email", ""))):
        raise refused("Invalid Email Address Passed", "invalid_email_address")
    currency = said_.get("currency", "ZAR")
    if currency not in CURRENCIES:
        raise refused("Currency not supported by merchant", "unsupported_currency")
    reference = str(said_.get("reference") or token("T", 15))
    if not REFERENCE.match(reference):
        raise refused("Transaction reference has an invalid character", "invalid_transaction_reference")
    if call.table("transaction").find("reference", reference):
        raise refused("Duplicate Transaction Reference", "duplicate_reference",
                      step="Generate a new reference and try again")  # fmt: skip
    return _blank(call, amount, str(currency), reference)


def end(call: Call, row: Row, card_name: str, *, pays: bool | None = None, response: str | None = None) -> Row:
    """Let a card pay or not: here money moves. `pays` overrules the card."""
    card, now = CARDS[card_name], call.world.now()
    paid = card.pays if pays is None else pays
    row |= {
        "status": "success" if paid else "failed",
        "gateway_response": response or ("Approved" if paid else card.response),
        "fees": fee(row["amount"]) if paid else None,
        "paid_at": written(now) if paid else None,
        "paidAt": written(now) if paid else None,
        "authorization": _authorization(call, row, card_name, paid=paid),
    }
    call.put("transaction", row)
    if paid:
        call.world.work(call.owner, "charge", row["reference"], row, row["amount"])
    event = f"charge.{row['status']}"
    call.tell(event, envelope(event, row))
    return row


def fee(amount: int) -> int:
    """Return the processor's fee in cents, half a cent up."""
    kept = (amount * FEE_BASIS_POINTS + 5_000) // 10_000 + FEE_FLAT
    return (kept * (10_000 + VAT_BASIS_POINTS) + 5_000) // 10_000


def envelope(event: str, data: Row) -> Row:
    """Make a webhook's body."""
    return {"event": event, "data": shown(data)}


def _authorization(call: Call, row: Row, card_name: str, *, paid: bool) -> Row:
    card, code = CARDS[card_name], token("AUTH_", 10)
    if paid:
        kept = {"id": code, "_card": card_name, "_email": row["customer"]["email"]}
        call.put("authorization", kept)
    return {"authorization_code": code, "bin": card.number[:6], "last4": card.number[-4:], "exp_month": "12",
            "exp_year": "2034", "channel": "card", "card_type": card.brand, "bank": "TEST BANK", "country_code": "ZA",
            "brand": card.brand, "reusable": paid, "signature": token("SIG_", 20), "account_name": None}  # fmt: skip


def _metadata(value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return value or {}
    try:
        return json.loads(value)
    except ValueError as error:
        raise refused("Invalid metadata: it must be a JSON object", "invalid_params") from error


def _blank(call: Call, amount: int, currency: str, reference: str) -> Row:
    said_, now = call.body, call.world.now()
    email = str(said_["email"])
    customer = {"id": secrets.randbelow(10**8), "first_name": None, "last_name": None, "email": email,
                "customer_code": token("CUS_", 14), "phone": None, "metadata": None,
                "risk_action": "default"}  # fmt: skip
    return {
        "id": secrets.randbelow(9 * 10**9) + 10**9,
        "domain": "test",
        "status": "ongoing",
        "reference": reference,
        "receipt_number": None,
        "amount": amount,
        "requested_amount": amount,
        "message": None,
        "gateway_response": "Transaction in progress",
        "paid_at": None,
        "paidAt": None,
        "created_at": written(now),
        "createdAt": written(now),
        "channel": "card",
        "currency": currency,
        "ip_address": None,
        "metadata": _metadata(said_.get("metadata")),
        "log": None,
        "fees": None,
        "fees_split": None,
        "authorization": {},
        "customer": customer,
        "plan": None,
        "order_id": None,
        "_created": now,
        "_access_code": token("", 15),
        "_back": said_.get("callback_url"),
        "_card": "success",
        "_refunded": 0,
    }
