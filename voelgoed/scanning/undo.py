"""An undo takes back an admission: a fact that names the scan and the reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, moment, refers, text, written_in


class Undo(
    Resource,
    append_only="who took back which admission, when and why",
    unique=(("scan_id",),),
    indexes=(("written_in",),),
):
    """The scan opens no admission any more."""

    scan_id: Mapped[UUID] = refers("scan")
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)
    effective_at: Mapped[datetime] = moment()
    written_in: Mapped[int] = written_in()
