"""The cases, made from what the workflows declare: every point at which a run can be interrupted, in a way to reach it.

A point that a declaration gains is a case more, without a word here; one that no way reaches fails a test.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from tests.faults.worker import FAIR, Weather
from voelgoed import selling
from voelgoed.foundation.workflow import Workflow, points_of
from voelgoed.foundation.workflow.interruption import COMMIT
from voelgoed.payments.capture import ONLINE
from voelgoed.selling.complete_checkout import complete_checkout
from voelgoed.selling.exchange_tickets import exchange_tickets
from voelgoed.selling.pay_back import pay_back
from voelgoed.selling.pay_exchange import pay_exchange
from voelgoed.selling.refund_checkout import refund_checkout
from voelgoed.selling.refund_news import look_after_refund
from voelgoed.selling.settle_unknown_charge import settle_unknown_charge

Gateways = tuple[str, ...]

PAID_WITH: tuple[Gateways, ...] = (("stripe",), ("paystack",), ("stripe", "cash"), ("paystack", "stripe", "cash"))
ONLINES: tuple[Gateways, ...] = tuple((one,) for one in ONLINE)

FAULTS = tuple((do, when) for do in ("drop", "late", "error", "rate_limit") for when in ("before", "after"))
"""What a processor does at a call, and whether it has done its work by then."""


@dataclass(frozen=True)
class Way:
    """How a run comes by a point: the worker's weather, and what the outside does."""

    name: str
    weather: Weather = FAIR
    fault: str | None = None
    refuses: bool = False


@dataclass(frozen=True)
class Kill:
    """A process is killed at this passing of this point, of a deed with money of these gateways."""

    gateways: Gateways
    point: str
    passing: int
    way: Way

    def __str__(self) -> str:
        return f"{'+'.join(self.gateways)}-{self.point}-{self.way.name}"


STRAIGHT = Way("straight")
WAITS = Way("waits", Weather(impatient=True), fault="drop")
REFUSED = Way("refused", refuses=True)
ASKS = Way("asks", Weather(impatient=True, doubts=True), fault="drop")
STUMBLES = Way("stumbles", Weather(trips_at="sale.written"))
CANNOT_END = Way("cannot-end", Weather(trips_at="complete_checkout.checkout.undo.before"), refuses=True)

GOES_WELL = ("", ".called", *(f".{what}.{side}" for what in ("intent", "result") for side in COMMIT))
EACH_CHARGE = [f"complete_checkout.charge{part}" for part in GOES_WELL]
"""What each charge passes that goes well; of several the last one is killed."""

SALE_WAYS = (
    ("charge.pending", WAITS),
    ("charge.judgement", REFUSED),
    ("charge.asked", ASKS),
    ("charge.undo_failed", Way("cannot-take-back", Weather(trips_at="sale.written"), fault="no-refund")),
    ("checkout.undo_failed", CANNOT_END),
    ("checkout.undo", REFUSED),
    ("undo", STUMBLES),
    ("run.turn", STUMBLES),
    ("", STRAIGHT),
)  # fmt: skip
"""Part of a point's name → the way to it; the first that fits."""

BOOKING_FAILS = Way("booking-fails", Weather(trips_at="refund.ended"))
PAY_BACK_WAYS = (
    ("send_back.pending", WAITS),
    ("send_back.judgement", Way("stumbles", Weather(trips_at="pay_back.send_back"))),
    ("send_back.asked", REFUSED),
    ("undo", BOOKING_FAILS),
    ("run.turn", BOOKING_FAILS),
    ("", STRAIGHT),
)
NEVER_TAKEN_BACK = ("pay_back.send_back.undo.called", "pay_back.send_back.undo.before_commit",
                    "pay_back.send_back.undo.after_commit")  # fmt: skip
"""What was sent is not fetched back: its undo calls a person in the end, after six tries over half a minute."""

NOT_BOOKED = Way("not-booked", Weather(trips_at="refund.owed_again"))
LOOK_WAYS = (
    ("failed.pending", WAITS),
    ("failed.judgement", Way("stumbles", Weather(trips_at="look_after_refund.failed"))),
    ("undo", NOT_BOOKED),
    ("run.turn", NOT_BOOKED),
    ("", STRAIGHT),
)
NEVER_DONE = ("look_after_refund.failed.undo.called", "look_after_refund.failed.undo.before_commit",
              "look_after_refund.failed.undo.after_commit")  # fmt: skip
"""There is nothing to undo of a look: it calls a person, as above."""

NO_EXCHANGE = Way("stumbles", Weather(trips_at="sale.written"))
EXCHANGE_WAYS = (
    ("charge.pending", WAITS),
    ("charge.judgement", REFUSED),
    ("charge.asked", ASKS),
    ("charge.undo_failed", Way("cannot-take-back", Weather(trips_at="sale.written"), fault="no-refund")),
    ("bought.undo_failed", Way("cannot-end", Weather(trips_at="pay_exchange.bought.undo.before"), refuses=True)),
    ("bought.undo", REFUSED),
    ("undo", NO_EXCHANGE),
    ("run.turn", NO_EXCHANGE),
    ("", STRAIGHT),
)

SETTLE_WAYS = (
    ("given_back.pending", WAITS),
    ("given_back.judgement", Way("stumbles", Weather(trips_at="settle_unknown_charge.given_back"))),
    ("given_back.asked", REFUSED),
    ("", STRAIGHT),
)


def sale_kills() -> Iterator[Kill]:
    """Every point of completing a checkout, with every kind of money."""
    for gateways in PAID_WITH:
        outside = sum(one in ONLINE for one in gateways)
        for point in points_of(complete_checkout):
            yield Kill(gateways, point, outside if point in EACH_CHARGE else 1, way_to(point, SALE_WAYS))


def refund_kills() -> Iterator[Kill]:
    """Every point of the requests that refund and that exchange."""
    for gateways in (*ONLINES, ("stripe", "cash")):
        for point in (*points_of(refund_checkout), *points_of(exchange_tickets)):
            yield Kill(gateways, point, 1, STRAIGHT)


def pay_back_kills() -> Iterator[Kill]:
    """Every point of sending money back."""
    for gateways in ONLINES:
        for point in points_of(pay_back):
            if point not in NEVER_TAKEN_BACK:
                yield Kill(gateways, point, 1, way_to(point, PAY_BACK_WAYS))


def settle_kills() -> Iterator[Kill]:
    """Every point of giving back what came without a sale."""
    for gateways in ONLINES:
        for point in points_of(settle_unknown_charge):
            yield Kill(gateways, point, 1, way_to(point, SETTLE_WAYS))


def exchange_kills() -> Iterator[Kill]:
    """Every point of an exchange whose difference comes from outside."""
    for gateways in (("paystack",), ("stripe", "cash")):
        for point in points_of(pay_exchange):
            yield Kill(gateways, point, 1, way_to(point, EXCHANGE_WAYS))


def look_kills() -> Iterator[Kill]:
    """Every point of looking after a refund that the processor says has failed."""
    for gateways in ONLINES:
        for point in points_of(look_after_refund):
            if point not in NEVER_DONE:
                yield Kill(gateways, point, 1, way_to(point, LOOK_WAYS))


def money_workflows() -> list[Workflow[Any]]:
    """Return every workflow that selling declares, whatever module it is in."""
    modules = [import_module(f"{selling.__name__}.{one.name}") for one in pkgutil.iter_modules(selling.__path__)]
    found = {one.name: one for module in modules for one in vars(module).values() if isinstance(one, Workflow)}
    return list(found.values())


def way_to(point: str, ways: tuple[tuple[str, Way], ...]) -> Way:
    """Return the way by which a run passes a point."""
    return next(way for part, way in ways if part in point)
