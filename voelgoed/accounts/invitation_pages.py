"""Joining by an invitation's link: public, inside the organization that invites, so that one boundary commits it.

The link is `/<slug>/join#secret`: the fragment reaches no server, no log and no trail; the page posts it.
"""

from __future__ import annotations

from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.accounts import sign_in as signing
from voelgoed.accounts.founding import OtherPassword
from voelgoed.accounts.invitation import Belongs, join, open_invitation
from voelgoed.accounts.limits import within_limit
from voelgoed.accounts.membership import Invitation
from voelgoed.accounts.password import Password
from voelgoed.accounts.roles import in_words
from voelgoed.accounts.visitor import signed_in_here
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import PUBLIC, Answer, Form, Page, Pages, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Line

pages = Pages("invitations", __name__)

MOST_TRIES = 30


class Joining(Asked):
    """What a newcomer says; who has signed in as the invited person says no password."""

    secret: Line = Field(max_length=100)
    password: Password | None = None


@pages.get("/join", allow=PUBLIC)
def knock() -> Answer:
    """Take the secret out of the address."""
    return Page("accounts/fragment.html", title="Join", form=blank(), to="invitations.look")


@pages.post("/join", allow=PUBLIC)
def look() -> Answer:
    """Show the invitation to whoever holds its link."""
    within_limit("join", MOST_TRIES)
    secret = request.form.get("secret", "").strip()
    invitation = open_invitation(secret)
    return _page(invitation, blank(secret=secret)) if invitation else _closed()


@pages.post("/join/accept", allow=PUBLIC)
def accept() -> Answer:
    """Join, and sign in."""
    within_limit("join", MOST_TRIES)
    form = read(Joining, request.form)
    invitation = open_invitation(str(form.values.get("secret", "")))
    if invitation is None:
        return _closed()
    signed_as = _signed_as(invitation)
    if form.ok and form.model.password is None and signed_as is None:
        form.refuse("password", "This is needed.")
    if not form.ok:
        return _page(invitation, form, 422)
    try:
        user_id = join(invitation, form.model.password, signed_as)
    except OtherPassword:
        form.refuse("password", "This e-mail address already has a password here: type that one.")
        return _page(invitation, form, 422)
    except Belongs:
        form.refuse("secret", "You belong to this organization already: sign in.")
        return Page("accounts/fragment.html", 422, title="Join", form=form, to="invitations.look")
    if signed_as is None:
        signing.begin(user_id, invitation.email)
    return Redirect("accounts.home")


def _signed_as(invitation: Invitation) -> UUID | None:
    person = signed_in_here()
    return person.user_id if person and person.email == invitation.email else None


def _page(invitation: Invitation, form: Form[Joining], status: int = 200) -> Answer:
    organization = db.session.get_one(Organization, invitation.organization_id)
    roles = ", ".join(in_words(role) for role in invitation.roles)
    return Page("accounts/join.html", status, form=form, invitation=invitation, roles=roles,
                organization=organization, known=_signed_as(invitation) is not None)  # fmt: skip


def _closed() -> Answer:
    form = blank()
    form.refuse("secret", "This invitation was used, withdrawn, or is too old. Ask for a new one.")
    return Page("accounts/fragment.html", 422, title="Join", form=form, to="invitations.look")
