"""One object by its id, many by their time or what they name, and the search."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from voelgoed.simulator.books import Row, Table
from voelgoed.simulator.desk import Call, Refusal
from voelgoed.simulator.stripe.door import invalid, missing, stripe
from voelgoed.simulator.stripe.expand import expand
from voelgoed.simulator.stripe.params import whole

LISTS = {
    "payment_intents": ("payment_intent", ("customer",)),
    "charges": ("charge", ("payment_intent", "customer")),
    "refunds": ("refund", ("payment_intent", "charge")),
    "balance_transactions": ("balance_transaction", ("type", "source", "currency")),
    "events": ("event", ("type",)),
    "payment_methods": ("payment_method", ("type", "customer")),
}
"""By the name in the path: the kind of row, and the fields that a list may be asked for."""
MOST, USUAL = 100, 10
CLAUSE = re.compile(
    r"""^(metadata\[["'](?P<key>[^"']+)["']\]|(?P<field>\w+))\s*(?P<how>[:<>]=?)\s*["']?(?P<value>[^"']*)["']?$"""
)
"""One condition of the search language."""


@stripe.get("/v1/payment_intents/search")
def search(call: Call) -> Row:
    """Find intents by metadata and status. Like Stripe's, it may lag behind: `search_lag` of the account, seconds."""
    clauses = [_clause(text) for text in re.split(r"\s+AND\s+", str(call.query.get("query", "")).strip())]
    named = next(((field, value) for field, how, value in clauses if how == ":"), None)
    table = call.table("payment_intent")
    rows: Iterable[Row] = reversed(table.find(*named)) if named else table.newest()
    until = call.world.now() - call.account["search_lag"]
    rows = [row for row in rows if row["created"] <= until and all(_holds(row, *clause) for clause in clauses)]
    page = whole(call.query.get("page", "0"), "page", least=0)
    limit = whole(call.query.get("limit", str(USUAL)), "limit", least=1, most=MOST)
    more = len(rows) > page + limit
    found = {"object": "search_result", "url": "/v1/payment_intents/search", "data": rows[page : page + limit]}
    return expand(call, found | {"has_more": more, "next_page": str(page + limit) if more else None})


@stripe.get("/v1/<kinds>")
def many(call: Call, kinds: str) -> Row:
    """List, newest first."""
    kind, filters = _kind(kinds)
    for name in call.query:
        if name not in (*filters, "created", "limit", "starting_after", "ending_before", "expand", "types"):
            raise invalid(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
    wanted = {name: str(call.query[name]) for name in filters if name in call.query}
    table = call.table(kind)
    rows = _rows(table, wanted, *_window(call.query.get("created")))
    rows, more = _page(call, table, kind, rows)
    return expand(call, {"object": "list", "url": f"/v1/{kinds}", "has_more": more, "data": rows})


@stripe.get("/v1/<kinds>/<name>")
def one(call: Call, kinds: str, name: str) -> Row:
    """Return one object."""
    kind, _ = _kind(kinds)
    row = call.table(kind).get(name)
    if row is None:
        raise missing(kind, name, "intent" if kind == "payment_intent" else "id")
    return expand(call, row)


@stripe.post("/v1/<path:rest>")
def unheard(call: Call, rest: str) -> Row:
    """Refuse what is not simulated, in Stripe's words."""
    raise _unrecognized("POST", rest)


def _unrecognized(method: str, rest: str) -> Refusal:
    return invalid(f"Unrecognized request URL ({method}: /v1/{rest}); the simulator does not know it.", status=404)


def _kind(kinds: str) -> tuple[str, tuple[str, ...]]:
    if kinds not in LISTS:
        raise _unrecognized("GET", kinds)
    return LISTS[kinds]


def _window(created: Any) -> tuple[float, float]:
    """Return from when to before when, in whole seconds of the clock."""
    if created is None:
        return 0, float("inf")
    if not isinstance(created, dict):
        moment = whole(created, "created", least=0)
        return moment, moment + 1
    bounds = {how: whole(value, f"created[{how}]", least=0) for how, value in created.items()}
    if bounds.keys() - {"gt", "gte", "lt", "lte"}:
        raise invalid("Invalid created: it takes gt, gte, lt and lte.", param="created")
    since = max(bounds.get("gte", 0), bounds.get("gt", -1) + 1)
    last = min(bounds.get("lt", float("inf")), bounds.get("lte", float("inf")) + 1)
    return since, last


def _rows(table: Table, wanted: Row, since: float, until: float) -> list[Row]:
    if not wanted:
        return table.newest(since, until)
    first, *_ = wanted.items()
    # What names something was not made in the order in which it came to name it.
    rows = sorted(table.find(*first), key=lambda row: table.place(row["id"]) or 0, reverse=True)
    return [row for row in rows if since <= row["created"] < until and _all(row, wanted)]


def _all(row: Row, wanted: Row) -> bool:
    return all(str(row.get(name)) == value for name, value in wanted.items())


def _page(call: Call, table: Table, kind: str, rows: list[Row]) -> tuple[list[Row], bool]:
    limit = whole(call.query.get("limit", str(USUAL)), "limit", least=1, most=MOST)
    after, before = call.query.get("starting_after"), call.query.get("ending_before")
    if after:
        place = _place(table, kind, after, "starting_after")
        rows = [row for row in rows if (table.place(row["id"]) or 0) < place]
    if before:
        place = _place(table, kind, before, "ending_before")
        rows = [row for row in rows if (table.place(row["id"]) or 0) > place]
        return rows[-limit:], len(rows) > limit
    return rows[:limit], len(rows) > limit


def _place(table: Table, kind: str, name: str, param: str) -> int:
    place = table.place(name)
    if place is None:
        raise missing(kind, name, param)
    return place


def _clause(text: str) -> tuple[str, str, str]:
    match = CLAUSE.match(text)
    if match is None:
        raise invalid("We were unable to parse your search query. Try metadata['key']:'value'.", param="query")
    field = f"metadata.{match['key']}" if match["key"] else match["field"]
    if not match["key"] and field not in ("status", "created", "amount", "currency", "customer"):
        raise invalid(f"Field `{field}` is an unsupported search field for resource `payment_intents`.", param="query")
    return field, match["how"], match["value"]


def _holds(row: Row, field: str, how: str, value: str) -> bool:
    is_: Any = row["metadata"].get(field.removeprefix("metadata.")) if field.startswith("metadata.") else row[field]
    if how == ":":
        return str(is_) == value
    number = int(value) if value.isdigit() else 0
    return bool({">": is_ > number, ">=": is_ >= number, "<": is_ < number, "<=": is_ <= number}[how])
