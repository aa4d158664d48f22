"""The page that stands for the holder's bank: it asks whether this is really you."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Call
from voelgoed.simulator.stripe.intent import answer_challenge
from voelgoed.simulator.world import OURS, World

pages = Blueprint("challenge", __name__)


@pages.get("/simulator/3ds/<account>/<secret>")
def ask(account: str, secret: str) -> str:
    """Ask."""
    world: World = current_app.extensions["simulator"]
    with world.deed():
        return render_template("challenge.html", intent=_intent(_call(world, account), secret))


@pages.post("/simulator/3ds/<account>/<secret>")
def answer(account: str, secret: str) -> Answer | str:
    """Complete or fail it, once, and lead back to whoever sent the holder here."""
    world: World = current_app.extensions["simulator"]
    with world.deed():
        call = _call(world, account)
        intent = _intent(call, secret)
        back = ((intent["next_action"] or {}).get("redirect_to_url") or {}).get("return_url") or intent.get("_back")
        if intent["status"] == "requires_action":
            intent["_back"] = back
            intent = answer_challenge(call, intent, passed=request.form.get("do") == "complete")
        if not back:
            return render_template("challenge.html", intent=intent)
        return redirect(_address(back, intent), 303)


def _address(back: str, intent: Row) -> str:
    went = "failed" if intent["status"] == "requires_payment_method" else "succeeded"
    told = {"payment_intent": intent["id"], "payment_intent_client_secret": intent["client_secret"]}
    return f"{back}{'&' if '?' in back else '?'}{urlencode(told | {'redirect_status': went})}"


def _call(world: World, account: str) -> Call:
    row = world.books(OURS)["account"].get(account)
    if row is None:
        raise NotFound("There is no such payment.")
    return Call(world, row, None, {}, {}, request.host_url.rstrip("/"))


def _intent(call: Call, secret: str) -> Row:
    intent = call.table("payment_intent").get(secret.partition("_secret_")[0])
    if intent is None or intent["client_secret"] != secret:
        raise NotFound("There is no such payment.")
    return intent
