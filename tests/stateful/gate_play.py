"""One history at a gate: phones, their networks and a supervisor, each step told to the model as it happens."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from tests.scanning.evening import Evening
from tests.stateful.book import Book, Sender
from tests.stateful.gate import Gate, Ticket
from tests.stateful.pending import Deeds
from tests.stateful.phones import FATES, Kept, Steward
from voelgoed.catalog.ticket_type import TicketType, TypePool, TypeZone
from voelgoed.foundation import points
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import perform, take
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.receive_batch import TASK
from voelgoed.ticketing.codes import codes_of
from voelgoed.ticketing.issue import Wanted, issue
from voelgoed.ticketing.ticket import Ticket as TicketRow

KINDS = {"Adult": (2, 1, False), "Crew": (2, 1, True), "Family": (2, 4, False), "Early": (1, 1, True)}
GATES = ("South", "North", "Rope")
WAITING = "SELECT id FROM outbox_row WHERE task = %s AND done_at IS NULL ORDER BY id"
DUE = (
    "UPDATE outbox_row SET due_at = due_at - interval '1 day', claimed_until = NULL WHERE task = %s AND done_at IS NULL"
)
WHEN = (
    "SELECT id, effective_at FROM scan WHERE id = ANY(%(ids)s)"
    " UNION ALL SELECT id, effective_at FROM override WHERE id = ANY(%(ids)s)"
)


@dataclass
class Held:
    """A batch that the server has: whose, what, and how much of it is judged."""

    steward: Steward
    scans: list[Kept]
    results: list[dict[str, Any]] = field(default_factory=list)
    over: bool = False
    refused: bool = False


class History:
    """Everything about one history."""

    def __init__(self, evening: Evening, admin: psycopg.Connection, chance: Random) -> None:
        self.evening, self.admin, self.chance = evening, admin, chance
        self.gates = [self._gate(name) for name in GATES]
        self.tickets = self._tickets()
        self.deeds = Deeds({one.code: one for one in self.tickets}, {str(one.id): one for one in self.gates})
        self.book = Book({one.code: one for one in self.tickets}, self.moments)
        self.stewards = [self.pair() for _ in range(4)]
        self.air: list[tuple[Steward, dict[str, Any]]] = []
        self.held: dict[str, Held] = {}
        self.gone: list[Steward] = []
        self.shown: set[UUID] = set()

    def _gate(self, name: str) -> Gate:
        zones = self.evening.zones
        outer, inner = (zones["Lawn"], zones["Circle"]) if name == "Rope" else (None, zones["Lawn"])
        return Gate(name, self.evening.gates[name], outer, inner)

    def _tickets(self) -> list[Ticket]:
        """Issue new ones; one type opens the lawn only."""
        evening, lawn = self.evening, self.evening.zones["Lawn"]
        with evening.house.scope():
            self._early()
            types = {name: rows(TicketType).get(evening.types[name]) for name in KINDS}
            if not rows(TypeZone).filter_by(ticket_type_id=types["Adult"].id).count():
                db.session.add(TypeZone(ticket_type_id=types["Adult"].id, zone_id=lawn))
            made = issue(evening.event_id, [Wanted(types[name], many) for name, (many, _, _) in KINDS.items()])
            commit()
            codes = codes_of(rows(TicketRow).filter(TicketRow.id.in_(made)))
        names = [name for name, (many, _, _) in KINDS.items() for _ in range(many)]
        opens = {"Adult": frozenset({lawn})}
        return [
            Ticket(key, codes[key], *KINDS[name][1:], zones=opens.get(name), over=name == "Early")
            for key, name in zip(made, names, strict=True)
        ]

    def _early(self) -> None:
        """Sell a type whose hours are over: by the wall clock of the venue it let in until half an hour ago."""
        if "Early" in self.evening.types:
            return
        until = (now() - timedelta(minutes=30)).astimezone(ZoneInfo("Africa/Johannesburg"))
        crew = rows(TicketType).get(self.evening.types["Crew"])
        made = TicketType(event_id=self.evening.event_id, number=4, name="Early", price_cents=0, reentry="free",
                          valid_until=f"{until:%H:%M}")  # fmt: skip
        db.session.add(made)
        db.session.flush()
        for link in rows(TypePool).filter_by(ticket_type_id=crew.id):
            db.session.add(TypePool(ticket_type_id=made.id, pool_id=link.pool_id))
        self.evening.types["Early"] = made.id

    def moments(self, ids: Iterable[UUID]) -> dict[UUID, datetime]:
        """Return by the server's own rows when facts were."""
        wanted = list(ids)
        return dict(self.admin.execute(WHEN, {"ids": wanted}).fetchall()) if wanted else {}

    def pair(self) -> Steward:
        """Pair a phone, long ago; its clock is off, and it has measured by how much, or never has."""
        gate = self.chance.choice(self.gates)
        phone = self.evening.phone(gate.name)
        aged = "UPDATE device SET created_at = created_at - interval '1 hour' WHERE id = %s RETURNING created_at"
        found = self.admin.execute(aged, (phone.id,)).fetchone()
        skew = timedelta(milliseconds=self.chance.choice((0, 0, 700, -90_000, 7_200_000, -7_200_000)))
        measured = round(skew / timedelta(milliseconds=1)) + self.chance.choice((0, 0, 40, -40, 600_000))
        assert found is not None
        return Steward(phone, gate, found[0], skew, measured if self.chance.random() < 0.8 else 0)

    def sender(self, steward: Steward, body: dict[str, Any]) -> Sender:
        """Say what the server knows of who sent a scan."""
        gate = next(one for one in self.gates if str(one.id) == body["gate_id"])
        return Sender(steward.phone.id, steward.paired, gate)

    def ask(self, steward: Steward, body: dict[str, Any]) -> str | None:
        """Have the server judge a scan, and the model what it answers; returns the answer if it is one."""
        before = now()
        said = steward.phone.send(body)
        if steward.retired:
            assert (said.status_code, said.json["type"].rsplit("/", 1)[-1]) == (401, "device_revoked")
            return None
        if said.status_code == 409:
            assert self.book.first(steward.phone.id, body) == "sequence_conflict"
            return "sequence_conflict"
        assert said.status_code == 200, (said.status_code, said.json)
        verdict: str = said.json["verdict"]
        self.book.hear(self.sender(steward, body), body, verdict, before, now())
        return verdict

    def scan(self, steward: Steward) -> None:
        """Scan a ticket; with no answer in time the phone says what it knows and keeps it."""
        chance = self.chance
        ticket = chance.choice(self.tickets)
        code, bodies = ticket.code, chance.choice((None, None, 1, 2))
        if chance.random() < 0.03:
            code = code[:-20] + ("A" if code[-20] != "A" else "B") + code[-19:]
        body = steward.scan(code, chance.choice(("in", "in", "in", "out")), bodies, chance.random() < 0.5)
        fate = chance.choice(FATES) if steward.online else "lost"
        answer = None
        if fate in ("fine", "cut", "twice"):
            answers = [self.ask(steward, body) for _ in range(2 if fate == "twice" else 1)]
            answer = answers[-1] if fate != "cut" else None
        elif fate == "late":
            self.air.append((steward, body))
        known = ticket if code == ticket.code else None
        verdict = answer or steward.judge(known, body)
        self.shown.add(UUID(body["scan_id"]))
        steward.said.append((body, verdict, known))
        if answer is None:
            steward.keep(body, verdict)
        else:
            steward.inside[ticket.id] = {"admitted": True, "exited": False}.get(
                answer, steward.inside.get(ticket.id, False)
            )

    def arrive(self) -> None:
        """Let one of the delayed scans arrive; nobody hears its answer."""
        if self.air:
            self.ask(*self.air.pop(self.chance.randrange(len(self.air))))

    def hand_in(self, steward: Steward, fate: str) -> None:
        """Send a batch; with its answer the phone asks what became of it."""
        if not steward.unsent or fate in ("lost", "late"):
            return
        key, scans = steward.hand_in(self.chance)
        for _ in range(2 if fate == "twice" else 1):
            said = self.post(steward, key, scans)
        if fate != "cut":
            self.hear_of(steward, key, said)

    def post(self, steward: Steward, key: str, scans: list[Kept]) -> str:
        """Have a batch stored; returns how far it is."""
        bearer = {"Authorization": f"Bearer {steward.phone.token}"}
        body = {"batch_id": key, "scans": [one.body for one in scans]}
        answer = steward.phone.client.post("/api/v1/scan-batches", json=body, headers=bearer)
        assert answer.status_code == 202, (answer.status_code, answer.json)
        self.held.setdefault(key, Held(steward, scans))
        status: str = answer.json["status"]
        return status

    def hear_of(self, steward: Steward, key: str, status: str) -> None:
        """Forget what a batch that is over has answered; a phone out of service hears only that it is."""
        held = self.held[key]
        if status == "refused":
            steward.answered([{"scan_id": one.key} for one in held.scans])
        elif status == "done":
            bearer = {"Authorization": f"Bearer {steward.phone.token}"}
            answer = steward.phone.client.get(f"/api/v1/scan-batches/{key}", headers=bearer)
            assert (answer.status_code == 401) == steward.retired
            results = held.results if steward.retired else answer.json["results"]
            assert results == held.results
            steward.answered(results)

    def work(self, trips: bool) -> None:
        """Do the jobs that wait, perhaps with one that dies amid them; the model judges what is judged."""
        self.admin.execute(DUE, (TASK,))
        waiting = self.admin.execute(WAITING, (TASK,)).fetchall()
        before = now()
        with self.evening.house.scope(), ExitStack() as stack:
            if trips:
                dies = points.at_passing(self.chance.randint(1, 3), points.trip)
                stack.enter_context(points.armed("batch.chunk", dies))
            for (row_id,) in waiting:
                if (claim := take(row_id)) is not None:
                    perform(self.evening.house.organization_id, claim)
                self.judge_held(before, now())

    def judge_held(self, before: datetime, after: datetime) -> None:
        """Have the model judge what the server has judged since, and compare what it says of each."""
        waiting = [key for key, one in self.held.items() if not one.over]
        found = self.admin.execute(
            "SELECT batch_key::text, results, state FROM scan_batch WHERE batch_key = ANY(%s) ORDER BY id", (waiting,)
        )
        for key, results, state in found.fetchall():
            held = self.held[key]
            fresh = len(results) > len(held.results)
            for kept in held.scans[len(held.results) : len(results)]:
                held.results.append(self._hear_later(held.steward, kept, before, after))
            assert results == held.results
            if fresh:
                self.deeds.count(held.steward.phone.id, self.book.scans)
            held.over, held.refused = state in ("done", "refused"), state == "refused"

    def _hear_later(self, steward: Steward, kept: Kept, before: datetime, after: datetime) -> dict[str, Any]:
        if "deed" in kept.body:
            return self.deeds.hear(steward.phone.id, steward.paired, kept.body, kept.proven, before, after)
        return self.book.hear_later(self.sender(steward, kept.body), kept.body, before, after)

    def lost(self) -> set[UUID]:
        """Return what a steward was shown and the server never wrote down, but for what a person refused."""
        refused = {UUID(kept.key) for one in self.held.values() if one.refused for kept in one.scans}
        return self.shown - set(self.book.scans) - refused
