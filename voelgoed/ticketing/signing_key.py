"""An event's signing keys: Ed25519, sealed, rotated; old tickets stay valid."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, Sealed, big, binary, moment, refers


class SigningKey(
    Resource,
    exclude=("private_key_sealed",),
    unique=(("number",),),
    unique_where={("event_id",): "retired_at IS NULL AND revoked_at IS NULL"},
    checks={"number_is_32_bits": "number BETWEEN 1 AND 4294967295"},
):
    """Active (one per event), then retired (still verifies), then revoked (its tickets want a reissue).

    `number` is the key id in the code; it is drawn at random, so that it says nothing of the event.
    """

    event_id: Mapped[UUID] = refers("event")
    number: Mapped[int] = big()
    public_key: Mapped[bytes] = binary(nullable=False)
    private_key_sealed: Mapped[bytes] = binary(nullable=False)
    retired_at: Mapped[datetime | None] = moment(nullable=True)
    revoked_at: Mapped[datetime | None] = moment(nullable=True)
    private_key = Sealed("private_key_sealed")
