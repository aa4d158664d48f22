"""Processes that work on the queues, or answer one request, and die where they are told to."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

from flask import current_app
from redis import Redis
from rq.serializers import JSONSerializer

from tests.races import sellers  # noqa: F401  # what the mother imports, her children need not
from voelgoed.cli.performer import Performer
from voelgoed.foundation import points
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.outbox.task import QUEUES
from voelgoed.foundation.tenancy import Actor, scope
from voelgoed.payments import take_money
from voelgoed.payments.gateways import budget
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
    """Do all that is queued, as `voelgoed worker` does it."""
    performer = Performer(list(QUEUES), connection=Redis.from_url(redis_url), serializer=JSONSerializer)
    performer.app = current_app._get_current_object()  # type: ignore[attr-defined]
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with under(weather):
        performer.work(burst=True, logging_level="CRITICAL")
    for number, handler in handlers.items():
        signal.signal(number, handler)


def refund(organization_id: UUID, user_id: UUID, asked: RefundCheckout) -> None:
    """Be the request that refunds."""
    with scope(organization_id, Actor("user", user_id, "a clerk of the faults")):
        refund_once(asked)
        commit()


def live(deed: str, *given: object) -> None:
    """Live in a process of its own: `work` or `refund`."""
    with suppress(points.Tripped):
        {"work": work, "refund": refund}[deed](*given)  # type: ignore[operator]
