"""The day's code: what opens a phone for a supervisor's deed where there is no network, for one event and day.

A phone holds only what lets it check the code: a slow hash of it, keyed by the event's pepper. From the same hash comes
the proof that each deed carries, so that the server sees who knew the code and who only says so.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.catalog.event import Day, Event
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource, Sealed, binary, refers, related, text
from voelgoed.foundation.tenancy import children, current_scope
from voelgoed.foundation.web.short_code import word
from voelgoed.scanning.pepper import pepper_of

ROUNDS = 200_000
"""Of PBKDF2 with SHA-256: about half a second on a phone, and thirty signs in each of eight places to try."""
LENGTH = 8


class DayCode(Resource, exclude=("code_sealed", "key_sealed"), indexes=(("event_id", "day_id"),)):
    """The newest of its day is the one that holds; those before it still prove what was done while they held."""

    event_id: Mapped[UUID] = refers("event", indexed=False)
    day_id: Mapped[UUID] = refers("day")
    code_sealed: Mapped[bytes] = binary(nullable=False)
    key_sealed: Mapped[bytes] = binary(nullable=False)
    made_by: Mapped[str] = text(400)
    day: Mapped[Day] = related("day_id", "Day")
    code = Sealed("code_sealed")
    key = Sealed("key_sealed")

    @property
    def spoken(self) -> str:
        """Return the code as it is written down: two groups of four."""
        plain = (self.code or b"").decode()
        return f"{plain[:4]}-{plain[4:]}"


def make_code(event: Event, day: Day) -> DayCode:
    """Make a day's code, in place of the one before."""
    made = DayCode(event_id=event.id, day_id=day.id, made_by=current_scope().actor.label)
    plain = word(LENGTH).encode()
    made.code = plain
    made.key = hashlib.pbkdf2_hmac("sha256", plain, _salt(event, made), ROUNDS)
    db.session.add(made)
    db.session.flush()
    return made


def current_codes(event: Event) -> dict[UUID, DayCode]:
    """Return the code that holds on each day of an event that has one, by day."""
    return {one.day_id: one for one in children(event, DayCode).order_by(DayCode.id)}


def for_phones(event: Event) -> list[dict[str, Any]]:
    """Return what lets a phone check the codes, and say which one it was opened by."""
    codes = current_codes(event)
    return [
        {"id": str(one.id), "day": one.day.number, "salt": _text(_salt(event, one)), "rounds": ROUNDS,
         "check": _text(hmac.digest(one.key or b"", b"check", "sha256"))}
        for one in codes.values()
    ]  # fmt: skip


def proves(code: DayCode, proof: str, *said: str) -> bool:
    """Say whether a deed was signed by somebody who knew the code."""
    try:
        given = base64.b64decode(proof, validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(given, hmac.digest(code.key or b"", "\n".join(said).encode(), "sha256"))


def _salt(event: Event, code: DayCode) -> bytes:
    return hmac.digest(pepper_of(event), b"day code" + code.id.bytes, "sha256")


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
