"""A phone was moved: where it stood before, so that what it recorded there still counts there."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, refers, text


class DeviceMove(Resource, append_only="who took which phone away from where, and when"):
    """The device stood at this gate of this event until now; where it stands since, it says itself."""

    device_id: Mapped[UUID] = refers("device")
    event_id: Mapped[UUID] = refers("event", indexed=False)
    gate_id: Mapped[UUID] = refers("gate", indexed=False)
    actor: Mapped[str] = text(400)
