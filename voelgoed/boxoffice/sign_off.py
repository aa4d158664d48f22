"""Signing off a Z-report: somebody else looked at it; whoever is alone signs their own, and it says so."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from voelgoed.accounts.membership import Membership
from voelgoed.accounts.roles import ROLES, freely
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.web import Problem
from voelgoed.tills.shift import SignOff, ZReport

DEED = "drawer.decide"


def sign_off(report: ZReport, member_id: UUID, note: str | None) -> SignOff:
    """Sign a report as a member; raises Problem: 403 `own_drawer`, 409 `signed`."""
    own = report.shift.membership_id == member_id
    if own and others_who_may(member_id):
        raise Problem(403, "own_drawer", "Your own drawer", "Nothing was changed. Somebody else signs it off.")
    values = {"z_report_id": report.id, "membership_id": member_id, "self_signed": own, "note": note,
              "actor": current_scope().actor.label}  # fmt: skip
    statement = insert(SignOff).values(**values).on_conflict_do_nothing().returning(SignOff)
    made = db.session.scalars(statement).one_or_none()
    if made is None:
        raise Problem(409, "signed", "This report is signed off already", "Nothing was changed.")
    return made


def others_who_may(member_id: UUID) -> bool:
    """Say whether anybody else here may sign a drawer off."""
    roles = [role for role in ROLES if freely(role, DEED)]
    others = select(Membership.id).where(
        Membership.id != member_id, Membership.left_at.is_(None), Membership.roles.overlap(roles)
    )
    return db.session.scalar(others.limit(1)) is not None
