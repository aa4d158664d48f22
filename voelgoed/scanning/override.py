"""An override lets in after a refusal: a fact that names the refused scan and the reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, moment, refers, small, text, written_in


class Override(
    Resource,
    append_only="who let whom in after a refusal, when and why",
    unique=(("scan_id",),),
    indexes=(("written_in",),),
):
    """So many bodies came in although the scan was refused; a free pass is used when there is one."""

    scan_id: Mapped[UUID] = refers("scan")
    bodies: Mapped[int] = small(default=1)
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)
    effective_at: Mapped[datetime] = moment()
    written_in: Mapped[int] = written_in()
