"""The first owner's pages: the link's secret is posted from the fragment, then the organization is founded."""

from __future__ import annotations

import re
from typing import Annotated

from flask import request
from pydantic import AfterValidator, Field
from sqlalchemy.exc import IntegrityError

from voelgoed.accounts import sign_in as signing
from voelgoed.accounts.door_pages import To
from voelgoed.accounts.email import Email
from voelgoed.accounts.founding import Founding, NotFounded, OtherPassword, found, is_open
from voelgoed.accounts.limits import within_limit
from voelgoed.accounts.password import Password
from voelgoed.foundation.tenancy.organization import RESERVED
from voelgoed.foundation.web import PUBLIC, Answer, DoorPages, Form, Page, blank, read
from voelgoed.foundation.web.fields import Asked, Line

pages = DoorPages("founding", __name__)

MOST_TRIES = 30
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


def _slug(typed: str) -> str:
    if not SLUG.fullmatch(typed):
        raise ValueError("Small letters, digits and hyphens: 2 to 40, beginning with a letter or digit.")
    if typed in RESERVED:
        raise ValueError("This name is kept for the system. Choose another.")
    return typed


Slug = Annotated[str, AfterValidator(_slug)]


class FoundingForm(Asked):
    """The organization, and its owner."""

    secret: Line = Field(max_length=100)
    name: Line = Field(max_length=120)
    slug: Slug
    owner: Line = Field(max_length=120)
    email: Email
    password: Password


@pages.get("/first-owner", allow=PUBLIC)
def knock() -> Answer:
    """Take the secret out of the address."""
    return Page("accounts/fragment.html", title="Begin", form=blank(), to="founding.begin")


@pages.post("/first-owner", allow=PUBLIC)
def begin() -> Answer:
    """Show the form to whoever holds an open link."""
    within_limit("first-owner", MOST_TRIES)
    secret = request.form.get("secret", "").strip()
    if not is_open(secret):
        return _closed()
    return Page("accounts/first_owner.html", form=blank(secret=secret))


@pages.post("/first-owner/organization", allow=PUBLIC)
def create() -> Answer:
    """Found the organization and sign its owner in."""
    within_limit("first-owner", MOST_TRIES)
    form = read(FoundingForm, request.form)
    if not form.ok:
        return _again(form)
    asked = form.model
    try:
        owner = found(asked.secret, Founding(asked.slug, asked.name, asked.owner, asked.email, asked.password))
    except NotFounded:
        return _closed()
    except OtherPassword:
        form.refuse("password", "This e-mail address already has a password here: type that one.")
        return _again(form)
    except IntegrityError:
        form.refuse("slug", "This short name is taken. Choose another.")
        return _again(form)
    signing.begin(owner, asked.email)
    return To(f"/{asked.slug}/")


def _again(form: Form[FoundingForm]) -> Answer:
    return Page("accounts/first_owner.html", 422, form=form)


def _closed() -> Answer:
    form = blank()
    form.refuse("secret", "This link was used already, or is too old. Ask for a new one.")
    return Page("accounts/fragment.html", 422, title="Begin", form=form, to="founding.begin")
