"""What the supervisor sees: plain values, so that a page, a refetch and a push show the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from voelgoed.control.drawing import Chart
from voelgoed.scanning.phones import Phone


@dataclass(frozen=True)
class Bar:
    """Bodies against a certified number; `state` follows the thresholds 80, 90, 95 and 100 %."""

    bodies: int
    capacity: int

    @property
    def percent(self) -> float:
        """Return how full it is, in per cent; an area without a number is never full."""
        return 100 * self.bodies / self.capacity if self.capacity else 0.0

    @property
    def width(self) -> float:
        """Return how much of a bar is filled, of 100."""
        return round(min(100.0, self.percent), 2)

    @property
    def state(self) -> str:
        """Return `stop` from 95 %, `wait` from 80 %, else `calm`."""
        return "stop" if self.percent >= 95 else "wait" if self.percent >= 80 else "calm"


@dataclass(frozen=True)
class ZonePicture:
    """A zone: its people, and in how many minutes it is full at the rate of the last ten (None: it is not filling)."""

    id: UUID
    name: str
    bar: Bar
    depth: int
    full_in: int | None


@dataclass(frozen=True)
class GatePicture:
    """A gate: bodies of the last whole minute, of all day, and its last hour as a line."""

    id: UUID
    name: str
    in_minute: int
    out_minute: int
    entries: int
    exits: int
    line: str
    silent_since: datetime | None


@dataclass(frozen=True)
class Need:
    """Something that needs a person, newest first; `kind` is stop, wait or note. `endpoint` is where to act."""

    kind: str
    title: str
    detail: str
    deed: str
    endpoint: str
    arguments: dict[str, object]


@dataclass(frozen=True)
class Seen:
    """One scan as the lists show it; times are the venue's."""

    id: UUID
    at: datetime
    gate: str
    device: str
    verdict: str
    kind: str
    message: str
    ticket: str | None
    serial: str | None
    before: str | None
    decided: bool


@dataclass(frozen=True)
class Picture:
    """One moment of one event, in the venue's time; `day` is the date of the day that is shown."""

    slug: str
    event_id: UUID
    event: str
    day: date
    at: datetime
    version: int
    bodies: int
    tickets: int
    unexplained: int
    uncertainty: int
    whole: Bar
    zones: tuple[ZonePicture, ...]
    gates: tuple[GatePicture, ...]
    hour: Chart
    in_minute: int
    silent: int
    unsent: int
    phones: tuple[Phone, ...]
