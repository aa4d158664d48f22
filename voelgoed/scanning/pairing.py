"""A code that pairs one phone, once, within ten minutes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, binary, choice, flag, integer, moment, refers, text
from voelgoed.scanning.device import ROLES


class Pairing(
    Resource, exclude=("secret_hash",), unique=(("selector",),), checks={"few_tries": "tries BETWEEN 0 AND 5"}
):
    """`SSSS-CCCCCC`: the selector finds the row, the secret opens it; five tries, single use."""

    event_id: Mapped[UUID] = refers("event")
    gate_id: Mapped[UUID] = refers("gate")
    name: Mapped[str] = text(80)
    role: Mapped[str] = choice(*ROLES, default="steward")
    spare: Mapped[bool] = flag()
    selector: Mapped[str] = text(4)
    secret_hash: Mapped[bytes] = binary(nullable=False)
    expires_at: Mapped[datetime] = moment()
    tries: Mapped[int] = integer(default=0)
    used_at: Mapped[datetime | None] = moment(nullable=True)
    device_id: Mapped[UUID | None] = refers("device", nullable=True)
