"""What the histories of money are played on: one database and one simulator for all, jobs done here and now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
from sqlalchemy import func, select

from tests.conftest import World
from tests.faults.worker import FAIR, Weather, under
from tests.payments.processors import Processors
from tests.selling.online import PAYS, Shop, set_up
from tests.selling.test_webhooks import Post
from voelgoed.accounts.membership import Membership
from voelgoed.boxoffice.close_shift import count_drawer, finish_shift
from voelgoed.boxoffice.open_shift import open_shift
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import perform, take
from voelgoed.foundation.outbox.broker import EXTENSION, Broker
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowOutcome, WorkflowRun
from voelgoed.tills.shift import Shift, ZReport
from voelgoed.tills.till import Till

LOOKS, PAUSE = 6, 10.0
"""How often what waits is looked at until it must have ended, and seconds between two looks: a minute in all."""
PASSES = (
    "UPDATE outbox_row SET due_at = due_at - make_interval(secs => %(s)s)"
    " WHERE done_at IS NULL AND queue <> 'maintenance'",
    "UPDATE charge SET created_at = created_at - make_interval(secs => %(s)s) WHERE NOT EXISTS"
    " (SELECT 1 FROM payment p WHERE p.charge_id = charge.id) AND NOT EXISTS"
    " (SELECT 1 FROM charge_end e WHERE e.charge_id = charge.id)",
)


@dataclass
class Play:
    """The world, the processors, and a superuser who moves time."""

    world: World
    processors: Processors
    admin: psycopg.Connection
    shops: dict[str, Shop] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    faulty: bool = False

    def open_accounts(self) -> None:
        """Have accounts at both processors in which nothing has happened."""
        self.shops = {gateway: set_up(self.processors, gateway) for gateway in PAYS}
        self.posts = {gateway: Post(self.world, shop) for gateway, shop in self.shops.items()}

    def misbehave(self, gateway: str, do: str, when: str) -> None:
        """Have a processor do something wrong at the next call that moves money."""
        self.shops[gateway].at.fault(do, method="POST", when=when, seconds=1)
        self.faulty = True

    def work(self, weather: Weather = FAIR) -> None:
        """Do what is due, in the order in which it was asked for, until nothing is."""
        with under(weather):
            while due := self._due():
                for row_id in due:
                    if (claim := take(row_id)) is not None:
                        perform(current_scope().organization_id, claim)

    def _due(self) -> list[UUID]:
        moment = func.clock_timestamp()
        statement = select(OutboxRow.id).where(OutboxRow.done_at.is_(None), OutboxRow.due_at <= moment)
        found = list(db.session.scalars(statement.order_by(OutboxRow.id)))
        rollback()
        return found

    def heal(self) -> None:
        """Let a minute pass at most, with processors that behave; all runs have ended by then or wait for a person."""
        if self.faulty:
            self.processors.http.delete("/_control/faults")
            self.faulty = False
        for _ in range(LOOKS):
            if not self.under_way():
                return
            for statement in PASSES:
                self.admin.execute(statement, {"s": PAUSE})
            self.work()
        assert not self.under_way(), "not settled within a minute"

    def under_way(self) -> list[UUID]:
        """Return the runs that have not ended and wait for nobody."""
        ended = select(WorkflowOutcome.run_id).where(WorkflowOutcome.run_id == WorkflowRun.id).exists()
        asks = select(RunStuck.run_id).where(RunStuck.run_id == WorkflowRun.id).exists()
        found = list(db.session.scalars(select(WorkflowRun.id).where(~ended, ~asks)))
        rollback()
        return found

    def let_pass(self, hold_id: UUID) -> None:
        """Let a hold's time be over."""
        self.admin.execute("UPDATE hold SET expires_at = now() - interval '1 second' WHERE id = %s", (hold_id,))

    def moved(self, gateway: str) -> Counter[str]:
        """Sum by the processor's own list what it really moved: charge, refund (cents)."""
        sums: Counter[str] = Counter()
        for deed, cents in self.shops[gateway].at.moved():
            sums[deed] += cents
        return sums


@dataclass
class Drawer:
    """One till of one history, and who stands there."""

    play: Play
    till_id: UUID
    role: str

    def _shift(self) -> Shift | None:
        return rows(Shift).filter_by(till_id=self.till_id, closed_at=None).one_or_none()

    def open(self, float_cents: int) -> None:
        """Open a shift with a counted float."""
        user = self.play.world.personas.home.people[self.role]
        member = db.session.scalars(select(Membership).where(Membership.user_id == user)).one()
        open_shift(rows(Till).get(self.till_id), member, float_cents)
        commit()

    def close(self, counts: list[int]) -> ZReport:
        """Count, once or twice, and close; returns the report."""
        shift = self._shift()
        assert shift is not None
        for cents in counts:
            count_drawer(shift, cents, {})
        report = finish_shift(shift)
        commit()
        return report

    @property
    def shift(self) -> Shift:
        """The shift that is open."""
        shift = self._shift()
        assert shift is not None
        return shift


def close_everything() -> None:
    """Close all drawers that are open, as they are."""
    for shift in rows(Shift).filter_by(closed_at=None).all():
        count_drawer(shift, shift.float_cents, {}, forced=True)
        finish_shift(shift)
    commit()


@contextmanager
def played(world: World, processors: Processors) -> Iterator[Play]:
    """Have all that the histories share; nobody else does its jobs, for nothing is put on queues."""
    app = world.app
    before = app.extensions.get(EXTENSION)
    app.extensions[EXTENSION] = Broker(None)
    with psycopg.connect(world.database.url("postgres"), autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        with world.personas.home.scope("owner"):
            close_everything()
        yield Play(world, processors, admin)
    if before is None:
        del app.extensions[EXTENSION]
    else:
        app.extensions[EXTENSION] = before
