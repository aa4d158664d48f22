"""A person's place in one organization, and the invitation that leads to it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Invariant, Resource, binary, moment, refers, related, text, words
from voelgoed.foundation.tenancy import Actor

LAST_OWNER = Invariant(
    "last_owner", "an organization keeps an owner who has not left", Path(__file__).with_name("last_owner.sql")
)


class Membership(
    Resource,
    unique=(("user_id",),),
    unique_where={("staff_number",): "staff_number IS NOT NULL"},
    invariants=(LAST_OWNER,),
    checks={"day_staff_roles": "user_id IS NOT NULL OR roles <@ ARRAY['box_office', 'gate_supervisor']"},
):
    """Name and roles (one or more) of a person here; left, never deleted, so that the trail keeps its names.

    Day staff have no user: they sign in at a till, with staff number and PIN.
    """

    user_id: Mapped[UUID | None] = refers("user", shared=True, nullable=True)
    name: Mapped[str] = text(120)
    roles: Mapped[list[str]] = words()
    staff_number: Mapped[str | None] = text(12, nullable=True)
    left_at: Mapped[datetime | None] = moment(nullable=True)

    @property
    def actor(self) -> Actor:
        """Return the person as the trail names them: by the user or, without one, by the membership."""
        return Actor("user", self.user_id or self.id, self.name)


class Invitation(Resource, exclude=("secret_hash",), redact=("email",), unique=(("secret_hash",),)):
    """A link that makes a membership, once."""

    email: Mapped[str] = text(254)
    name: Mapped[str] = text(120)
    roles: Mapped[list[str]] = words()
    secret_hash: Mapped[bytes] = binary(nullable=False)
    expires_at: Mapped[datetime] = moment()
    accepted_at: Mapped[datetime | None] = moment(nullable=True)
    withdrawn_at: Mapped[datetime | None] = moment(nullable=True)


class ApiToken(Resource, exclude=("secret_hash",), unique=(("secret_hash",),)):
    """A program's key: it carries one role of the membership that made it; shown once, stored hashed."""

    membership_id: Mapped[UUID] = refers("membership")
    label: Mapped[str] = text(80)
    role: Mapped[str] = text(20)
    secret_hash: Mapped[bytes] = binary(nullable=False)
    revoked_at: Mapped[datetime | None] = moment(nullable=True)
    membership: Mapped[Membership] = related("membership_id", "Membership")
