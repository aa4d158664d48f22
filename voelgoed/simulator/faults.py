"""How the simulator misbehaves when it is told to: calls that go wrong, webhooks that come wrong."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field

from voelgoed.simulator.books import Row

CALL_DEEDS = ("late", "drop", "error", "rate_limit")
WEBHOOK_DEEDS = ("duplicate", "delay", "reorder", "wrong_signature", "swallow")
_numbers = itertools.count(1)


class Dropped(Exception):
    """The connection is to be closed without an answer."""


class Trouble(Exception):
    """An answer that the processor gives without looking at what was asked."""

    def __init__(self, status: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.retry_after = status, retry_after


@dataclass
class Fault:
    """What happens to the next `times` calls that match; `when` says whether the work is done before it happens.

    `late` waits `seconds`; `drop` closes the connection; `error` answers `status`; `rate_limit` answers 429.
    """

    do: str
    provider: str | None = None
    method: str | None = None
    path: str = "/"
    account: str | None = None
    when: str = "before"
    seconds: float = 1.0
    status: int = 500
    retry_after: int | None = None
    times: int = 1
    skip: int = 0
    number: int = field(default_factory=lambda: next(_numbers))

    def matches(self, provider: str, account: str, method: str, path: str) -> bool:
        """Say whether a call is meant."""
        meant = ((self.provider, provider), (self.method, method), (self.account, account))
        return all(wish in (None, is_) for wish, is_ in meant) and path.startswith(self.path)

    def strike(self, freed: threading.Event) -> None:
        """Do it: wait, at most until `freed`, or raise what becomes of the call."""
        if self.do == "late":
            freed.wait(self.seconds)
        elif self.do == "drop":
            raise Dropped
        elif self.do == "rate_limit":
            raise Trouble(429, "Too many requests hit the API too quickly.", self.retry_after or 1)
        elif self.do == "error":
            raise Trouble(self.status, "An error occurred on our side; the simulator was told to make one.")


@dataclass
class WebhookFault:
    """What happens to the next `times` webhooks whose event starts with `event`; `reorder` sends them backwards.

    `delay` waits `seconds`; so long `reorder` waits at most for as many as it was told.
    """

    do: str
    provider: str | None = None
    account: str | None = None
    event: str = ""
    seconds: float = 2.0
    times: int = 1
    number: int = field(default_factory=lambda: next(_numbers))

    def matches(self, provider: str, account: str, event: str) -> bool:
        """Say whether a webhook is meant."""
        meant = ((self.provider, provider), (self.account, account))
        return all(wish in (None, is_) for wish, is_ in meant) and event.startswith(self.event)


class Faults:
    """The faults that are still to come; the caller holds the world's lock."""

    def __init__(self) -> None:
        self.calls: list[Fault] = []
        self.webhooks: list[WebhookFault] = []
        self.freed = threading.Event()

    def take_call(self, provider: str, account: str, method: str, path: str) -> Fault | None:
        """Return what is to happen to this call, and count it."""
        for fault in self.calls:
            if not fault.matches(provider, account, method, path):
                continue
            if fault.skip:
                fault.skip -= 1
                return None
            fault.times -= 1
            self.calls = [one for one in self.calls if one.times > 0]
            return fault
        return None

    def take_webhook(self, provider: str, account: str, event: str) -> WebhookFault | None:
        """Return what is to happen to this webhook, and count it."""
        for fault in self.webhooks:
            if fault.matches(provider, account, event):
                fault.times -= 1
                self.webhooks = [one for one in self.webhooks if one.times > 0]
                return fault
        return None

    def clear(self) -> None:
        """Behave well from now on; calls that wait go on at once."""
        self.calls, self.webhooks = [], []
        self.freed.set()
        self.freed = threading.Event()

    def told(self) -> Row:
        """Return the faults to come, for the control API."""
        return {"calls": [vars(one) for one in self.calls], "webhooks": [vars(one) for one in self.webhooks]}
