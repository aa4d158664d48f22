"""Charges without the checkout page: a card that was keyed in, a card that was kept."""

from __future__ import annotations

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Call
from voelgoed.simulator.paystack.card import AUTHORIZATIONS, CARDS, OTP, numbered
from voelgoed.simulator.paystack.door import paystack, refused, said
from voelgoed.simulator.paystack.transaction import begin, end

ATTEMPTED = "Charge attempted"


@paystack.post("/charge")
def charge(call: Call) -> Row:
    """Charge a card; its bank may ask the holder first: `send_otp` or `open_url`."""
    if call.body.get("authorization_code"):
        return charge_authorization(call)
    card = call.body.get("card")
    if not isinstance(card, dict):
        raise refused("One of Authorization code or card object should be passed.", "invalid_params")
    name = numbered(str(card.get("number", "")))
    if name is None:
        raise refused("Invalid card number", "invalid_card")
    return said(ATTEMPTED, _attempted(call, begin(call), name))


@paystack.post("/charge/submit_otp")
def submit_otp(call: Call) -> Row:
    """Go on with the one-time password that the holder's bank sent."""
    rows = call.table("transaction").find("reference", call.body.get("reference", ""))
    if not rows or rows[0]["status"] != "send_otp":
        raise refused("Transaction reference is invalid", "transaction_not_found")
    row = rows[0]
    if str(call.body.get("otp")) != OTP:
        return said(ATTEMPTED, end(call, row, row["_card"], pays=False, response="Incorrect OTP"))
    return said(ATTEMPTED, end(call, row, row["_card"]))


@paystack.get("/charge/<reference>")
def pending(call: Call, reference: str) -> Row:
    """Say how a charge stands."""
    rows = call.table("transaction").find("reference", reference)
    if not rows:
        raise refused("Transaction reference not found", "transaction_not_found")
    return said("Reference check successful", rows[0])


@paystack.post("/transaction/charge_authorization")
def charge_authorization(call: Call) -> Row:
    """Charge a card that paid before; the payer's address must be the one it paid with."""
    code = str(call.body.get("authorization_code") or "")
    kept = call.table("authorization").get(code)
    name = kept["_card"] if kept else AUTHORIZATIONS.get(code)
    if name is None:
        raise refused("Authorization code does not exist or has been deactivated", "invalid_authorization")
    if kept and kept["_email"] != call.body.get("email"):
        raise refused("Email does not match Authorization code. Please confirm", "invalid_authorization")
    if CARDS[name].asks and not kept:
        return said(ATTEMPTED, end(call, begin(call), name, pays=False, response="Authentication Required"))
    return said(ATTEMPTED, end(call, begin(call), name))


def _attempted(call: Call, row: Row, name: str) -> Row:
    asks = CARDS[name].asks
    row["_card"] = name
    if asks is None:
        return end(call, row, name)
    row["status"] = asks
    if asks == "send_otp":
        row["display_text"] = f"Please enter the one-time password; the simulated bank sends {OTP}"
    else:
        row["url"] = f"{call.root}/simulator/checkout/{call.owner}/{row['_access_code']}"
    return call.put("transaction", row)
