"""Who may take how much off a sale: within the role's limit, else with a holder's PIN on the same till."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from pydantic import Field, model_validator
from sqlalchemy import select

from voelgoed.accounts.membership import Membership
from voelgoed.checkout.clerk_discount import Lowering
from voelgoed.checkout.price import share_of
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import because
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem, identity
from voelgoed.selling.asked import MOST_CENTS, Asked, Reason
from voelgoed.tills.approval import approved_by

WHOLE = 100


class DiscountAsked(Asked):
    """What a clerk takes off the whole sale, after any code: per cent, or cents; and why."""

    percent: int | None = Field(default=None, ge=1, le=WHOLE)
    amount_cents: int | None = Field(default=None, ge=1, le=MOST_CENTS)
    reason: Reason

    @model_validator(mode="after")
    def _one_of_them(self) -> DiscountAsked:
        if (self.percent is None) == (self.amount_cents is None):
            raise ValueError("Say percent or amount_cents, one of them.")
        return self


class ApprovalAsked(Asked):
    """Who allows more than the clerk may: compared, and kept nowhere."""

    staff_number: str = Field(max_length=12)
    pin: str = Field(max_length=6)


def lowering_of(
    asked: DiscountAsked | None, approval: ApprovalAsked | None = None, *, at_till: bool
) -> Lowering | None:
    """Return the discount as pricing takes it; only at a till can somebody else's PIN allow more."""
    if asked is None:
        return None
    said = (approval.staff_number.strip(), approval.pin.strip()) if approval else None
    allow = partial(_allow, partial(_approval, said) if at_till else _no_approval)
    return Lowering(asked.percent, asked.amount_cents, asked.reason, allow)


def said_why(asked: DiscountAsked | None) -> AbstractContextManager[None]:
    """Have the trail say why a sale costs less."""
    return because(f"discount: {asked.reason}"[:400]) if asked else nullcontext()


def limit_percent(roles: Iterable[str]) -> int:
    """Return the share of a sale, in per cent, that somebody with these roles may take off without asking."""
    row = select(Organization.box_office_discount_percent, Organization.manager_discount_percent)
    box_office, manager = db.session.execute(row).one()
    limits = {"owner": WHOLE, "manager": int(manager), "box_office": int(box_office)}
    return max((limits.get(role, 0) for role in roles), default=0)


def _allow(approval: Callable[[int, int, int], Membership], off: int, before: int) -> str | None:
    """Say who else allows it, None when nobody needs to; raises Problem 403."""
    limit = limit_percent(identity().roles)
    if _within(limit, off, before):
        return None
    member = approval(limit, off, before)
    if not _within(limit_percent(member.roles), off, before):
        raise Problem(403, "above_limit", "Above that limit too",
                      f"{member.name} may not take that much off either. Nothing was held.")  # fmt: skip
    return member.name


def _approval(said: tuple[str, str] | None, limit: int, off: int, before: int) -> Membership:
    if said is None:
        raise Problem(403, "approval_needed", "This needs somebody's approval",
                      f"You may take {limit} % off by yourself. Nothing was held.",
                      limit_percent=limit, off_cents=off, before_cents=before)  # fmt: skip
    return approved_by("discount", said)


def _no_approval(limit: int, off: int, before: int) -> Membership:
    said = f"You may take {limit} % off at most. Nothing was held."
    raise Problem(403, "above_limit", "Above your limit", said, errors={"discount": [said]}, limit_percent=limit)


def _within(limit: int, off: int, before: int) -> bool:
    return off <= share_of(before, limit * 100)
