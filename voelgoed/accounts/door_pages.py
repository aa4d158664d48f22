"""Pages at the door: signing in and out, the account, the first owner, invitations. All under `/-/`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app, redirect, request
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from voelgoed.accounts import sign_in as signing
from voelgoed.accounts.limits import within_limit
from voelgoed.accounts.password import Password, fits, hash_password
from voelgoed.accounts.visitor import SignedIn, signed_in_here
from voelgoed.foundation.tenancy import Actor, door
from voelgoed.foundation.web import PUBLIC, SIGNED_IN, Answer, DoorPages, Form, Page, Problem, Redirect, blank, read

pages = DoorPages("door", __name__)

MOST_PASSWORD_TRIES = 10


class SignInForm(BaseModel):
    """What the two fields hold."""

    email: str = Field(min_length=1, max_length=254)
    password: str = Field(min_length=1, max_length=200)


class PasswordForm(BaseModel):
    """A change of password."""

    current: str = Field(min_length=1, max_length=200)
    new: Password
    end_others: bool = False


class To(Redirect):
    """A redirect to a local path."""

    def __init__(self, path: str) -> None:
        self.path = path

    def render(self) -> Any:
        """Redirect."""
        return redirect(self.path, 303)


def local(path: str | None) -> str | None:
    """Return a path of this site, or None for anything that would lead elsewhere."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or urlsplit(path).netloc:
        return None
    return path


def person() -> SignedIn:
    """Return who signed in; raises Problem 401 for nobody."""
    found = signed_in_here()
    if found is None:
        raise Problem(401, "sign_in_first", detail="Your sign-in has ended. Sign in again.")
    return found


def _demo_people() -> list[dict[str, str]]:
    config = current_app.config["VOELGOED"]
    if not config.demo_buttons:
        return []
    from voelgoed.accounts.demo_buttons import people

    return people(config.data)


def _onwards(found: SignedIn) -> str:
    return f"/{found.places[0].slug}/" if found.places else "/-/account"


@pages.get("/sign-in", allow=PUBLIC)
def sign_in() -> Answer:
    """Show the two fields."""
    return Page("accounts/sign_in.html", form=blank(), next=local(request.args.get("next")), people=_demo_people())


@pages.post("/sign-in", allow=PUBLIC, endpoint="enter")
def enter() -> Answer:
    """Sign in."""
    form = read(SignInForm, request.form)
    onwards = local(request.form.get("next"))
    user_id = signing.known_person(form.model.email, form.model.password) if form.ok else None
    if user_id is None:
        if form.ok:
            form.refuse("password", "E-mail and password do not belong together.")
        return Page("accounts/sign_in.html", 422, form=form, next=onwards, people=_demo_people())
    signing.begin(user_id, form.model.email)
    return To(onwards or _onwards(person()))


@pages.post("/sign-out", allow=PUBLIC)
def sign_out() -> Answer:
    """Sign out."""
    signing.end()
    return Redirect("door.sign_in")


@pages.get("/account", allow=SIGNED_IN)
def account() -> Answer:
    """Show one's password form and sign-ins."""
    if signed_in_here() is None:
        return Redirect("door.sign_in", next="/-/account")
    return _account(blank())


def _account(form: Form[Any], status: int = 200, done: str | None = None) -> Answer:
    who = person()
    return Page("accounts/account.html", status, form=form, who=who, sign_ins=signing.sign_ins_of(who), done=done)


@pages.post("/account/password", allow=SIGNED_IN)
def change_password() -> Answer:
    """Change one's password."""
    who, form = person(), read(PasswordForm, request.form)
    within_limit(f"password:{who.user_id}", MOST_PASSWORD_TRIES)
    with door() as opened:
        stored = opened.one("user_by_id", user_id=who.user_id).password_hash
    if form.ok and not fits(stored, form.model.current):
        form.refuse("current", "That is not your present password.")
    if not form.ok:
        return _account(form, 422)
    with door(Actor("user", who.user_id, who.email)) as opened:
        opened.call("set_password", user_id=who.user_id, password_hash=hash_password(form.model.new))
    ended = signing.end_others(who) if form.model.end_others else 0
    words = "The password is changed." + (f" {ended} other sign-ins were ended." if ended else "")
    return _account(blank(), done=words)


@pages.post("/account/sign-ins/<uuid:sign_in_id>/end", allow=SIGNED_IN)
def end_sign_in(sign_in_id: UUID) -> Answer:
    """End one of one's own sign-ins."""
    if not signing.end_one(person(), sign_in_id):
        raise Problem(404, "not_found")
    return Redirect("door.account") if signed_in_here() else Redirect("door.sign_in")


@pages.post("/account/sign-ins/end-others", allow=SIGNED_IN)
def end_other_sign_ins() -> Answer:
    """End all other sign-ins."""
    signing.end_others(person())
    return Redirect("door.account")


def start() -> Response:
    """Lead from `/` to the visitor's first organization, or to the door."""
    found = signed_in_here()
    return redirect(_onwards(found) if found else "/-/sign-in", 303)


start.allow = PUBLIC  # type: ignore[attr-defined]
