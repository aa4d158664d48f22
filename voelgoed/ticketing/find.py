"""Finding tickets: by serial as it is said, by the holder's name, by a scanned code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select

from voelgoed.foundation.database import db
from voelgoed.ticketing.code import PREFIX, read
from voelgoed.ticketing.serial import parse
from voelgoed.ticketing.signing_key import SigningKey
from voelgoed.ticketing.ticket import Ticket, TicketSeries

MOST = 20
SHORT_SERIAL = re.compile(r"([A-Z]{1,3})?\W*0*([0-9]{1,9})")
AFTER_ALL = "\U0010ffff"


def find_tickets(typed: str, most: int = MOST) -> Sequence[Ticket]:
    """Return the tickets that this may mean, the newest first; of a code only the genuine one."""
    typed = typed.replace("\0", "").strip()
    if not typed:
        return []
    if typed.upper().startswith(PREFIX):
        return _by_code(typed)
    statement = select(Ticket).where(or_(*_meanings(typed))).order_by(Ticket.id.desc()).limit(most)
    return db.session.scalars(statement).all()


def _meanings(typed: str) -> list[ColumnElement[bool]]:
    """A serial with its check digits, one said without them, or the beginning of a name."""
    name = typed.lower()
    meant: list[ColumnElement[bool]] = [and_(Ticket.holder_key >= name, Ticket.holder_key < name + AFTER_ALL)]
    if (whole := parse(typed)) is not None:
        meant.append(Ticket.serial == whole)
    elif (short := SHORT_SERIAL.fullmatch(typed.upper())) is not None:
        meant.append(_by_number(short.group(1), int(short.group(2))))
    return meant


def _by_number(prefix: str | None, number: int) -> ColumnElement[bool]:
    series = select(TicketSeries.event_id)
    if prefix is not None:
        series = series.where(TicketSeries.prefix == prefix)
    return and_(Ticket.number == number, Ticket.event_id.in_(series))


def _by_code(typed: str) -> Sequence[Ticket]:
    said = read(typed)
    if said is None:
        return []
    ticket = db.session.scalars(select(Ticket).where(Ticket.id == said.content.ticket_id)).one_or_none()
    key = db.session.scalars(select(SigningKey).where(SigningKey.number == said.content.key_number)).one_or_none()
    genuine = ticket is not None and key is not None and said.genuine(key.public_key)
    return [ticket] if ticket is not None and genuine else []
