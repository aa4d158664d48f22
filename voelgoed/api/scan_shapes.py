"""What phones send, and what they hear."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """A body whose unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class PairIn(Strict):
    """What a phone sends to be paired."""

    organization: str = Field(max_length=40)
    pairing_code: str = Field(max_length=40)
    name: str | None = Field(default=None, max_length=80)


class ScanIn(Strict):
    """One scan; a code or a serial."""

    scan_id: UUID
    sequence: int = Field(ge=0, le=2**62)
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


class ReasonIn(Strict):
    """Why."""

    reason: str = Field(min_length=1, max_length=400)


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
