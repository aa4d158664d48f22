"""The first page: what this is, and what was paid last."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, jsonify, render_template

from voelgoed.simulator.books import Row
from voelgoed.simulator.world import World

pages = Blueprint("home", __name__)
LAST = 40


@pages.get("/")
def home() -> str:
    """Say that this is a simulator, and list the last payments."""
    world: World = current_app.extensions["simulator"]
    with world.deed():
        rows = [_line(account, row) for account in world.accounts() for row in _payments(world, account)]
        rows.sort(key=lambda row: row["at"], reverse=True)
        faults = world.faults.told()
        return render_template("home.html", rows=rows[:LAST], accounts=world.accounts(), faults=faults)


@pages.get("/healthz")
def healthy() -> Response:
    """Say that it answers."""
    return jsonify({"simulator": True})


def _payments(world: World, account: Row) -> list[Row]:
    kind = "payment_intent" if account["provider"] == "stripe" else "transaction"
    return world.books(account["id"])[kind].newest()[:LAST]


def _line(account: Row, row: Row) -> Row:
    at = float(row.get("_created") or row["created"])
    return {
        "provider": account["provider"].title(),
        "name": row.get("reference") or row["id"],
        "amount": f"{row['currency'].upper()} {row['amount'] // 100:,}.{row['amount'] % 100:02d}".replace(",", " "),
        "state": _words(row["status"]),
        "tone": _tone(row["status"]),
        "at": at,
        "when": datetime.fromtimestamp(at, UTC).strftime("%d %b %H:%M:%S"),
    }


def _words(status: str) -> str:
    return {"succeeded": "paid", "success": "paid", "canceled": "cancelled"}.get(status, status.replace("_", " "))


def _tone(status: str) -> str:
    if status in ("succeeded", "success", "reversed"):
        return "good"
    return "bad" if status in ("failed", "requires_payment_method", "canceled", "abandoned") else "open"
