"""Reading a gateway's list: our simple CSV, and the columns of the processors' own exports.

Ours: `kind,key,reference,amount,fee,currency,time`; kind is charge or refund, amounts are like 350.00, time is ISO
8601. One of key and reference is needed. Heads are found by name in any order, so that Stripe's export of payments
and of balance changes, and Paystack's of transactions, are read as they come; other columns are passed over.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

MOST_ITEMS = 20_000
HEADS = {
    "kind": ("kind", "type", "reporting_category", "transaction type"),
    "key": ("key", "key (metadata)", "metadata: key", "metadata[key]"),
    "reference": ("reference", "paymentintent id", "payment_intent_id", "payment intent id", "transaction reference",
                  "slip", "slip number", "receipt number", "source", "id"),
    "amount": ("amount", "gross", "amount paid", "transaction amount"),
    "fee": ("fee", "fees", "paystack fees", "transaction fee"),
    "currency": ("currency",),
    "time": ("time", "created (utc)", "created date (utc)", "created", "paid at", "transaction date", "date"),
    "status": ("status",),
}  # fmt: skip
CHARGES, REFUNDS = {"", "charge", "payment", "sale", "transaction"}, {"refund", "payment_refund", "reversal"}
DONE = {
    "",
    "paid",
    "succeeded",
    "success",
    "successful",
    "captured",
    "approved",
    "refunded",
    "partially refunded",
    "sent",
}
CARD_NUMBER = re.compile(r"[ \d-]{13,23}")


class Unreadable(ValueError):
    """The file is no list; the words say what is wrong, and on which line."""


@dataclass(frozen=True)
class Listed:
    """One thing that a gateway did: cents, below 0 where it gave back."""

    key: str | None
    reference: str | None
    amount_cents: int
    fee_cents: int
    currency: str
    happened_at: datetime | None


def read_list(raw: bytes, currency: str) -> tuple[list[Listed], int]:
    """Return what a file lists, and how many of its lines are no money moved; raises Unreadable."""
    rows = _rows(raw)
    columns = {name: next((one for one in heads if one in rows[0]), None) for name, heads in HEADS.items()}
    if columns["amount"] is None or not (columns["key"] or columns["reference"]):
        raise Unreadable("A head named amount is needed, and one named key or reference.")
    found, skipped = [], 0
    for number, row in enumerate(rows, start=2):
        said = {name: row.get(head) or "" if head else "" for name, head in columns.items()}
        listed = _listed(said, currency, number)
        found += [listed] if listed else []
        skipped += listed is None
    return found, skipped


def _rows(raw: bytes) -> list[dict[str, str]]:
    try:
        told = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        told = raw.decode("cp1252", errors="replace")
    if "\0" in told:
        raise Unreadable("That is no CSV file.")
    first = told.partition("\n")[0]
    rows = [
        {
            (head or "").strip().lower(): (cell or "").strip()
            for head, cell in row.items()
            if isinstance(cell, str | None)
        }
        for row in csv.DictReader(io.StringIO(told), delimiter=";" if first.count(";") > first.count(",") else ",")
    ]
    if not rows:
        raise Unreadable("The file holds no line below its heads.")
    if len(rows) > MOST_ITEMS:
        raise Unreadable(f"At most {MOST_ITEMS} lines are read from one file.")
    return rows


def _listed(said: Mapping[str, str], currency: str, number: int) -> Listed | None:
    kind = said["kind"].lower()
    if kind not in CHARGES | REFUNDS or said["status"].lower() not in DONE:
        return None
    amount = _cents(said["amount"], number)
    if amount == 0:
        return None
    key, reference = (said[name][:200] or None for name in ("key", "reference"))
    if key is None and reference is None:
        raise Unreadable(f"Line {number} has neither key nor reference.")
    if any(name and CARD_NUMBER.fullmatch(name) for name in (key, reference)):
        raise Unreadable(f"Line {number} holds what looks like a card number: take that column out.")
    return Listed(
        key, reference, -abs(amount) if kind in REFUNDS else amount, abs(_cents(said["fee"] or "0", number)),
        (said["currency"] or currency).upper()[:3], _time(said["time"]),
    )  # fmt: skip


def _cents(said: str, number: int) -> int:
    """Read `1 234.56`, `1,234.56`, `350,00` or `-12`; raises Unreadable."""
    plain = re.sub(r"[\s\u00a0\u2009R$€£]", "", said)
    if "." in plain or re.search(r",\d{3}(,|$)", plain):
        plain = plain.replace(",", "")
    try:
        value = Decimal(plain.replace(",", ".")) * 100
        whole = int(value)
    except (InvalidOperation, OverflowError, ValueError):
        raise Unreadable(f"Line {number}: {said[:20]!r} is no amount like 350.00.") from None
    if whole != value or abs(whole) > 10**11:
        raise Unreadable(f"Line {number}: {said[:20]!r} is no amount like 350.00.")
    return whole


def _time(said: str) -> datetime | None:
    for candidate in _spellings(said):
        try:
            found = datetime.fromisoformat(candidate)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _spellings(said: str) -> Iterator[str]:
    yield said
    yield said.replace(" UTC", "+00:00")
