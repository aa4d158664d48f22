"""Numbers without gaps: a paper of one kind at one till, or online."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from voelgoed.foundation.database import db
from voelgoed.tills.till import NumberSeries


def draw_number(kind: str, till_id: UUID | None) -> int:
    """Return the next number of a kind at a till (None: online), held to the commit: draw it last.

    Who else draws one waits for that commit; after a rollback the same number comes again, so none is missing.
    """
    own = ["kind"] if till_id is None else ["till_id", "kind"]
    made = insert(NumberSeries).values(till_id=till_id, kind=kind, next=2)
    where = NumberSeries.till_id.is_(None) if till_id is None else NumberSeries.till_id.is_not(None)
    statement = made.on_conflict_do_update(
        index_elements=["organization_id", *own], index_where=where, set_={"next": NumberSeries.next + 1}
    ).returning(NumberSeries.next)
    return int(db.session.scalars(statement).one()) - 1
