"""Sell, hold, give up, expire, void, scan, undo, override over two organizations, against an independent model.

A few short histories each time, two hundred of forty steps with `-m deep`. Hypothesis prints what reproduces a
failure.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from tests.checkout import programme as selling
from tests.checkout.programme import Sold
from tests.conftest import World
from tests.personas import House
from tests.stateful.model import Model, ModelTicket
from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.catalog.venue import Gate, Zone
from voelgoed.checkout.checkout import Checkout, Hold
from voelgoed.checkout.end import expire, give_up
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.checks import checkers
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows, skip_tenant_rule
from voelgoed.foundation.web import Problem
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.occupancy.figure import figure
from voelgoed.scanning.asked import Asked
from voelgoed.scanning.decide import override, undo
from voelgoed.scanning.desk import judge_now
from voelgoed.scanning.pair import make_pairing, pair
from voelgoed.scanning.scan import Scan
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.codes import code_of
from voelgoed.ticketing.ticket import Ticket

DEEP_PARTS, DEEP_HISTORIES, DEEP_STEPS = 4, 50, 40
KINDS = (Sold("Adult", capacity=6), Sold("Crew", price_cents=0, capacity=4))


class Stage:
    """One organization on its stage: the real one and its model."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.model = Model({kind.name: kind.capacity for kind in KINDS})
        self.numbers = itertools.count(1)
        with house.scope("manager"):
            self.programme = selling.put_on(*KINDS, name=f"Evening {uuid4().hex[:8]}")
            event = rows(Event).get(self.programme.event_id)
            zone = Zone(venue_id=event.venue_id, name="Grounds", capacity=5000)
            db.session.add(zone)
            db.session.flush()
            gate = Gate(venue_id=event.venue_id, name="Main", into_id=zone.id)
            db.session.add(gate)
            db.session.flush()
            rows(TicketType).get(self.programme.types["Crew"]).reentry = "free"
            token = pair(make_pairing(event, gate, "phone")[0])[1]
            commit()
        self.token_hash = hash_secret(token)

    def scan(self, code: str, direction: str) -> tuple[str, UUID]:
        """Scan a code and return the verdict with the scan's id."""
        scan_id = uuid4()
        with self.house.scope("gate_supervisor"):
            asked = Asked(
                token_hash=self.token_hash, scan_id=scan_id, sequence=next(self.numbers), scanned_at=now(), code=code,
                direction="in" if direction == "in" else "out",
            )  # fmt: skip
            judged = judge_now([asked])[0]
            commit()
        return judged.verdict, scan_id


@contextmanager
def ending_at_once(late: bool) -> Iterator[None]:
    """Make holds that have ended the moment they are made."""
    holding = import_module("voelgoed.checkout.open")
    before = holding.HELD_FOR
    holding.HELD_FOR = timedelta(seconds=-1) if late else before
    try:
        yield
    finally:
        holding.HELD_FOR = before


def told(deed: Callable[[], Any]) -> tuple[Any, str | None]:
    """Return what a deed gave, or the type of the problem that refused it."""
    try:
        return deed(), None
    except Problem as problem:
        return None, problem.type


def machine(world: World) -> type[RuleBasedStateMachine]:
    """Return the state machine on this world."""

    class Evening(RuleBasedStateMachine):
        holds: Bundle[Any] = Bundle("holds")
        tickets: Bundle[Any] = Bundle("tickets")
        admitted: Bundle[Any] = Bundle("admitted")
        refused: Bundle[Any] = Bundle("refused")

        def __init__(self) -> None:
            super().__init__()
            self.houses = [Stage(world.personas.home), Stage(world.personas.abroad)]
            self.steps = 0

        @rule(
            target=holds, at=st.integers(0, 1), kind=st.sampled_from(KINDS), quantity=st.integers(1, 3),
            late=st.booleans(),
        )  # fmt: skip
        def hold(self, at: int, kind: Sold, quantity: int, late: bool) -> Any:
            """Hold; a late one has ended the moment it is made, and waits for its expiry."""
            one = self.houses[at]
            fits = one.model.hold(kind.name, quantity)
            with one.house.scope("box_office"), ending_at_once(late):
                made, refusal = told(lambda: selling.hold(one.programme, quantity, kind.name))
            assert refusal == (None if fits else "sold_out")
            if made is None:
                return multiple()
            return {"at": at, "id": made, "kind": kind.name, "quantity": quantity, "late": late, "over": False}

        @rule(target=tickets, held=holds)
        def complete(self, held: Any) -> Any:
            """Pay; once over, a sale cannot be completed again, and makes no more tickets."""
            one = self.houses[held["at"]]
            if held["over"]:
                return multiple()
            with one.house.scope("box_office"):
                selling.pay(held["id"])
            held["over"] = True
            with one.house.scope("box_office"):
                listed = rows(Ticket).filter_by(event_id=one.programme.event_id).order_by(Ticket.number.desc())
                made = [(ticket.id, code_of(ticket)) for ticket in listed.limit(held["quantity"])]
            for ticket_id, _ in made:
                one.model.tickets[str(ticket_id)] = ModelTicket(free=held["kind"] == "Crew")
            return multiple(*({"at": held["at"], "id": key, "code": code, "kind": held["kind"]} for key, code in made))

        @rule(held=holds)
        def release(self, held: Any) -> None:
            """Give a hold up; twice is once, and a paid sale is not given up."""
            one = self.houses[held["at"]]
            if held["over"]:
                return
            with one.house.scope("box_office"):
                give_up(rows(Checkout).get(held["id"]))
                commit()
            held["over"] = True
            one.model.let_go(held["kind"], held["quantity"])

        @rule(held=holds)
        def expire(self, held: Any) -> None:
            """Let the expiry's job run: it ends only what is past and not paid."""
            one = self.houses[held["at"]]
            with one.house.scope("manager"):
                for hold_ in children(rows(Checkout).get(held["id"]), Hold):
                    expire(hold_.id)
                commit()
            if held["late"] and not held["over"]:
                held["over"] = True
                one.model.let_go(held["kind"], held["quantity"])

        @rule(ticket=tickets)
        def void(self, ticket: Any) -> None:
            """Void a ticket; a second time it is void already."""
            one = self.houses[ticket["at"]]
            known = one.model.tickets[str(ticket["id"])]
            with one.house.scope("manager"):
                found = rows(Ticket).get(ticket["id"])
                voided, refusal = told(lambda: void_ticket(found, "the model says so", limited=False))
                commit()
            assert refusal == ("already_void" if known.void else None)
            if voided:
                one.model.let_go(ticket["kind"], 1)
            known.void = True

        @rule(target=admitted, ticket=tickets, way=st.sampled_from(("in", "in", "out")))
        def scan(self, ticket: Any, way: str) -> Any:
            """Scan a ticket at its own gate."""
            one = self.houses[ticket["at"]]
            known = one.model.tickets[str(ticket["id"])]
            wanted = one.model.come(known) if way == "in" else one.model.go(known)
            verdict, scan_id = one.scan(ticket["code"], way)
            assert verdict == wanted
            return {"ticket": ticket, "id": scan_id, "used": False} if verdict == "admitted" else multiple()

        @rule(ticket=tickets)
        def scan_abroad(self, ticket: Any) -> None:
            """Another organization's gate knows nothing of it."""
            other = self.houses[1 - ticket["at"]]
            assert other.scan(ticket["code"], "in")[0] == "unknown_code"

        @rule(scanned=admitted)
        def take_back(self, scanned: Any) -> None:
            """Undo the last admission of a ticket that is still inside by it."""
            ticket = scanned["ticket"]
            one = self.houses[ticket["at"]]
            known = one.model.tickets[str(ticket["id"])]
            if scanned["used"] or known.free or not known.inside:
                return
            scanned["used"] = True
            with one.house.scope("gate_supervisor"):
                undo(rows(Scan).get(scanned["id"]), "the model says so")
                commit()
            one.model.take_back(known)

        @rule(ticket=tickets)
        def let_in_anyway(self, ticket: Any) -> None:
            """Override a refusal: a body more, whose pass is inside already or may not enter."""
            one = self.houses[ticket["at"]]
            known = one.model.tickets[str(ticket["id"])]
            if not known.inside or known.void:
                return
            verdict, scan_id = one.scan(ticket["code"], "in")
            assert verdict == one.model.come(known)
            with one.house.scope("gate_supervisor"):
                override(rows(Scan).get(scan_id), "a child without a ticket")
                commit()
            one.model.let_in_anyway(known)

        @invariant()
        def figures_agree_now_and_then(self) -> None:
            """Look at one house in turn every fourth step; both are looked at when the history ends."""
            self.steps += 1
            if self.steps % 4 == 0:
                self.look(self.houses[self.steps // 4 % 2])

        def look(self, one: Stage) -> None:
            """What the wall shows and what the pools hold is what the model counts."""
            with one.house.scope("manager"):
                shown = figure(rows(Event).get(one.programme.event_id))
                assert shown is not None
                assert (shown.bodies, shown.tickets) == (one.model.bodies_inside, one.model.tickets_inside)
                taken = selling.taken(one.programme)
            assert taken == {f"{kind.name} 0": one.model.taken.get(kind.name, 0) for kind in KINDS}

        def teardown(self) -> None:
            for one in self.houses:
                self.look(one)

    return Evening


@pytest.mark.slow
def test_the_evening_agrees_with_the_model(world: World) -> None:
    """Run a few short histories."""
    agree(world, part=100, histories=12, steps=25)


@pytest.mark.deep
@pytest.mark.parametrize("part", range(DEEP_PARTS))
def test_long_evenings_agree_with_the_model(world: World, part: int) -> None:
    """Run many long ones, in parts that several processes can share."""
    agree(world, part, DEEP_HISTORIES, DEEP_STEPS)


def agree(world: World, part: int, histories: int, steps: int) -> None:
    """Run histories, each part its own and the same each time, then every checker of `voelgoed check`."""
    run_state_machine_as_test(
        seed(part)(machine(world)),
        settings=settings(
            max_examples=histories, stateful_step_count=steps, deadline=None, print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    with skip_tenant_rule(reason="the histories are over") as session:
        assert {one.code: one.count(session) for one in checkers() if one.code != "J1"} == {
            one.code: 0 for one in checkers() if one.code != "J1"
        }
