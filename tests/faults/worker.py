"""Processes that work on the queues, or answer one request, and die where they are told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

from flask import current_app
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from tests.races import sellers  # noqa: F401  # what the mother imports, her children need not
from voelgoed.cli.performer import Performer
from voelgoed.foundation import points
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.outbox.task import QUEUES
from voelgoed.foundation.tenancy import Actor, scope
from voelgoed.payments import take_money
from voelgoed.payments.gateways import budget
from voelgoed.selling.exchange_tickets import ExchangeTickets, exchange_once
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once

PATIENCE = 0.3
"""Seconds that a processor has to answer here, for those who are to be kept waiting."""


@dataclass(frozen=True)
class Weather:
    """How it goes in one process: the point at which its work stumbles, whether it waits, whether it doubts."""

    trips_at: str | None = None
    impatient: bool = False
    doubts: bool = False


FAIR = Weather()


@contextmanager
def under(weather: Weather) -> Iterator[None]:
    """Have that weather in this process until the block ends."""
    before = budget.ALTOGETHER, take_money.UNSURE_FOR
    with ExitStack() as stack:
        if weather.trips_at:
            stack.enter_context(points.armed(weather.trips_at, points.trip))
        if weather.impatient:
            budget.ALTOGETHER = PATIENCE
        if weather.doubts:
            take_money.UNSURE_FOR = 0.0
        try:
            yield
        finally:
            budget.ALTOGETHER, take_money.UNSURE_FOR = before


def work(redis_url: str, weather: Weather = FAIR) -> None:
    """Do all that is queued, as `voelgoed worker` does each job, without its comings and goings."""
    redis = Redis.from_url(redis_url)
    performer = Performer(list(QUEUES), connection=redis, serializer=JSONSerializer)
    performer.app = current_app._get_current_object()  # type: ignore[attr-defined]
    with under(weather):
        while found := Queue.dequeue_any(performer.queues, None, connection=redis, serializer=JSONSerializer):
            performer.execute_job(*found)


def ask(organization_id: UUID, user_id: UUID, asked: RefundCheckout | ExchangeTickets) -> None:
    """Be the request that refunds or exchanges."""
    with scope(organization_id, Actor("user", user_id, "a clerk of the faults")):
        do(asked)
        commit()


def do(asked: RefundCheckout | ExchangeTickets) -> None:
    """Refund or exchange, once under its key, with the caller's transaction."""
    if isinstance(asked, RefundCheckout):
        refund_once(asked)
    else:
        exchange_once(asked)


def live(deed: str, *given: object) -> None:
    """Live in a process of its own: `work` or `ask`."""
    with suppress(points.Tripped):
        {"work": work, "ask": ask}[deed](*given)  # type: ignore[operator]
