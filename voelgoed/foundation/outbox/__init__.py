"""Work that follows a commit: rows that survive, jobs that may be lost, and a sweeper between them."""

from voelgoed.foundation.boundary import after_commit
from voelgoed.foundation.outbox.broker import Broker, broker, broker_of
from voelgoed.foundation.outbox.claim import Claim, LostLease, take, take_about
from voelgoed.foundation.outbox.dispatch import dispatch, perform
from voelgoed.foundation.outbox.enqueue import enqueue
from voelgoed.foundation.outbox.kept import kept
from voelgoed.foundation.outbox.sweep import sweep_forever, sweep_once
from voelgoed.foundation.outbox.task import self_committing

__all__ = [
    "Broker",
    "Claim",
    "LostLease",
    "after_commit",
    "broker",
    "broker_of",
    "dispatch",
    "enqueue",
    "kept",
    "perform",
    "self_committing",
    "sweep_forever",
    "sweep_once",
    "take",
    "take_about",
]  # fmt: skip
