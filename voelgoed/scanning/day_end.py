"""The end of a day: a fact that closes every admission that is still open."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, moment, refers, written_in


class DayEnd(Resource, append_only="a day ends once", unique=(("day_id",),)):
    """The day is over since `effective_at`."""

    day_id: Mapped[UUID] = refers("day")
    effective_at: Mapped[datetime] = moment()
    written_in: Mapped[int] = written_in()
