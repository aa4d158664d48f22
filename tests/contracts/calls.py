"""Each call of the API with a body that is right, so that one thing at a time can be made wrong."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import World
from tests.personas import House
from tests.scanning.evening import Evening, put_on
from voelgoed.accounts.api_token import make
from voelgoed.accounts.membership import Membership
from voelgoed.api import room as api_room
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows

Body = dict[str, Any]
NUMBERS = itertools.count(1)
api_room.load()


@dataclass(frozen=True)
class Call:
    """One call: its method, its path, who makes it, and the right body."""

    method: str
    path: str
    token: str
    body: Callable[[], Body] | None = None


@dataclass(frozen=True)
class Desk:
    """An evening that is on, and tokens to reach it by."""

    world: World
    evening: Evening
    client: FlaskClient
    tokens: dict[str, str]
    auditor: psycopg.Connection

    def calls(self) -> dict[str, Call]:
        """Return every call that takes a body, by a short name."""
        event, types, some = self.evening.event_id, self.evening.types, uuid4()
        buyer = {"name": "Naledi", "email": "naledi@example.org", "phone": "+27 82 555 0100"}
        lines = [{"ticket_type_id": str(types["Adult"]), "quantity": 1}]
        pay = {"payments": [{"gateway": "cash", "amount_cents": 35000, "tendered_cents": 40000}]}
        pairing = {"organization": "home", "pairing_code": "ABCD-EFGHJK", "name": "North 2"}
        scan = {"scanned_at": now().isoformat(), "code": "VG1.NOTHING"}
        heard = {"unsent": 0, "battery": 50, "app_version": "1"}
        return {
            "checkout": Call("POST", "/api/v1/checkouts", "manager",
                             lambda: {"event_id": str(event), "lines": lines, "customer": buyer}),
            "complete": Call("POST", f"/api/v1/checkouts/{some}/complete", "manager", lambda: pay),
            "pair": Call("POST", "/api/v1/devices/pair", "", lambda: pairing),
            "scan": Call("POST", "/api/v1/scans", "device",
                         lambda: {"scan_id": str(uuid4()), "sequence": next(NUMBERS), **scan}),
            "batch": Call("POST", "/api/v1/scan-batches", "device", lambda: {"batch_id": str(uuid4()), "scans": []}),
            "reverse": Call("POST", f"/api/v1/scans/{some}/reversals", "gate_supervisor", lambda: {"reason": "Why"}),
            "override": Call("POST", f"/api/v1/scans/{some}/overrides", "gate_supervisor", lambda: {"reason": "Why"}),
            "search": Call("POST", "/api/v1/ticket-searches", "device", lambda: {"name": "Naledi"}),
            "stop": Call("POST", f"/api/v1/events/{event}/entry-stops", "gate_supervisor",
                         lambda: {"zone_id": str(uuid4())}),
            "empty": Call("POST", f"/api/v1/events/{event}/emptyings", "gate_supervisor",
                          lambda: {"zone_id": str(uuid4()), "reason": "Why"}),
            "block": Call("POST", f"/api/v1/tickets/{some}/blocks", "gate_supervisor", lambda: {"reason": "Why"}),
            "pass": Call("POST", "/api/v1/gate-passes", "gate_supervisor",
                         lambda: {"event_id": str(event), "bodies": 2, "reason": "Why"}),
            "heartbeat": Call("POST", "/api/v1/devices/heartbeat", "device", lambda: heard),
            "refund": Call("POST", f"/api/v1/checkouts/{some}/refunds", "manager",
                           lambda: {"amount_cents": 100, "reason": "Why"}),
            "void": Call("POST", f"/api/v1/tickets/{some}/void", "manager", lambda: {"reason": "Why"}),
        }  # fmt: skip

    def headers(self, token: str) -> dict[str, str]:
        """Return the headers of who holds a token."""
        return {"Authorization": f"Bearer {self.tokens[token]}"} if token else {}

    def send(self, call: Call, raw: bytes, kind: str = "application/json") -> TestResponse:
        """Send bytes as the body of a call."""
        return self.client.open(
            call.path, method=call.method, data=raw, content_type=kind, headers=self.headers(call.token)
        )

    def say(self, call: Call, body: Any) -> TestResponse:
        """Send a value as the body of a call."""
        return self.send(call, json.dumps(body).encode())

    def written(self) -> tuple[int, ...]:
        """Count the rows that calls write: what a refusal must leave as it was."""
        tables = (
            "audit_entry", "outbox_row", "checkout", "hold", "scan", "admission", "ticket", "device", "undo",
            "ticket_block", "zone_emptied", "gate_pass",
        )  # fmt: skip
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
        found = self.auditor.execute(f"SELECT {counts}").fetchone()
        assert found is not None
        return found


def token_of(house: House, role: str) -> str:
    """Make an API token of the person with a role."""
    with house.scope(role):
        member = rows(Membership).filter(Membership.user_id == house.people[role]).one()
        _, token = make(member, "test", role)
        commit()
        return token


def desk(world: World) -> Desk:
    """Put an evening on and hand out tokens."""
    house = world.personas.home
    evening = put_on(world.app, house)
    tokens = {role: token_of(house, role) for role in ("manager", "gate_supervisor", "box_office", "auditor")}
    tokens["device"] = evening.phone().token
    tokens["abroad"] = token_of(world.personas.abroad, "owner")
    tokens["device abroad"] = put_on(world.app, world.personas.abroad, name="Elsewhere").phone().token
    auditor = psycopg.connect(world.database.url("postgres"), autocommit=True)
    return Desk(world, evening, world.app.test_client(), tokens, auditor)


def refused(answer: TestResponse, *statuses: int) -> dict[str, Any]:
    """Expect a problem that says what is wrong."""
    assert answer.status_code in (statuses or range(400, 500)), (answer.status_code, answer.text[:400])
    assert answer.mimetype == "application/problem+json"
    said: dict[str, Any] = answer.json  # type: ignore[assignment]
    assert said["status"] == answer.status_code
    assert said["type"]
    assert said["title"]
    return said
