"""One scan of a batch as the phone sends it: checked by itself, so that a bad one fails alone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

PLAIN = r"^[^\x00]*$"
FIRST_YEAR, LAST_YEAR = 2020, 2200
"""Between these a clock can be corrected; a phone that has lost its time is far outside."""


def _of_our_time(at: datetime) -> datetime:
    if not FIRST_YEAR <= at.year < LAST_YEAR:
        raise ValueError("That is not a time of ours.")
    return at


OfOurTime = Annotated[AwareDatetime, AfterValidator(_of_our_time)]


class BatchScan(BaseModel):
    """A scan that was judged on the phone (`offline_verdict`), or only recorded there (none)."""

    model_config = ConfigDict(extra="forbid")
    scan_id: UUID
    sequence: int = Field(ge=0, le=2**62)
    code: str | None = Field(default=None, max_length=2000, pattern=PLAIN)
    serial: str | None = Field(default=None, max_length=40, pattern=PLAIN)
    direction: Literal["in", "out"] = "in"
    scanned_at: OfOurTime
    clock_offset_ms: int = Field(default=0, ge=-(2**31), le=2**31 - 1)
    gate_id: UUID | None = None
    event_id: UUID | None = None
    bodies: int | None = Field(default=None, ge=1, le=200)
    recheck: bool = False
    staff_number: str | None = Field(default=None, max_length=12, pattern=PLAIN)
    offline_verdict: str | None = Field(default=None, max_length=40, pattern=PLAIN)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.code is None) == (self.serial is None):
            raise ValueError("Send a code or a serial, one of them.")
        return self
