"""What phones send, and what they hear."""

from __future__ import annotations

from typing import Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator


class Strict(BaseModel):
    """A body whose unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class PairIn(Strict):
    """What a phone sends to be paired."""

    organization: str = Field(max_length=40)
    pairing_code: str = Field(max_length=40)
    name: str | None = Field(default=None, max_length=80)


class ScanIn(Strict):
    """One scan; a code or a serial. A look is judged and not recorded: it uses no sequence."""

    scan_id: UUID
    sequence: int | None = Field(default=None, ge=0, le=2**62)
    code: str | None = Field(default=None, max_length=2000)
    serial: str | None = Field(default=None, max_length=40)
    direction: Literal["in", "out"] = "in"
    scanned_at: AwareDatetime
    clock_offset_ms: int = Field(default=0, ge=-(2**31), le=2**31 - 1)
    gate_id: UUID | None = None
    event_id: UUID | None = None
    bodies: int | None = Field(default=None, ge=1, le=200)
    recheck: bool = False
    staff_number: str | None = Field(default=None, max_length=12)
    pin: str | None = Field(default=None, max_length=12)
    look: bool = False

    @model_validator(mode="after")
    def _numbered(self) -> Self:
        if self.sequence is None and not self.look:
            raise ValueError("A scan has a sequence; only a look has none.")
        return self


class ApprovedIn(Strict):
    """A supervisor at somebody else's phone: what opens it for one deed."""

    staff_number: str | None = Field(default=None, max_length=12)
    pin: str | None = Field(default=None, max_length=12)


class ReasonIn(ApprovedIn):
    """Why; from a phone also by whom."""

    reason: str = Field(min_length=1, max_length=400)


class OverrideIn(ReasonIn):
    """Why, by whom, and how many come in."""

    bodies: int = Field(default=1, ge=1, le=200)


class SearchIn(ApprovedIn):
    """The beginning of a holder's name."""

    name: str = Field(min_length=2, max_length=80)


class HeartbeatIn(Strict):
    """How a phone is."""

    unsent: int = Field(default=0, ge=0, le=10_000_000)
    bundle_version: str | None = Field(default=None, max_length=200)
    bundle_made_at: AwareDatetime | None = None
    battery: int | None = Field(default=None, ge=0, le=100)
    clock: AwareDatetime | None = None
    app_version: str | None = Field(default=None, max_length=40)
    stops_version: str | None = Field(default=None, max_length=40)


class Answered(BaseModel):
    """The answer to a scan."""

    scan_id: UUID
    verdict: str
    admitted: bool
    message: str
    ticket: dict[str, Any] | None
    previous: dict[str, Any] | None
    occupancy: dict[str, Any] | None
    moved: bool
    stops: dict[str, Any] | None
    look: bool
