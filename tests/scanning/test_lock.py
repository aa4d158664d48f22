"""A ticket for several bodies is judged by one at a time, whether its code was read or its serial typed."""

from __future__ import annotations

from uuid import UUID, uuid4

import psycopg

from tests.conftest import Database
from tests.scanning.evening import Evening
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.scanning import process_scan
from voelgoed.scanning.asked import Asked
from voelgoed.ticketing.ticket import Ticket


def test_typing_a_serial_locks_as_reading_the_code_does(evening: Evening, database: Database) -> None:
    """A ticket for one body takes no lock: the unique indexes decide."""
    token = hash_secret(evening.phone().token)
    family, adult = evening.tickets("Family")[0], evening.tickets("Adult")[0]
    with evening.house.scope():
        serials = {one.id: one.serial for one in rows(Ticket)}

    def locks(ticket_id: UUID, code: str = "", serial: str | None = None) -> bool:
        with evening.house.scope(), psycopg.connect(database.url("postgres")) as beside:
            asked = [Asked(token, uuid4(), 1, "in", now(), code=code, serial=serial)]
            assert ticket_id in process_scan.found(asked, process_scan.signatures(asked)).tickets
            query = "SELECT id FROM ticket WHERE id = %s FOR UPDATE SKIP LOCKED"
            return beside.execute(query, (ticket_id,)).fetchone() is None

    assert locks(family[0], code=family[1])
    assert locks(family[0], serial=serials[family[0]])
    assert not locks(adult[0], code=adult[1])
    assert not locks(adult[0], serial=serials[adult[0]])
