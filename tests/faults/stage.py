"""One database, one simulator and one queue for many cases: sales begun, time that passes, and what is left."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import psycopg
from redis import Redis
from sqlalchemy import select

from tests.checkout.programme import Programme, Sold, hold, put_on, sell
from tests.conftest import Database, World
from tests.faults import worker
from tests.foundation.nursery import Nursery
from tests.payments.processors import Processors
from tests.selling.online import PAYS, Shop, checkout_of, set_up
from voelgoed.checkout.checkout import Checkout, CheckoutAttempt, CheckoutLine
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.checks import checkers
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import sweep_once
from voelgoed.foundation.tenancy import rows, skip_tenant_rule
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowOutcome
from voelgoed.payments.capture import Tender
from voelgoed.payments.payment import Charge, Refund
from voelgoed.selling.begin import begin_to_pay
from voelgoed.selling.exchange_tickets import ExchangeTickets
from voelgoed.selling.pay_exchange import begin_exchange
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.selling.settle_unknown_charge import mark_not_captured
from voelgoed.ticketing.ticket import Ticket

PRICE, CHEAPER = 35000, 20000
ROUND, BOUND = 10.0, 60.0
"""Seconds between two rounds of the sweeper here; seconds after which all is settled but what a person must decide."""
WAY_OFF = 20.0  # seconds of real time after which the simulator is taken to hang

Gateways = tuple[str, ...]


@dataclass
class Stage:
    """What all cases of a module share."""

    world: World
    processors: Processors
    redis_url: str
    nursery: Nursery
    programme: Programme
    shops: dict[str, Shop] = field(default_factory=dict)
    late: bool = False

    @property
    def home(self) -> UUID:
        return self.world.personas.home.organization_id

    @property
    def clerk(self) -> UUID:
        return self.world.personas.home.people["manager"]

    def open_accounts(self) -> Stage:
        """Have accounts at both processors in which nothing has happened."""
        self.shops = {gateway: set_up(self.processors, gateway) for gateway in PAYS}
        return self

    def tenders(self, gateways: Gateways, methods: dict[str, str] | None = None) -> list[Tender]:
        """Share the price out among gateways, in order; `methods` says with what the payer pays where."""
        share = PRICE // len(gateways)
        cents = [share] * (len(gateways) - 1) + [PRICE - share * (len(gateways) - 1)]
        pays = PAYS | (methods or {})
        return [Tender(one, amount, method=pays.get(one)) for one, amount in zip(gateways, cents, strict=True)]

    def begin(self, gateways: Gateways, methods: dict[str, str] | None = None) -> UUID:
        """Be the request that begins to pay; returns the run."""
        run_id = begin_to_pay(rows(Checkout).get(hold(self.programme)), self.tenders(gateways, methods))
        commit()
        return run_id

    def sold(self, gateways: Gateways) -> UUID:
        """Sell one ticket for money of these gateways; returns the checkout."""
        run_id = self.begin(gateways)
        self.work()
        assert kind_of(run_id) == "done"
        checkout_id = checkout_of(run_id)
        rollback()
        return checkout_id

    def begin_dearer(self, gateways: Gateways, methods: dict[str, str] | None = None) -> tuple[UUID, UUID]:
        """Be the request that exchanges a ticket for a dearer one, paid like this; returns the run and the ticket."""
        ticket = sell(self.programme, 1, "Child")[0]
        sale = rows(CheckoutLine).get(ticket.checkout_line_id).checkout_id
        pays, parts = PAYS | (methods or {}), [(PRICE - CHEAPER) // len(gateways)] * (len(gateways) - 1)
        tenders = tuple(
            Tender(one, cents, method=pays.get(one)) for one, cents in zip(gateways, [*parts, 0], strict=True)
        )
        wanted = (self.programme.event_id, self.programme.types["Adult"])
        bought = begin_exchange(
            ExchangeTickets(sale, (ticket.id,), *wanted, 1, "she is twelve", uuid4(), tenders=tenders)
        )
        commit()
        run_id = rows(CheckoutAttempt).filter_by(checkout_id=bought).one().run_id
        rollback()
        return run_id, ticket.id

    def refund_that_fails(self, gateway: str) -> UUID:
        """Sell, give all of it back, and have the processor say later that it could not; returns the refund."""
        # Paystack's refunds wait before they end; one that ended well does not fail any more.
        self.shops[gateway].at.set(refunds="pending" if gateway == "paystack" else "processed")
        checkout_id = self.sold((gateway,))
        refund_once(self.asked(checkout_id))
        commit()
        self.work()
        number = str(self.shops[gateway].at.happened()["refund"][-1]["id"])
        self.processors.control(f"/refunds/{number}", status="failed")
        refund_id = rows(Refund).filter_by(checkout_id=checkout_id).one().id
        rollback()
        return refund_id

    def taken_without_a_sale(self, gateway: str) -> UUID:
        """Have a processor take money, say nothing, and a person say that it never came; returns the sale's run."""
        run_id = self.begin((gateway,))
        self.misbehave(gateway, "drop")
        self.work(worker.Weather(impatient=True, doubts=True))
        assert kind_of(run_id) == "asks"
        charge_id = rows(Charge).filter_by(checkout_id=checkout_of(run_id)).one().id
        mark_not_captured(charge_id, "It never came")
        commit()
        self.work()
        assert kind_of(run_id) == "failed"
        return charge_id

    def asked(self, checkout_id: UUID) -> RefundCheckout:
        """Return what asks to give everything back that was sold."""
        tickets = rows(Ticket).filter(Ticket.checkout_line.has(checkout_id=checkout_id)).all()
        made = RefundCheckout(
            checkout_id, "refund", "rain", f"faults:{checkout_id}", tickets=tuple(one.id for one in tickets)
        )
        rollback()
        return made

    def swapped(self, checkout_id: UUID) -> ExchangeTickets:
        """Return what asks to have a sale's ticket exchanged for a cheaper one."""
        tickets, event_id = self.asked(checkout_id).tickets, self.programme.event_id
        cheaper = self.programme.types["Child"]
        return ExchangeTickets(checkout_id, tickets, event_id, cheaper, 1, "she is eleven", uuid4())

    def killed(self, name: str, passing: int, deed: str, *given: object) -> bool:
        """Have a process do something until it dies at a point; False when it came through alive."""
        rollback()
        return self.nursery.killed_at(name, passing, deed, *given)

    def work_until_killed(self, name: str, passing: int = 1, weather: worker.Weather = worker.FAIR) -> bool:
        """Have a worker process do what is queued until it dies at a point; False when it came through alive."""
        return self.killed(name, passing, "work", self.redis_url, weather)

    def work(self, weather: worker.Weather = worker.FAIR) -> None:
        """Do what is queued, in this process."""
        rollback()
        worker.work(self.redis_url, weather)

    def heal(self, *runs: UUID, within: float = BOUND) -> None:
        """Let a minute pass at most, with a sweeper and a worker, until these runs have ended or wait for a person."""
        self.quiet()
        self.work()
        for _ in range(int(within / ROUND)):
            if settled(runs):
                return
            self.pass_by(ROUND)
            sweep_once()
            self.work()
        assert settled(runs), f"not settled within {within:g} s: {runs}"

    def pass_by(self, seconds: float) -> None:
        """Let so many seconds pass for all that waits: jobs, and charges that are asked about."""
        rollback()
        pass_by(self.world.database, seconds)

    def misbehave(self, gateway: str, do: str, **more: object) -> None:
        """Have a processor do something wrong at the next call that moves money."""
        settings = {"method": "POST", "when": "after", "seconds": 2 * worker.PATIENCE} | more
        self.shops[gateway].at.fault(do, **settings)
        self.late = self.late or do == "late"

    def quiet(self) -> None:
        """Return when the simulator has answered every call that was made to wait, and misbehaves no more."""
        if self.late:
            self._wait_for_late_ones()
        self.late = False
        assert self.processors.http.delete("/_control/faults").status_code == 200

    def _wait_for_late_ones(self) -> None:
        deadline = time.monotonic() + WAY_OFF
        while any(_late(one) for one in self.processors.http.get("/_control/calls").json()):
            assert time.monotonic() < deadline, "the simulator still works on a call"

    def reference(self, gateway: str, key: str) -> str:
        """Return the processor's own name for a charge of ours."""
        if gateway == "paystack":
            return key.replace(":", ".")
        intents = self.shops[gateway].at.happened()["payment_intent"]
        return next(str(one["id"]) for one in intents if one["metadata"]["key"] == key)

    def moved(self, key: str) -> Counter[tuple[str, int]]:
        """Count by the processors' own lists what they really moved for a charge of ours: (charge | refund, cents)."""
        return Counter(
            (work["deed"], work["amount"])
            for shop in self.shops.values()
            for work in works(shop.at.happened())
            if work["ours"] == key
        )


def pass_by(database: Database, seconds: float) -> None:
    """Let so many seconds pass for all that waits in a database: jobs, and charges that are asked about."""
    moved = ", ".join(
        f"{one} = {one} - make_interval(secs => {seconds})" for one in ("due_at", "enqueued_at", "claimed_until")
    )
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(f"UPDATE outbox_row SET {moved} WHERE done_at IS NULL")
        connection.execute(
            f"UPDATE charge SET created_at = created_at - make_interval(secs => {seconds}) WHERE NOT EXISTS "
            "(SELECT 1 FROM payment p WHERE p.charge_id = charge.id) AND NOT EXISTS "
            "(SELECT 1 FROM charge_end e WHERE e.charge_id = charge.id)"
        )


def works(happened: dict[str, list[dict[str, object]]]) -> Iterator[dict[str, object]]:
    """Yield each movement of money with the key of our charge that it belongs to."""
    keys = {one["id"]: one["metadata"]["key"] for one in happened["payment_intent"]}  # type: ignore[index]
    keys |= {one["reference"]: str(one["reference"]).replace(".", ":") for one in happened["transaction"]}
    charges = {one["id"]: one.get("payment_intent") for one in happened["charge"]}
    charges |= {one["id"]: one["reference"] for one in happened["transaction"]}
    refunds = {one["id"]: one.get("payment_intent") or one.get("transaction_reference") for one in happened["refund"]}
    for work in happened["work"]:
        yield work | {"ours": keys.get((charges | refunds).get(work["object"]))}


def _late(call: dict[str, object]) -> bool:
    return call["status"] is None and str(call["fault"]).startswith("late")


@contextmanager
def stage(world: World, processors: Processors) -> Iterator[Stage]:
    """Put everything up: accounts at both processors, an event, a mother of processes who has sold before."""
    redis_url = world.database.servers.valkey.url
    Redis.from_url(redis_url).flushdb()
    with world.personas.home.scope("manager"):
        programme = put_on(Sold(price_cents=PRICE, capacity=5000), Sold("Child", CHEAPER, 5000))
        set_up(processors, "stripe")
        _queue_a_sale(programme)
        with Nursery(world.database.config(), worker.live, "work", redis_url) as nursery:
            yield Stage(world, processors, redis_url, nursery, programme).open_accounts()
        assert violations("AGIJMT") == {}


def _queue_a_sale(programme: Programme) -> None:
    found = rows(Checkout).get(hold(programme))
    begin_to_pay(found, [Tender("stripe", found.total_cents, method=PAYS["stripe"])])
    commit()


def kind_of(run_id: UUID) -> str | None:
    """Return how a run ended (done, failed), `asks` while it waits for a person, None while it goes on."""
    ended = select(WorkflowOutcome.kind).where(WorkflowOutcome.run_id == run_id)
    asks = select(RunStuck.id).where(RunStuck.run_id == run_id)
    kind = db.session.scalar(ended) or ("asks" if db.session.scalar(asks) else None)
    rollback()
    return kind


def settled(runs: tuple[UUID, ...]) -> bool:
    """Say whether each of these runs has ended or waits for a person."""
    return all(kind_of(one) for one in runs)


def violations(of: str = "MIJ") -> dict[str, int]:
    """Run the checkers of money, places and jobs (or others, by letter); returns code → count if not nought."""
    rollback()
    with skip_tenant_rule(reason="a test checks what must hold") as session:
        counts = {one.code: one.count(session) for one in checkers() if one.code[0] in of}
    return {code: count for code, count in counts.items() if count}
