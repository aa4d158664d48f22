"""A till: a browser that was paired, the drawer below it, and who may stand there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.accounts.membership import Membership
from voelgoed.foundation.resource import Resource, binary, integer, moment, refers, related, small, text


class Till(
    Resource,
    archivable=True,
    exclude=("token_hash",),
    unique=(("prefix",),),
    unique_where={("token_hash",): "token_hash IS NOT NULL"},
    checks={"prefix_form": "prefix ~ '^[A-Z0-9]{1,6}$'"},
):
    """A browser at which people sell, with one drawer; `prefix` leads the numbers of its slips and is never reused."""

    venue_id: Mapped[UUID | None] = refers("venue", nullable=True)
    name: Mapped[str] = text(80)
    prefix: Mapped[str] = text(6)
    token_hash: Mapped[bytes | None] = binary()
    paired_at: Mapped[datetime | None] = moment(nullable=True)
    browser: Mapped[str | None] = text(200, nullable=True)


class TillPairing(Resource, exclude=("secret_hash",), unique=(("selector",),)):
    """Ten characters that make a browser this till: good for ten minutes, five tries and one use."""

    till_id: Mapped[UUID] = refers("till")
    selector: Mapped[str] = text(8)
    secret_hash: Mapped[bytes] = binary(nullable=False)
    expires_at: Mapped[datetime] = moment()
    tries: Mapped[int] = small(default=0)
    used_at: Mapped[datetime | None] = moment(nullable=True)
    till: Mapped[Till] = related("till_id", "Till")


class StaffPin(Resource, exclude=("pin_hash",), unique=(("membership_id",),)):
    """A person's six digits at the tills, hashed (argon2id); the door counts the tries, so that refusals keep them."""

    membership_id: Mapped[UUID] = refers("membership")
    pin_hash: Mapped[str] = text(200)
    membership: Mapped[Membership] = related("membership_id", "Membership")


class StaffDay(
    Resource,
    unique_where={
        ("membership_id", "event_id"): "day_id IS NULL",
        ("membership_id", "event_id", "day_id"): "day_id IS NOT NULL",
    },
):
    """An event, or one day of it, at which a person who has only a PIN may work."""

    membership_id: Mapped[UUID] = refers("membership")
    event_id: Mapped[UUID] = refers("event")
    day_id: Mapped[UUID | None] = refers("day", nullable=True)


class TillSignIn(Resource, audit="minimal", exclude=("secret_hash", "seen_at"), unique=(("secret_hash",),)):
    """Somebody who signed in at a till with staff number and PIN; locked after five idle minutes, ended by a row."""

    till_id: Mapped[UUID] = refers("till")
    membership_id: Mapped[UUID] = refers("membership")
    secret_hash: Mapped[bytes] = binary(nullable=False)
    seen_at: Mapped[datetime] = moment()
    locked_at: Mapped[datetime | None] = moment(nullable=True)
    ended_at: Mapped[datetime | None] = moment(nullable=True)


class NumberSeries(
    Resource,
    unaudited="a counter that its documents recount",
    unique_where={("kind",): "till_id IS NULL", ("till_id", "kind"): "till_id IS NOT NULL"},
):
    """The next number of one kind of paper at one till, or online: drawn last in a transaction, so without gaps."""

    till_id: Mapped[UUID | None] = refers("till", nullable=True)
    kind: Mapped[str] = text(20)
    next: Mapped[int] = integer(default=1)
