"""Approval: a deed beyond one's role, done after a holder of it gave staff number and PIN on the same till."""

from __future__ import annotations

from typing import Any

from flask import request

from voelgoed.accounts.membership import Membership
from voelgoed.accounts.roles import freely
from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.tenancy.announce import announce_again
from voelgoed.foundation.web import Problem
from voelgoed.tills.browser import till_here
from voelgoed.tills.own_shift import own_shift
from voelgoed.tills.pin import member_by_pin


def approval_given() -> bool:
    """Say whether the request brings somebody's staff number and PIN."""
    return all(_said())


def approved_by(deed: str, said: tuple[str, str] | None = None) -> Membership:
    """Return who approves the deed by PIN: fields `staff_number` and `pin` of a form, or of JSON's `approval`.

    Or as the caller has `said` them, who has read the body already.

    From then on the trail's reason names them beside whoever acts; a row that is its own record takes the name from
    the caller. Raises Problem 403: `approval_needed` without a PIN, `not_at_a_till`, `wrong_pin` (it must be somebody
    else's, who has the deed without a limit); 429 `pin_locked` after five wrong ones.
    """
    staff_number, pin = said or _said()
    if not staff_number or not pin:
        raise Problem(403, "approval_needed", "This needs somebody's approval",
                      "Nothing was changed. Ask a manager for staff number and PIN, here.")  # fmt: skip
    if till_here() is None and own_shift() is None:
        raise Problem(403, "not_at_a_till", "Not at a till", "Nothing was changed. A deed is approved at a till.")
    member = member_by_pin(staff_number, pin)
    if member is None or not any(freely(role, deed) for role in member.roles) or _acts(member):
        raise Problem(403, "wrong_pin", "That is no approval",
                      "Nothing was changed. Staff number and PIN do not fit, or may not approve this.")  # fmt: skip
    _name(member)
    return member


def _said() -> tuple[str, str]:
    body: Any = request.get_json(silent=True) if request.is_json else None
    said: Any = body.get("approval") if isinstance(body, dict) else None if request.is_json else request.form
    if not hasattr(said, "get"):
        return "", ""
    return str(said.get("staff_number") or "").strip()[:12], str(said.get("pin") or "").strip()[:6]


def _acts(member: Membership) -> bool:
    return current_scope().actor.id == member.actor.id


def _name(member: Membership) -> None:
    current_scope().allowed_by = member.name
    announce_again()
