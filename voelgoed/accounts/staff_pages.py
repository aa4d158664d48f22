"""Who works here: members, their roles, and invitations."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from flask import current_app, request
from pydantic import AfterValidator, Field

from voelgoed.accounts.email import Email
from voelgoed.accounts.invitation import invite as make_invitation
from voelgoed.accounts.membership import Invitation, Membership
from voelgoed.accounts.roles import ROLES, gives, in_words
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Form, Page, Pages, Problem, Redirect, blank, identity, read
from voelgoed.foundation.web.fields import Asked, Line
from voelgoed.foundation.web.saving import fill, saving

pages = Pages("staff", __name__)

REFUSALS = {
    "last_owner": ("roles", None),
    "ck_membership_day_staff_roles": ("roles", "Without an e-mail address: box office, gate supervisor or both."),
    "ux_membership_staff_number": ("staff_number", "Somebody else has this number."),
}


def _roles(given: list[str]) -> list[str]:
    if any(role not in ROLES for role in given):
        raise ValueError("Choose from the list.")
    return [role for role in ROLES if role in given]


Roles = Annotated[list[str], Field(min_length=1), AfterValidator(_roles)]


class InvitationForm(Asked):
    """Whom to invite, as what."""

    email: Email
    name: Line = Field(max_length=120)
    roles: Roles


class MemberForm(Asked):
    """What can be changed of a member."""

    name: Line = Field(max_length=120)
    roles: Roles
    staff_number: Annotated[str, Field(pattern=r"^\d{2,12}$")] | None = None


@pages.get("/staff", allow="staff.read")
def index() -> Answer:
    """List who works here, who left, and who is invited."""
    return Page("accounts/staff.html", **_people())


def _people() -> dict[str, Any]:
    members = rows(Membership).order_by(Membership.name).all()
    waiting = rows(Invitation).filter(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    return {
        "members": [one for one in members if one.left_at is None],
        "gone": [one for one in members if one.left_at is not None],
        "invitations": waiting.order_by(Invitation.created_at.desc()).all(),
        "may_change": may_change, "in_words": in_words, "now": now(),
    }  # fmt: skip


def may_change(member: Membership) -> bool:
    """Say whether the visitor may change this member: only an owner changes owners and managers."""
    who = identity()
    return who.may("staff.write") and set(member.roles) <= set(gives(who.roles))


def _choices() -> list[tuple[str, str]]:
    return [(role, in_words(role)) for role in gives(identity().roles)]


def _refuse_above(form: Form[Any]) -> None:
    if form.ok and not set(form.model.roles) <= set(gives(identity().roles)):
        form.refuse("roles", "Only an owner makes owners and managers.")


@pages.get("/staff/invitations/new", allow="staff.write")
def new_invitation() -> Answer:
    """Show the form of an invitation."""
    return Page("accounts/invite.html", form=blank(), choices=_choices())


@pages.post("/staff/invitations", allow="staff.write")
def invite() -> Answer:
    """Make an invitation, and show its link once."""
    form = read(InvitationForm, request.form, lists=("roles",))
    _refuse_above(form)
    if not form.ok:
        return Page("accounts/invite.html", 422, form=form, choices=_choices())
    asked = form.model
    invitation, secret = make_invitation(asked.email, asked.name, asked.roles)
    base = current_app.config["VOELGOED"].public_url
    link = f"{base}/{identity().slug}/join#{secret}"
    return Page("accounts/invited.html", invitation=invitation, link=link)


@pages.post("/staff/invitations/<uuid:invitation_id>/withdrawal", allow="staff.write")
def withdraw(invitation_id: UUID) -> Answer:
    """Withdraw an invitation: its link opens nothing from now on."""
    found = rows(Invitation).get(invitation_id)
    if found.accepted_at is None:
        found.withdrawn_at = now()
    return Redirect("staff.index")


@pages.get("/staff/<uuid:member_id>", allow="staff.read")
def member(member_id: UUID) -> Answer:
    """Show a member."""
    found = rows(Membership).get(member_id)
    form = blank(name=found.name, roles=found.roles, staff_number=found.staff_number)
    return _member(found, form)


def _member(found: Membership, form: Form[Any], status: int = 200) -> Answer:
    return Page("accounts/member.html", status, member=found, form=form, choices=_choices(),
                allowed=may_change(found), in_words=in_words)  # fmt: skip


@pages.post("/staff/<uuid:member_id>", allow="staff.write")
def change(member_id: UUID) -> Answer:
    """Change a member's name, roles or number."""
    found = _changeable(member_id)
    form = read(MemberForm, request.form, lists=("roles",))
    _refuse_above(form)
    if form.ok:
        with saving(form, REFUSALS):
            fill(found, form.model)
    return Redirect("staff.index") if form.ok else _member(found, form, 422)


def _changeable(member_id: UUID) -> Membership:
    found = rows(Membership).get(member_id)
    if not may_change(found):
        raise Problem(403, "not_your_role", detail="Only an owner changes owners and managers.")
    return found


@pages.post("/staff/<uuid:member_id>/end", allow="staff.write")
def end(member_id: UUID) -> Answer:
    """End a membership: pages, calls and screens close at once; the name stays in the trail."""
    found = _changeable(member_id)
    form = blank(name=found.name, roles=found.roles, staff_number=found.staff_number)
    with saving(form, REFUSALS):
        found.left_at = now()
    return Redirect("staff.index") if not form.errors else _member(found, form, 422)


@pages.post("/staff/<uuid:member_id>/return", allow="staff.write")
def come_back(member_id: UUID) -> Answer:
    """Take a member in again, with the roles that they had."""
    _changeable(member_id).left_at = None
    return Redirect("staff.index")
