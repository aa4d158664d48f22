"""The checkout page: the payer pays, is declined, or goes away."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Call
from voelgoed.simulator.paystack.transaction import end
from voelgoed.simulator.world import OURS, World

pages = Blueprint("checkout", __name__)
OPEN = ("abandoned", "ongoing", "failed", "open_url")
"""States from which a payer may still pay: at the real one, too, a page that was left can be opened again."""


@pages.get("/simulator/checkout/<account>/<code>")
def ask(account: str, code: str) -> str:
    """Show what is to be paid; from now on it is under way."""
    world: World = current_app.extensions["simulator"]
    with world.deed():
        call = _call(world, account)
        row = _transaction(call, code)
        if row["status"] == "abandoned":
            row |= {"status": "ongoing", "gateway_response": "Transaction in progress"}
            call.put("transaction", row)
        return render_template("checkout.html", transaction=row, open=row["status"] in OPEN)


@pages.post("/simulator/checkout/<account>/<code>")
def answer(account: str, code: str) -> Answer | str:
    """Pay, decline or abandon, and lead back to whoever sent the payer here."""
    world: World = current_app.extensions["simulator"]
    with world.deed():
        call = _call(world, account)
        row = _transaction(call, code)
        if row["status"] in OPEN:
            _ended(call, row, request.form.get("do", ""))
        if not row["_back"]:
            return render_template("checkout.html", transaction=row, open=False)
        told = urlencode({"trxref": row["reference"], "reference": row["reference"]})
        return redirect(f"{row['_back']}{'&' if '?' in row['_back'] else '?'}{told}", 303)


def _ended(call: Call, row: Row, do: str) -> None:
    if do == "pay":
        end(call, row, row["_card"])
    elif do == "decline":
        end(call, row, row["_card"], pays=False, response="Declined")
    else:
        row |= {"status": "abandoned", "gateway_response": "The transaction was not completed"}
        call.put("transaction", row)


def _call(world: World, account: str) -> Call:
    row = world.books(OURS)["account"].get(account)
    if row is None:
        raise NotFound("There is no such payment.")
    return Call(world, row, None, {}, {}, request.host_url.rstrip("/"))


def _transaction(call: Call, code: str) -> Row:
    rows = call.table("transaction").find("_access_code", code)
    if not rows:
        raise NotFound("There is no such payment.")
    return rows[0]
