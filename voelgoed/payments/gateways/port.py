"""What every processor is asked, and what it can answer; an answer is a value, never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Asking:
    """One charge: `key` is what it is known by at every repetition, `made_at` when it was first written down (UTC)."""

    key: str
    amount_cents: int
    currency: str
    made_at: datetime
    method: str | None = None
    return_url: str | None = None
    email: str | None = None
    words: str | None = None


@dataclass(frozen=True)
class Captured:
    """The money was taken; `reference` is the processor's own name for it, `fee_cents` what it keeps, where it says.

    `given_back`: all of it was refunded since.
    """

    reference: str
    amount_cents: int
    fee_cents: int | None = None
    given_back: bool = False


@dataclass(frozen=True)
class Declined:
    """No money was taken, and none will be under this key; `reason` in words for people."""

    reason: str


@dataclass(frozen=True)
class Waiting:
    """Nothing is decided: the payer must do something, at `url` where there is one. Ask again in `poll_after` s."""

    url: str | None = None
    poll_after: float = 5.0


@dataclass(frozen=True)
class Unknown:
    """Money may have moved, or not: no answer, or one that says nothing. Find before anything else."""

    reason: str
    poll_after: float = 1.0


@dataclass(frozen=True)
class Absent:
    """The processor knows nothing under this key."""


@dataclass(frozen=True)
class Sent:
    """A refund was made, or is on its way and will be."""

    reference: str


Answer = Captured | Declined | Waiting | Unknown | Absent
SentBack = Sent | Declined | Unknown | Absent


@dataclass(frozen=True)
class Told:
    """A verified message: the processor's name for it, its kind, which charge it is about, and what it said.

    What opens or identifies a card or a buyer is taken out of `body`.
    """

    event_key: str
    kind: str
    charge_key: str | None
    body: Mapping[str, Any] = field(default_factory=dict)


class ForgedMessage(Exception):
    """A message's signature is not the processor's, or it is none at all."""


class Gateway(Protocol):
    """A processor; every call answers within the engine's deadline."""

    def charge(self, asking: Asking) -> Answer:
        """Take the money; again under the same key it is taken once."""
        ...

    def find(self, asking: Asking) -> Answer:
        """Say how the charge of this key stands; changes nothing."""
        ...

    def capture(self, asking: Asking, reference: str) -> Answer:
        """Take what was only authorised under this key."""
        ...

    def let_go(self, asking: Asking) -> Answer:
        """End a charge that has not taken money, if the processor can; answers how it then stands."""
        ...

    def refund(self, key: str, reference: str, amount_cents: int, currency: str) -> SentBack:
        """Give back from the payment with this reference; again under the same key it goes back once."""
        ...

    def find_refund(self, key: str, reference: str) -> SentBack:
        """Say how the refund of this key stands; changes nothing."""
        ...

    def verify(self, headers: Mapping[str, str], raw: bytes) -> Told:
        """Read a message that came unasked (names of headers in lower case); raises ForgedMessage."""
        ...
