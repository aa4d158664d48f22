"""The desk of one web process: scans that wait at the same time are judged together, each answered after its commit.

Nobody waits when alone. The first to come leads: it judges all that waits, itself included, in one transaction; who
comes meanwhile is judged by the next. Under load the next waits a moment for those that were just answered: most of
what a list costs it costs once, so one of sixteen is much cheaper than one of one and one of fifteen. One leads at a
time for an organization, because a second would halve the lists and double what they cost; only when the first is held
up, by a lock say, does a second judge who comes after it. A list that fails on data is halved until the poison stands
alone.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cachetools import LRUCache
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.live.push import publish
from voelgoed.foundation.tenancy import Actor, current_scope
from voelgoed.foundation.tenancy.announce import announce_again
from voelgoed.foundation.web.problem import Problem
from voelgoed.scanning.asked import Asked, Judged
from voelgoed.scanning.process_scan import process_scan
from voelgoed.scanning.record import Overtaken

TRIES = 5
LEADERS = 2
HELD_UP_SECONDS = 0.25
MOMENT_SECONDS = 0.001
MOMENTS = 3
AT_ONCE = 64
BOUND = 512
PATIENCE_SECONDS = 2.0
DEVICES = Actor("device", None, "gate devices")


@dataclass(eq=False)
class Slot:
    """One scan that waits: answered, refused, or called to lead."""

    asked: Asked
    called: threading.Event = field(default_factory=threading.Event)
    judged: Judged | None = None
    refused: Problem | None = None
    leads: bool = False

    @property
    def over(self) -> bool:
        """Say whether it has its answer."""
        return self.judged is not None or self.refused is not None


class Desk:
    """The scans of one organization that wait in this process."""

    def __init__(self) -> None:
        self._waiting: deque[Slot] = deque()
        self._leading = 0
        self._taken_at = 0.0
        self._last = self._together = 1  # how many the last list held, and how many waited besides when it was judged
        self._lock = threading.Lock()

    def ask(self, asked: Asked) -> Judged:
        """Have a scan judged; raises Problem 503 when too many wait or no answer comes in time."""
        slot = Slot(asked)
        with self._lock:
            if len(self._waiting) >= BOUND:
                raise busy()
            self._waiting.append(slot)
            leads = self._leading == 0 or (self._leading < LEADERS and self._held_up())
            self._leading += leads
            self._taken_at = time.monotonic() if leads else self._taken_at
        if leads or slot.called.wait(PATIENCE_SECONDS) or not self._left(slot):
            if leads or slot.leads:
                self._lead(slot)
                # A second that led may have taken it just before: then that one's answer comes.
                if not slot.over:
                    slot.called.wait(PATIENCE_SECONDS)
            if slot.judged is not None:
                return slot.judged
        raise slot.refused or busy()

    def _held_up(self) -> bool:
        return time.monotonic() - self._taken_at > HELD_UP_SECONDS

    def _left(self, slot: Slot) -> bool:
        """Give up waiting; False when it was called at this very moment. What is being judged is asked again later."""
        with self._lock:
            if slot.called.is_set():
                return False
            if slot in self._waiting:
                self._waiting.remove(slot)
            return True

    def _lead(self, own: Slot) -> None:
        """Judge what waits until one's own is answered, then call the next to lead, if somebody waits."""
        own.called.clear()
        try:
            self._gather()
            while not own.over and (batch := self._take()):
                _answer(batch)
        finally:
            self._pass_on()

    def _gather(self) -> None:
        """Wait for as many as asked together just now, a moment at a time, as long as more come."""
        for _ in range(MOMENTS):
            waiting = len(self._waiting)
            if waiting >= min(self._together, AT_ONCE):
                return
            time.sleep(MOMENT_SECONDS)
            if len(self._waiting) == waiting:
                return

    def _pass_on(self) -> None:
        with self._lock:
            self._together = self._last + len(self._waiting)
            if not self._waiting:
                self._leading -= 1
                return
            self._taken_at = time.monotonic()
            self._waiting[0].leads = True
            self._waiting[0].called.set()

    def _take(self) -> list[Slot]:
        with self._lock:
            self._taken_at = time.monotonic()
            taken = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
            self._last = len(taken) or self._last
            return taken


_desks: LRUCache[UUID, Desk] = LRUCache(64)
_desks_lock = threading.Lock()


def judge_one(asked: Asked) -> Judged:
    """Judge one scan together with those that wait; its transaction has committed when this returns."""
    with _desks_lock:
        desk = _desks.setdefault(current_scope().organization_id, Desk())
    return desk.ask(asked)


def _answer(batch: Sequence[Slot]) -> None:
    """Judge a batch and wake who waits for it, whatever became of it."""
    try:
        judge(batch)
    finally:
        for slot in batch:
            slot.called.set()


def judge(batch: Sequence[Slot]) -> None:
    """Judge a batch in one transaction of the leader's scope, commit, and give each its answer."""
    try:
        judged = judge_now([slot.asked for slot in batch])
        commit()
    except Problem as problem:
        _halve(batch, problem)
    except DBAPIError as error:
        rollback()
        lost = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
        unreadable = Problem(422, "unreadable", detail="That scan cannot be stored. Nothing was judged.")
        _halve(batch, busy() if lost else unreadable)
    else:
        for slot, answer in zip(batch, judged, strict=True):
            slot.judged = answer


def _halve(batch: Sequence[Slot], problem: Problem) -> None:
    """Judge both halves by themselves; one alone is refused."""
    if len(batch) == 1:
        batch[0].refused = problem
        return
    middle = len(batch) // 2
    judge(batch[:middle])
    judge(batch[middle:])


def judge_now(asked: Sequence[Asked]) -> list[Judged]:
    """Judge scans in the scope's transaction, which holds nothing else; the caller commits, then answers.

    Raises Problem 503 when others were faster five times: the phone asks again with the same `scan_id`. Raises
    IntegrityError when what was asked breaks a rule of the database however often it is judged.
    """
    current_scope().actor = DEVICES
    announce_again()
    for left in reversed(range(TRIES)):
        try:
            judged = process_scan(asked)
        except (Overtaken, OperationalError):
            rollback()
        except IntegrityError:
            rollback()
            if not left:
                raise
        else:
            for event_id in {one.event_id for one in judged if one.event_id and not one.repeated}:
                publish("occupancy", event_id)
            return judged
    raise busy()


def busy() -> Problem:
    """Return what a phone is told that should ask again, or judge by itself."""
    return Problem(503, "busy", detail="The gate is busy. Ask again.", headers={"Retry-After": "1"})
