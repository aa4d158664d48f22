"""At the till's own door: made a till by a code, signed in with staff number and PIN, locked and unlocked."""

from __future__ import annotations

import re
from typing import Annotated, Any

from flask import Response, g, make_response, redirect, request, session
from pydantic import Field

from voelgoed.accounts import sign_in as signing
from voelgoed.accounts.limits import within_limit
from voelgoed.accounts.membership import Membership
from voelgoed.accounts.sign_in import known_person
from voelgoed.accounts.visitor import signed_in
from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.standing import KEY, act_as, find_sign_in, held_secret, is_locked, roles_at_a_till, stand_at
from voelgoed.foundation.clock import now
from voelgoed.foundation.web import PUBLIC, SIGNED_IN, Answer, Form, Json, Page, Problem, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked
from voelgoed.foundation.web.problem import wants_json
from voelgoed.tills.browser import make_this, till_here
from voelgoed.tills.pair import use_till_code
from voelgoed.tills.pin import Pin, member_by_pin

MOST_CODES = 30
PIN_FORM = re.compile(r"\d{6}")
WRONG = "Staff number and PIN do not fit, or are not for today."
AT_A_TILL = ("owner", "manager", "box_office", "gate_supervisor", "accountant")


class CodeForm(Asked):
    """Ten characters."""

    code: Annotated[str, Field(max_length=20)]


class SignInForm(Asked):
    """Who signs in at a till."""

    staff_number: Annotated[str, Field(pattern=r"^\d{2,12}$")]
    pin: Pin
    next: str | None = None


class UnlockForm(Asked):
    """Whoever was there is there again; who signed in by e-mail may say their password instead."""

    pin: Annotated[str, Field(min_length=1, max_length=200)]
    next: str | None = None


def _slug() -> str:
    return str((request.view_args or {})["slug"])


def _name() -> str:
    return str(g.organization.name if g.get("identity") is None else g.identity.organization)


class _Onward(Answer):
    """On to an address of the same organization that was asked for before."""

    def __init__(self, path: str) -> None:
        self.path = path

    def render(self) -> Response:
        """Redirect to it."""
        return make_response(redirect(self.path, 303))


def onward(typed: str | None) -> Answer:
    """Go on to where somebody wanted to go, if it is an address of this organization, else to the till."""
    ours = typed is not None and typed.startswith(f"/{_slug()}/") and "\\" not in typed
    return _Onward(typed) if typed and ours else Redirect("boxoffice.till")


@pages.get("/till/pair", allow=PUBLIC)
def pair_form() -> Answer:
    """Show where the ten characters are typed."""
    return Page("boxoffice/stand_pair.html", form=blank(), slug=_slug(), organization=_name(), till=till_here())


@pages.post("/till/pair", allow=PUBLIC)
def pair_this() -> Answer:
    """Make this browser a till: the code is good for ten minutes, five tries and one use."""
    within_limit("till-pair", MOST_CODES)
    form = read(CodeForm, request.form)
    till = use_till_code(form.model.code) if form.ok else None
    if till is None:
        form.refuse("code", "This code opens nothing: it is wrong, too old or used. A manager makes a new one.")
        return Page("boxoffice/stand_pair.html", 422, form=form, slug=_slug(), organization=_name(), till=till_here())
    make_this(till, _slug())
    return Redirect("boxoffice.till" if g.get("identity") else "boxoffice.stand")


@pages.get("/till/sign-in", allow=PUBLIC)
def stand() -> Answer:
    """Show staff number and PIN, where this browser is a till."""
    return _stand_page(blank(next=request.args.get("next", "")))


def _stand_page(form: Form[Any], status: int = 200) -> Answer:
    return Page("boxoffice/stand.html", status, form=form, slug=_slug(), organization=_name(), till=till_here())


@pages.post("/till/sign-in", allow=PUBLIC)
def sign_in_here() -> Answer:
    """Sign somebody in at this till."""
    till, form = till_here(), read(SignInForm, request.form)
    if till is None:
        raise Problem(403, "not_at_a_till", "This browser is no till", "A manager makes it one; nothing was changed.")
    member = member_by_pin(form.model.staff_number, form.model.pin) if form.ok else None
    if member is None or not set(roles_at_a_till(member)) & set(AT_A_TILL):
        form.errors = {"staff_number": [WRONG]}
        form.values["pin"] = ""
        return _stand_page(form, 422)
    stand_at(till, member)
    return onward(form.model.next)


@pages.get("/till/locked", allow=PUBLIC)
def locked() -> Answer:
    """Show the lock: the PIN of whoever was there opens it."""
    return _locked_page(blank(next=request.args.get("next", "")))


def _locked_page(form: Form[Any], status: int = 200) -> Answer:
    found = find_sign_in(held_secret())
    if found is None:
        return Redirect("boxoffice.stand")
    if not is_locked(found[0]):
        return onward(form.values.get("next"))
    return Page("boxoffice/stand_locked.html", status, form=form, slug=_slug(), organization=_name(),
                person=found[1].name, till=found[2], by_email=KEY not in session)  # fmt: skip


@pages.post("/till/unlock", allow=PUBLIC)
def unlock() -> Answer:
    """Unlock with the PIN or password of the same person; the page beneath goes on as it was."""
    found = find_sign_in(held_secret())
    if found is None:
        raise Problem(401, "sign_in_first", "This sign-in has ended", "Sign in at the till again; nothing was lost.")
    form = read(UnlockForm, request.form)
    stand_row, member, _till = found
    if not (form.ok and _is(member, form.model.pin)):
        wrong = "That is not the PIN" if KEY in session else "That is neither the PIN nor the password"
        if wants_json():
            raise Problem(422, "wrong_pin", wrong, f"{wrong}.")
        form.errors, form.values["pin"] = {"pin": [f"{wrong}."]}, ""
        return _locked_page(form, 422)
    act_as(member)
    stand_row.locked_at, stand_row.seen_at = None, now()
    return onward(form.model.next) if "next" in request.form else Json({"unlocked": True})


def _is(member: Membership, typed: str) -> bool:
    """Say whether this is the member's PIN or, where they signed in by e-mail, their password; tries are counted."""
    if PIN_FORM.fullmatch(typed):
        known = member_by_pin(member.staff_number or "", typed)
        return known is not None and known.id == member.id
    person = signed_in()
    return person is not None and known_person(person.email, typed) == member.user_id


@pages.post("/till/lock", allow=SIGNED_IN)
def lock_till() -> Answer:
    """Lock the till at once; what is on its slip stays."""
    found = find_sign_in(held_secret())
    if found is not None:
        found[0].locked_at = now()
    return Redirect("boxoffice.locked") if found else Redirect("boxoffice.till")


@pages.post("/till/seen", allow=SIGNED_IN)
def seen() -> Answer:
    """Take a sign of life from a page whose keys are pressed; the rest is done on the way in."""
    return Json({"seen": True})


@pages.post("/till/sign-out", allow=PUBLIC)
def leave() -> Answer:
    """Sign out of the till: the next person signs in."""
    found = find_sign_in(held_secret())
    if found is not None:
        act_as(found[1])
        found[0].ended_at = now()
    signing.end()
    return Redirect("boxoffice.stand", next=request.form.get("next") or None)
