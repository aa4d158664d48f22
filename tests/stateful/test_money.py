"""Sell, refund, exchange, hold and close drawers, by every kind of money and with faults, against a model.

A few short histories each time, three hundred of fifty steps with `-m deep`, as many as `VOELGOED_HISTORIES` says when
it is set. Hypothesis prints what reproduces a failure.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule, run_state_machine_as_test
from sqlalchemy import select

from tests.checkout.programme import Programme, Sold, hold, put_on, taken
from tests.conftest import World
from tests.faults.stage import Stage, kind_of, stage, violations
from tests.faults.worker import Weather
from tests.payments.processors import Processors, processors
from tests.selling.online import DECLINES, PAYS, set_up
from tests.selling.test_webhooks import Post
from tests.stateful.money import Model, ModelSale, Part
from voelgoed.accounts.membership import Membership
from voelgoed.boxoffice.close_shift import count_drawer, finish_shift
from voelgoed.boxoffice.open_shift import open_shift
from voelgoed.checkout.checkout import Checkout, CheckoutLine
from voelgoed.checkout.end import give_up
from voelgoed.foundation.boundary import commit, rollback
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
from voelgoed.tills.shift import Shift
from voelgoed.tills.till import Till

__all__ = ["processors"]

DEEP_PARTS, DEEP_HISTORIES, DEEP_STEPS = 2, 15, 50
PRICES = {"Adult": 23_005, "Child": 12_000}
KINDS = st.sampled_from(tuple(PRICES))
MIXES = (
    ("cash",), ("card",), ("stripe",), ("paystack",), ("stripe", "cash"), ("card", "cash"), ("paystack", "stripe"),
    ("stripe", "card", "cash"),
)  # fmt: skip
FAULTS = st.sampled_from(
    (None, None, None, *((do, when) for do in ("drop", "error", "rate_limit", "late") for when in ("before", "after")))
)
HURRIED = Weather(impatient=True)
ROLE = "manager"


@pytest.fixture(scope="module")
def play(world: World, processors: Processors) -> Iterator[Stage]:
    with stage(world, processors) as made:
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


def machine(play: Stage) -> type[RuleBasedStateMachine]:
    """Return the state machine on this stage."""

    class Evening(RuleBasedStateMachine):
        sales: Bundle[Any] = Bundle("sales")
        holds: Bundle[Any] = Bundle("holds")

        @initialize()
        def put_on(self) -> None:
            """Begin an event, with accounts at both processors that nobody has used, and a drawer of one's own."""
            self.before = {name: balance_of(heading, "ZAR") for name, heading in headings(play).items()}
            self.programme: Programme = put_on(
                *(Sold(name, cents, capacity=8) for name, cents in PRICES.items()), name=f"Evening {uuid4().hex[:8]}"
            )
            for gateway in PAYS:
                play.shops[gateway] = set_up(play.processors, gateway)
            self.model = Model(PRICES, dict.fromkeys(PRICES, 8))
            self.posts = {gateway: Post(play.world, play.shops[gateway]) for gateway in PAYS}
            self.carried_out = 0
            self.ensure_shift()

        def ensure_shift(self) -> None:
            """Open a shift at the till, if none is open."""
            user = play.world.personas.home.people[ROLE]
            member = db.session.scalars(select(Membership).where(Membership.user_id == user)).one()
            if rows(Shift).filter_by(membership_id=member.id, closed_at=None).count() == 0:
                till = rows(Till).get(play.world.personas.home.tills[ROLE])
                open_shift(till, member, 0)
            commit()

        @rule(
            target=sales, kind=KINDS, quantity=st.integers(1, 3), mix=st.sampled_from(MIXES), fault=FAULTS,
            declines=st.integers(0, 7),
        )  # fmt: skip
        def sell(self, kind: str, quantity: int, mix: tuple[str, ...], fault: Any, declines: int) -> Any:
            """Hold and pay; one in eight cards declines, and processors misbehave."""
            checkout_id = self.held(kind, quantity)
            if checkout_id is None:
                return multiple()
            return self.paid(checkout_id, kind, quantity, mix, fault, declines == 0)

        def held(self, kind: str, quantity: int) -> UUID | None:
            """Hold places; None when there are none, as the model says."""
            made: list[UUID] = []
            said = refused(lambda: made.append(hold(self.programme, quantity, kind)))
            assert said == (None if self.model.fits(kind, quantity) else "sold_out")
            if said is not None:
                return None
            self.model.taken[kind] += quantity
            return made[0]

        def paid(
            self, checkout_id: UUID, kind: str, quantity: int, mix: tuple[str, ...], fault: Any, declines: bool
        ) -> Any:
            """Pay what is held; what does not go through is given up."""
            parts = parts_of(PRICES[kind] * quantity, mix)
            last = next((one for one in reversed(mix) if one in ONLINE), None)
            methods = PAYS | ({last: DECLINES[last]} if last and declines else {})
            tenders, begun = [tender(one, methods) for one in parts], []
            said = refused(lambda: begun.append(begin_to_pay(rows(Checkout).get(checkout_id), tenders)))
            assert said == self.model.refusal(parts)
            if said is None:
                self.go(begun[0], last, fault)
                kind_ = kind_of(begun[0])
                assert kind_ == ("failed" if last and declines else "done")
                if kind_ == "done":
                    return {"id": checkout_id, "model": self.model.sell(kind, quantity, parts)}
                for one in parts[: mix.index(last)] if last else ():
                    if one.gateway in ONLINE:
                        self.model.charged[one.gateway] += one.cents
                        self.model.returned[one.gateway] += one.cents
            if declines and "card" in mix and said is None:
                return multiple()  # its slip waits for a person, and its places for their end
            give_up(rows(Checkout).get(checkout_id))
            commit()
            self.model.taken[kind] -= quantity
            return multiple()

        def go(self, run_id: UUID, gateway: str | None, fault: Any) -> None:
            """Let a worker do it, in bad weather if there is a fault, and heal."""
            if fault and gateway:
                play.misbehave(gateway, fault[0], when=fault[1])
            play.work(HURRIED if fault else Weather())
            play.heal(run_id)

        @rule(target=holds, kind=KINDS, quantity=st.integers(1, 3))
        def keep(self, kind: str, quantity: int) -> Any:
            """Hold without paying."""
            checkout_id = self.held(kind, quantity)
            return multiple() if checkout_id is None else [checkout_id, kind, quantity]

        @rule(held=holds)
        def release(self, held: Any) -> None:
            """Give a hold up; again changes nothing."""
            checkout_id, kind, quantity = held
            give_up(rows(Checkout).get(checkout_id))
            commit()
            self.model.taken[kind] -= quantity
            held[2] = 0

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
            if fault and gateway:
                play.misbehave(gateway, fault[0], when=fault[1])
            wanted = self.model.give_back(sale["model"], tickets, cents)
            assert refused(lambda: refund_once(asked)) == wanted
            if wanted is None:
                assert refused(lambda: refund_once(asked)) is None
            play.work(HURRIED if fault else Weather())
            self.settle_refunds()

        def settle_refunds(self) -> None:
            """Send everything, and be the person who gives back at the card machine."""
            for number in range(8):
                waiting = refunds_under_way()
                for one in stuck_refunds():
                    assert one.refund.gateway == "card"
                    mark_sent(one.refund.id, f"Slip {number}")
                commit()
                if not waiting:
                    return
                play.heal(*waiting)
                play.work()
            raise AssertionError(f"refunds do not end: {refunds_under_way()}")

        @rule(target=sales, sale=sales)
        def exchange(self, sale: Any) -> Any:
            """Exchange an adult's ticket that one processor was paid for; the difference goes back."""
            known: ModelSale = sale["model"]
            one = known.parts[0]
            if (len(known.parts), known.kind) != (1, "Adult") or one.gateway not in ONLINE or not known.tickets:
                return multiple()
            worth, price, key = known.worth(1), PRICES["Child"], uuid4()
            if worth < price:
                return multiple()
            ticket = self.live_tickets(sale["id"])[0]
            child = self.programme.types["Child"]
            asked = ExchangeTickets(sale["id"], (ticket,), self.programme.event_id, child, 1, "eleven", key)
            fits = self.model.fits("Child", 1)
            said = refused(lambda: exchange_once(asked))
            assert said == (None if fits else "sold_out")
            if said is not None:
                return multiple()
            assert refused(lambda: exchange_once(asked)) is None
            made = self.exchanged(known, one, worth, price)
            play.work()
            self.settle_refunds()
            found = rows(Checkout).filter_by(key=key).one().id
            rollback()
            return {"id": found, "model": made}

        def exchanged(self, known: ModelSale, one: Part, worth: int, price: int) -> ModelSale:
            """Have the model exchange: what the new ticket costs stays at the processor, the rest goes back."""
            self.model.give_back(known, 1, worth)
            self.model.returned[one.gateway] -= price
            self.model.taken["Child"] += 1
            self.model.live += 1
            return ModelSale("Child", [Part(one.gateway, price)], 1, price)

        def live_tickets(self, checkout_id: UUID) -> list[UUID]:
            """Return a sale's tickets that are not void."""
            gone = select(TicketVoid.ticket_id)
            mine = select(Ticket.id).join(CheckoutLine, CheckoutLine.id == Ticket.checkout_line_id)
            found = list(
                db.session.scalars(mine.where(CheckoutLine.checkout_id == checkout_id, Ticket.id.not_in(gone)))
            )
            rollback()
            return found

        @rule(off=st.sampled_from((0, 0, -500, 1_230)))
        def close_drawer(self, off: int) -> None:
            """Count the drawer, right or wrong, and close it; the report says what the model says."""
            if self.model.drawer is None:
                self.ensure_shift()
                self.model.drawer = 0
                return
            user = play.world.personas.home.people[ROLE]
            shift = rows(Shift).join(Membership, Membership.id == Shift.membership_id)
            shift = shift.filter(Membership.user_id == user, Shift.closed_at.is_(None)).one()
            expected = self.model.close_shift()
            counted = max(0, expected + off)
            count_drawer(shift, counted, {})
            report = finish_shift(shift)
            assert (report.expected_cents, report.variance_cents) == (expected, counted - expected)
            commit()

        @rule(sale=sales, times=st.integers(1, 3), word=st.sampled_from(("succeeded", "payment_failed", "canceled")))
        def told_again(self, sale: Any, times: int, word: str) -> None:
            """Have the processor tell about a sale, late, wrongly and more than once: nothing changes."""
            charges = rows(Charge).filter_by(checkout_id=sale["id"]).order_by(Charge.tender)
            known = [(one.gateway, one.key) for one in charges if one.gateway in ONLINE]
            rollback()
            for gateway, key in known:
                for _ in range(times):
                    assert self.posts[gateway].deliver(message(gateway, key, word)).status_code == 200
            play.work()

        def teardown(self) -> None:
            if not hasattr(self, "model"):
                return
            self.settle_refunds()
            self.look()
            if self.model.drawer is not None:
                self.close_drawer(0)

        def look(self) -> None:
            """Compare all: the processors' lists, tickets, places, books and the drawer."""
            for gateway in PAYS:
                moved: Counter[str] = Counter()
                for deed, cents in play.shops[gateway].at.moved():
                    moved[deed] += cents
                wanted = (self.model.charged[gateway], self.model.returned[gateway])
                assert (moved["charge"], moved["refund"]) == wanted, gateway
            event_id = self.programme.event_id
            void = rows(TicketVoid).join(Ticket, Ticket.id == TicketVoid.ticket_id).filter(Ticket.event_id == event_id)
            assert rows(Ticket).filter_by(event_id=event_id).count() == self.model.live + self.model.void
            assert void.count() == self.model.void
            assert taken(self.programme) == {f"{name} 0": self.model.taken[name] for name in PRICES}
            now = {name: balance_of(heading, "ZAR") - self.before[name] for name, heading in headings(play).items()}
            gateways = {name: self.model.charged[name] - self.model.returned[name] for name in (*PAYS, "card")}
            assert now == {**gateways, "payable": 0, "drawer": self.model.drawer or 0}
            rollback()
            assert violations() == {}

    return Evening


def headings(play: Stage) -> dict[str, Any]:
    """Return the accounts that the model knows."""
    till = play.world.personas.home.tills[ROLE]
    clearing = {name: clearing_of(name) for name in (*PAYS, "card")}
    return {**clearing, "payable": REFUNDS_PAYABLE, "drawer": cash_of(till)}


def refunds_under_way() -> tuple[UUID, ...]:
    """Return the runs that send money back and have not ended."""
    from tests.selling.refunding import waiting

    return tuple(waiting())


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


def agree(play: Stage, histories: int, steps: int) -> None:
    """Run histories, each compared with its model at its end."""
    run_state_machine_as_test(
        machine(play),
        settings=settings(
            max_examples=int(os.environ.get("VOELGOED_HISTORIES", histories)), stateful_step_count=steps,
            deadline=None, print_blob=True, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_an_evenings_money_agrees_with_the_model(play: Stage) -> None:
    """Run a few short histories."""
    agree(play, histories=4, steps=15)


@pytest.mark.deep
@pytest.mark.parametrize("part", range(DEEP_PARTS))
def test_long_evenings_money_agrees_with_the_model(play: Stage, part: int) -> None:
    """Run many long ones, in parts that several processes can share."""
    agree(play, DEEP_HISTORIES, DEEP_STEPS)


def test_money_that_the_model_does_not_know_is_seen(play: Stage) -> None:
    """Negative control: a sale behind the model's back makes the comparison fail."""
    one = machine(play)()
    one.put_on()
    assert one.sell("Adult", 1, ("stripe",), None, 1)
    one.look()
    one.model.charged["stripe"] -= 1
    with pytest.raises(AssertionError):
        one.look()
    one.model.charged["stripe"] += 1
    one.teardown()
