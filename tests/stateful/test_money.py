"""Sell, hold, refund, exchange, keep drawers and hear from processors, with faults, against an independent model.

A few short histories each time, many long ones with `-m deep`, as many as `VOELGOED_HISTORIES` says when it is set.
Each is an event, a till and accounts of its own; it is compared with its model at its end. Hypothesis prints what
reproduces a failure.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule, run_state_machine_as_test
from sqlalchemy import select

from tests.checkout.programme import Programme, Sold, hold, put_on, taken
from tests.conftest import World
from tests.faults.stage import kind_of, violations
from tests.faults.worker import FAIR, Weather
from tests.payments.processors import Processors, processors
from tests.selling.online import DECLINES, PAYS
from tests.stateful.money import Model, ModelHold, ModelSale, Part, money_of
from tests.stateful.play import Drawer, Play, played
from voelgoed.boxoffice.move_cash import move_cash
from voelgoed.checkout.checkout import Checkout, CheckoutLine, Hold
from voelgoed.checkout.end import expire, give_up
from voelgoed.checkout.named_hold import keep
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Problem
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import REFUNDS_PAYABLE, cash_of, clearing_of
from voelgoed.payments.capture import ONLINE, Tender
from voelgoed.payments.payment import Charge
from voelgoed.selling.begin import begin_to_pay
from voelgoed.selling.exchange_tickets import ExchangeTickets, exchange_once
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.selling.stuck_refunds import mark_sent, stuck_refunds
from voelgoed.ticketing.ticket import Ticket, TicketVoid
from voelgoed.tills.till import Till

__all__ = ["processors"]

DEEP_PARTS, DEEP_HISTORIES, DEEP_STEPS = 6, 50, 50
PRICES = {"Adult": 23_005, "Child": 12_000}
KINDS = st.sampled_from(tuple(PRICES))
MIXES = (
    ("cash",), ("card",), ("stripe",), ("paystack",), ("stripe", "cash"), ("card", "cash"),
    ("paystack", "stripe"), ("stripe", "card", "cash"),
)  # fmt: skip
MIXED = st.sampled_from(MIXES)
FAULTS = st.sampled_from(
    [None] * 24 + [(do, when) for do in ("drop", "error", "rate_limit") for when in ("before", "after")]
)
HURRIED = Weather(impatient=True)
ROLES = ("manager", "box_office")


@pytest.fixture(scope="module")
def play(world: World, processors: Processors) -> Iterator[Play]:
    with played(world, processors) as made:
        yield made


def parts_of(cents: int, gateways: tuple[str, ...]) -> list[Part]:
    """Share an amount out, in order."""
    share = cents // len(gateways)
    return [Part(one, share) for one in gateways[:-1]] + [Part(gateways[-1], cents - share * (len(gateways) - 1))]


def tender(part: Part, methods: dict[str, str]) -> Tender:
    """Return what the till sends for a part."""
    reference = f"Slip {uuid4().hex[:6]}" if part.gateway == "card" else None
    return Tender(part.gateway, part.cents, method=methods.get(part.gateway), reference=reference)


def refused(deed: Any) -> str | None:
    """Do it and commit; return the type of the problem that refused it."""
    try:
        deed()
    except Problem as problem:
        rollback()
        return problem.type
    commit()
    return None


class Evening(RuleBasedStateMachine):
    """One history."""

    play: Play
    sales: Bundle[Any] = Bundle("sales")
    holds: Bundle[Any] = Bundle("holds")

    @initialize()
    def put_on(self) -> None:
        """Begin an event, with accounts at both processors that nobody has used, and a till of one's own."""
        self.scope: AbstractContextManager[None] | None = None
        self.stand(ROLES[0])
        self.play.open_accounts()
        self.before = {name: balance_of(heading, "ZAR") for name, heading in self.headings().items()}
        kinds = (Sold(name, cents, capacity=8) for name, cents in PRICES.items())
        self.programme: Programme = put_on(*kinds, name=f"Evening {uuid4().hex[:8]}")
        till = Till(name=f"Till {uuid4().hex[:8]}", prefix=uuid4().hex[:6].upper())
        db.session.add(till)
        self.drawer = Drawer(self.play, till.id, ROLES[0])
        commit()
        self.model = Model(PRICES, dict.fromkeys(PRICES, 8))
        self.open_drawer(0)

    def stand(self, role: str | None) -> None:
        """Have this person act from now on, or nobody."""
        if self.scope is not None:
            rollback()
            self.scope.__exit__(None, None, None)
        self.scope = self.play.world.personas.home.scope(role) if role else None
        if self.scope is not None:
            self.scope.__enter__()

    @rule(target=holds, kind=KINDS, quantity=st.integers(1, 3), named=st.booleans())
    def hold(self, kind: str, quantity: int, named: bool) -> Any:
        """Hold places, in a buyer's name or for ten minutes."""
        return self.held(kind, quantity, named=named)

    @rule(target=holds, old=holds, kind=KINDS, quantity=st.integers(1, 3))
    def replace(self, old: Any, kind: str, quantity: int) -> Any:
        """Hold others instead, in one transaction; what is sold stays."""
        return self.held(kind, quantity, old=old)

    def held(self, kind: str, quantity: int, named: bool = False, old: Any = None) -> Any:
        model, made = self.model, list[UUID]()
        freed = old["model"] if old else None

        def do() -> None:
            if named:
                asked, until = [(self.programme.types[kind], quantity)], now() + timedelta(hours=1)
                made.append(keep(self.programme.event, asked, "Naledi", until, uuid4()).id)
            else:
                made.append(hold(self.programme, quantity, kind, replaces=old["id"] if old else None))

        wanted = None if model.fits(kind, quantity, freed) else "sold_out"
        if freed is not None and freed.state == "sold":
            wanted = "already_paid"
        assert refused(do) == wanted
        if wanted:
            return multiple()
        if freed is not None:
            model.let_go(freed, "released")
            freed.state = "released"
        return {"id": made[0], "model": model.hold(kind, quantity)}

    @rule(held=holds)
    def release(self, held: Any) -> None:
        """Give a hold up; again changes nothing, and what is sold stays."""
        wanted = "already_paid" if held["model"].state == "sold" else None
        assert refused(lambda: give_up(rows(Checkout).get(held["id"]))) == wanted
        if wanted is None:
            self.model.let_go(held["model"], "released")
            held["model"].state = "released"

    @rule(held=holds, times=st.integers(1, 2))
    def run_out(self, held: Any, times: int) -> None:
        """Let a hold's time pass; its job comes, perhaps twice."""
        hold_id = db.session.scalars(select(Hold.id).where(Hold.checkout_id == held["id"]).order_by(Hold.id)).first()
        rollback()
        self.play.let_pass(hold_id)
        for _ in range(times):
            assert refused(lambda: expire(hold_id)) is None
        self.model.let_go(held["model"], "expired")

    @rule(target=sales, kind=KINDS, quantity=st.integers(1, 3), mix=MIXED, fault=FAULTS, declines=st.integers(0, 7))
    def sell(self, kind: str, quantity: int, mix: tuple[str, ...], fault: Any, declines: int) -> Any:
        """Hold and pay; one in eight cards declines, and processors misbehave."""
        held = self.held(kind, quantity)
        return held if not isinstance(held, dict) else self.paid(held, mix, fault, declines == 0)

    @rule(target=sales, kind=KINDS, quantity=st.integers(1, 3))
    def sell_for_cash(self, kind: str, quantity: int) -> Any:
        """Do what is done most."""
        return self.sell(kind, quantity, ("cash",), None, 1)

    @rule(target=sales, held=holds, mix=st.sampled_from([one for one in MIXES if "card" not in one]), fault=FAULTS)
    def sell_held(self, held: Any, mix: tuple[str, ...], fault: Any) -> Any:
        """Pay for what was held before: in time, too late, or what was given up or sold."""
        return self.paid(held, mix, fault, declines=False)

    def paid(self, held: Any, mix: tuple[str, ...], fault: Any, declines: bool) -> Any:
        """Pay what is held; what does not go through is given up."""
        known: ModelHold = held["model"]
        parts = parts_of(PRICES[known.kind] * known.quantity, mix)
        last = next((one for one in reversed(mix) if one in ONLINE), None)
        methods = PAYS | ({last: DECLINES[last]} if last and declines else {})
        tenders, begun = [tender(one, methods) for one in parts], []
        said = refused(lambda: begun.append(begin_to_pay(rows(Checkout).get(held["id"]), tenders)))
        wanted = self.model.refusal(known, parts)
        if wanted == "already_paid" and said is None:  # asked again with the same money, from the same drawer
            assert (money_of(parts), kind_of(begun[0])) == (known.paid, "done")
            return multiple()
        assert said == wanted
        if wanted is None:
            gone = self.model.sold_out(known)
            self.go(last, fault)
            if not (last and declines) and not gone:
                assert kind_of(begun[0]) == "done"
                return {"id": held["id"], "model": self.model.sell(known, parts)}
            assert kind_of(begun[0]) == "failed"
            upto = mix.index(last) if last and declines else len(parts)
            self.model.taken_and_back([one for one in parts[:upto] if one.gateway in ONLINE])
            if "card" in mix:
                return multiple()  # its slip waits for a person, and its places for their end
        self.release(held)
        return multiple()

    def go(self, gateway: str | None, fault: Any) -> None:
        """Let a worker do it, in bad weather if there is a fault, and heal."""
        if fault and gateway:
            self.play.misbehave(gateway, *fault)
        self.play.work(HURRIED if fault else FAIR)
        self.play.heal()

    @rule(sale=sales, tickets=st.integers(1, 3), fault=FAULTS)
    def refund_tickets(self, sale: Any, tickets: int, fault: Any) -> None:
        """Take tickets back: some, or all that are left."""
        known: ModelSale = sale["model"]
        live = self.live_tickets(sale["id"])
        assert len(live) == known.tickets
        some = tuple(live[:tickets])
        cents = known.worth(len(some)) if some else 0
        asked = RefundCheckout(sale["id"], "refund", "rain", f"m:{uuid4()}", tickets=some)
        self.give_back(sale, asked, len(some), cents, fault)

    @rule(sale=sales, cents=st.integers(1, 30_000), fault=FAULTS)
    def refund_amount(self, sale: Any, cents: int, fault: Any) -> None:
        """Give an amount back that takes no ticket."""
        asked = RefundCheckout(sale["id"], "refund", "sorry", f"m:{uuid4()}", amount_cents=cents)
        self.give_back(sale, asked, 0, cents, fault)

    def give_back(self, sale: Any, asked: RefundCheckout, tickets: int, cents: int, fault: Any) -> None:
        """Refund as the model says, twice under one key."""
        gateway = next((one for one in PAYS if any(p.gateway == one for p in sale["model"].parts)), None)
        wanted = self.model.give_back(sale["model"], tickets, cents)
        assert refused(lambda: refund_once(asked)) == wanted
        if wanted is None:
            assert refused(lambda: refund_once(asked)) is None
            self.go(gateway, fault)
            self.settle_refunds()

    def settle_refunds(self) -> None:
        """Be the person who gives back at the card machine."""
        for number, one in enumerate(stuck_refunds()):
            assert one.refund.gateway == "card"
            mark_sent(one.refund.id, f"Slip {number}")
        commit()
        self.play.work()
        self.play.heal()

    @rule(target=sales, sale=sales)
    def exchange(self, sale: Any) -> Any:
        """Exchange an adult's ticket that one processor was paid for; the difference goes back."""
        known: ModelSale = sale["model"]
        one, price = known.parts[0], PRICES["Child"]
        if (len(known.parts), known.kind) != (1, "Adult") or one.gateway not in ONLINE or not known.tickets:
            return multiple()
        if known.worth(1) < price:
            return multiple()
        ticket, child, key = self.live_tickets(sale["id"])[0], self.programme.types["Child"], uuid4()
        asked = ExchangeTickets(sale["id"], (ticket,), self.programme.event_id, child, 1, "eleven", key)
        wanted = None if self.model.fits("Child", 1) else "sold_out"
        assert refused(lambda: exchange_once(asked)) == wanted
        if wanted:
            return multiple()
        assert refused(lambda: exchange_once(asked)) is None
        made = self.model.exchange(known, "Child", price)
        self.go(None, None)
        found = rows(Checkout).filter_by(key=key).one().id
        rollback()
        return {"id": found, "model": made}

    def live_tickets(self, checkout_id: UUID) -> list[UUID]:
        """Return a sale's tickets that are not void."""
        gone = select(TicketVoid.ticket_id)
        mine = select(Ticket.id).join(CheckoutLine, CheckoutLine.id == Ticket.checkout_line_id)
        found = list(db.session.scalars(mine.where(CheckoutLine.checkout_id == checkout_id, Ticket.id.not_in(gone))))
        rollback()
        return found

    @rule(cents=st.sampled_from((0, 0, 50_000)))
    def open_drawer(self, cents: int) -> None:
        """Open a shift with a float, if none is open."""
        if self.model.drawer is None:
            self.drawer.open(cents)
            self.model.drawer = cents

    @rule(off=st.sampled_from((0, 0, -500, 1_230)), again=st.booleans(), hands_over=st.booleans())
    def close_drawer(self, off: int, again: bool, hands_over: bool) -> None:
        """Count the drawer, right or wrong, perhaps once more, and close it, or hand it over to the colleague."""
        if not self.model.touched:
            return
        self.close(off, again)
        if hands_over:
            self.drawer.role = ROLES[1 - ROLES.index(self.drawer.role)]
            self.stand(self.drawer.role)
            self.open_drawer(0)

    def close(self, off: int = 0, again: bool = False) -> None:
        """Count and close; the report says what the model says."""
        if self.model.drawer is None:
            return
        expected = self.model.close_shift()
        counted = max(0, expected + off)
        report = self.drawer.close([counted + 7, counted] if again else [counted])
        assert (report.expected_cents, report.variance_cents) == (expected, counted - expected)

    @rule(kind=st.sampled_from(("banked", "paid_out", "added")), cents=st.integers(1, 20_000))
    def move(self, kind: str, cents: int) -> None:
        """Put cash in or take it out, twice under one key."""
        if self.model.drawer is None:
            return
        shift, key = self.drawer.shift, uuid4()
        assert self.model.move(kind, cents) is None
        for _ in range(2):
            assert refused(lambda: move_cash(shift, kind, cents, "change", key)) is None

    @rule(sale=sales, times=st.integers(1, 2), word=st.sampled_from(("succeeded", "payment_failed", "canceled")))
    def told_again(self, sale: Any, times: int, word: str) -> None:
        """Have the processor tell about a sale, late, wrongly and more than once: nothing changes."""
        charge = rows(Charge).filter(Charge.checkout_id == sale["id"], Charge.gateway.in_(ONLINE)).first()
        known = (charge.gateway, charge.key) if charge is not None else None
        rollback()
        if known is not None:
            told = message(*known, word)
            for _ in range(times):
                assert self.play.posts[known[0]].deliver(told).status_code == 200
            self.play.work()

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        self.look()
        self.close()
        self.stand(None)

    def look(self) -> None:
        """Compare all: the processors' lists, tickets, places, books and the drawer."""
        model = self.model
        for gateway in PAYS:
            moved = self.play.moved(gateway)
            assert (moved["charge"], moved["refund"]) == (model.charged[gateway], model.returned[gateway]), gateway
        event_id = self.programme.event_id
        void = rows(TicketVoid).join(Ticket, Ticket.id == TicketVoid.ticket_id).filter(Ticket.event_id == event_id)
        assert (rows(Ticket).filter_by(event_id=event_id).count(), void.count()) == (
            model.live + model.void,
            model.void,
        )
        assert taken(self.programme) == {f"{name} 0": model.taken[name] for name in PRICES}
        now_ = {name: balance_of(heading, "ZAR") - self.before[name] for name, heading in self.headings().items()}
        assert now_ == {name: model.charged[name] - model.returned[name] for name in (*PAYS, "card")} | {"payable": 0}
        assert balance_of(cash_of(self.drawer.till_id), "ZAR") == (model.drawer or 0)
        rollback()

    @staticmethod
    def headings() -> dict[str, Any]:
        """Return the accounts that the model knows, but for the drawer's."""
        return {name: clearing_of(name) for name in (*PAYS, "card")} | {"payable": REFUNDS_PAYABLE}


def message(gateway: str, key: str, word: str) -> dict[str, Any]:
    """Return what a processor says about a charge."""
    if gateway == "stripe":
        thing = {"id": f"pi_{uuid4().hex}", "metadata": {"key": key}}
        return {"id": f"evt_{uuid4().hex}", "type": f"payment_intent.{word}", "data": {"object": thing}}
    status = "success" if word == "succeeded" else "failed"
    return {
        "event": f"charge.{status}",
        "data": {"id": uuid4().hex, "status": status, "reference": key.replace(":", ".")},
    }


def machine(play: Play) -> type[Evening]:
    """Return the state machine on this stage."""
    return type("Evening", (Evening,), {"play": play})


def agree(play: Play, part: int, histories: int, steps: int) -> None:
    """Run histories, each compared with its model at its end; then all checkers look at what they left.

    Each part plays its own, the same each time; when their number is set, new ones.
    """
    asked = "VOELGOED_HISTORIES" in os.environ
    run_state_machine_as_test(
        machine(play) if asked else seed(part)(machine(play)),
        settings=settings(
            max_examples=int(os.environ.get("VOELGOED_HISTORIES", histories)), stateful_step_count=steps,
            deadline=None, print_blob=True, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    with play.world.personas.home.scope("owner"):
        assert violations("MIJ") == {}


def test_an_evenings_money_agrees_with_the_model(play: Play) -> None:
    """Run a few short histories."""
    agree(play, part=100, histories=4, steps=15)


@pytest.mark.deep
@pytest.mark.parametrize("part", range(DEEP_PARTS))
def test_long_evenings_money_agrees_with_the_model(play: Play, part: int) -> None:
    """Run many long ones, in parts that several processes can share."""
    agree(play, part, DEEP_HISTORIES, DEEP_STEPS)


def test_money_that_the_model_does_not_know_is_seen(play: Play) -> None:
    """Negative control: a cent at a processor, in the drawer or in a place taken that the model lacks is seen."""
    one = machine(play)()
    one.put_on()
    assert one.sell("Adult", 1, ("stripe",), None, 1)
    assert one.sell("Adult", 1, ("cash",), None, 1)
    one.look()
    for off in (one.model.charged, one.model.taken):
        known = off.copy()
        off.update({"stripe": 1, "Adult": 1})
        with pytest.raises(AssertionError):
            one.look()
        off.clear()
        off.update(known)
    one.model.drawer += 1
    with pytest.raises(AssertionError):
        one.look()
    one.model.drawer -= 1
    one.teardown()
