"""Tokens for programs: made, shown once, revoked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.accounts.api_token import make
from voelgoed.accounts.membership import ApiToken, Membership
from voelgoed.accounts.roles import ROLES, in_words, within
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Form, Page, Pages, Redirect, blank, identity, read
from voelgoed.foundation.web.fields import Asked, Line

pages = Pages("tokens", __name__)


class TokenForm(Asked):
    """What the token is for, and what it may do."""

    label: Line = Field(max_length=80)
    role: str


@pages.get("/tokens", allow="staff.read")
def index() -> Answer:
    """List the organization's tokens."""
    return _tokens(blank())


def _tokens(form: Form[Any], status: int = 200, token: str | None = None) -> Answer:
    found = rows(ApiToken).order_by(ApiToken.created_at.desc()).all()
    choices = [(role, in_words(role)) for role in _carried()]
    return Page("accounts/tokens.html", status, form=form, tokens=found, choices=choices, token=token,
                in_words=in_words)  # fmt: skip


def _carried() -> list[str]:
    return [role for role in ROLES if within(role, identity().roles)]


@pages.post("/tokens", allow="staff.write")
def create() -> Answer:
    """Make a token and show it, once."""
    form = read(TokenForm, request.form)
    if form.ok and form.model.role not in _carried():
        form.refuse("role", "A token may do no more than you.")
    if not form.ok:
        return _tokens(form, 422)
    _, token = make(rows(Membership).get(identity().membership_id), form.model.label, form.model.role)
    return _tokens(blank(), token=token)


@pages.post("/tokens/<uuid:token_id>/revocation", allow="staff.write")
def revoke(token_id: UUID) -> Answer:
    """Revoke a token: it opens nothing from now on."""
    found = rows(ApiToken).get(token_id)
    found.revoked_at = found.revoked_at or now()
    return Redirect("tokens.index")
