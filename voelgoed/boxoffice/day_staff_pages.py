"""Who works at the tills by PIN: members who want one, and day staff without an e-mail address."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from flask import request
from pydantic import AfterValidator, Field
from sqlalchemy import select, update

from voelgoed.accounts.membership import Membership
from voelgoed.accounts.roles import in_words
from voelgoed.accounts.staff_pages import REFUSALS, may_change
from voelgoed.boxoffice.pages import pages
from voelgoed.catalog.event import Day, Event
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Form, Page, Problem, Redirect, blank, identity, read
from voelgoed.foundation.web.fields import Asked, Line
from voelgoed.foundation.web.saving import saving
from voelgoed.tills.pin import new_pin, set_pin
from voelgoed.tills.till import StaffDay, StaffPin, TillSignIn

ROLES = ("box_office", "gate_supervisor")


def _roles(given: list[str]) -> list[str]:
    if not set(given) <= set(ROLES):
        raise ValueError("Choose from the list.")
    return [role for role in ROLES if role in given]


class DayStaffForm(Asked):
    """Somebody without an e-mail address: the name, the number, what they may do, and at what."""

    name: Annotated[Line, Field(max_length=120)]
    staff_number: Annotated[str, Field(pattern=r"^\d{2,12}$")]
    roles: Annotated[list[str], Field(min_length=1), AfterValidator(_roles)]
    days: Annotated[list[str], Field(min_length=1)]


@pages.get("/staff/tills", allow="staff.read")
def day_staff() -> Answer:
    """List who may sign in at a till, and who could."""
    return _staff_page(blank(roles=["box_office"]))


def _staff_page(form: Form[Any], status: int = 200) -> Answer:
    members = rows(Membership).filter(Membership.left_at.is_(None)).order_by(Membership.name).all()
    pins = set(db.session.scalars(select(StaffPin.membership_id)))
    return Page(
        "boxoffice/day_staff.html", status, form=form, members=members, pins=pins, days=_days_of_all(),
        chosen=_chosen(), choices=_choices(), roles=[(role, in_words(role)) for role in ROLES], may_change=may_change,
    )  # fmt: skip


def _choices() -> list[tuple[str, str]]:
    """Return what day staff can be named for: events to come, whole or one day of them."""
    found = select(Day, Event).join(Event, Event.id == Day.event_id).where(Day.ends_at > now())
    days = db.session.execute(found.order_by(Day.doors_at, Day.id)).all()
    whole = {str(event.id): f"{event.name}, every day" for _, event in days}
    single = {f"{event.id}:{day.id}": f"{event.name}, {day.date:%a %d %b}" for day, event in days}
    return [*whole.items(), *single.items()]


def _days_of_all() -> dict[UUID, list[str]]:
    statement = (
        select(StaffDay.membership_id, Event.name, Day.date)
        .join(Event, Event.id == StaffDay.event_id)
        .outerjoin(Day, Day.id == StaffDay.day_id)
        .order_by(Event.name, Day.date)
    )
    named: dict[UUID, list[str]] = {}
    for member_id, name, date in db.session.execute(statement):
        named.setdefault(member_id, []).append(f"{name}, {date:%a %d %b}" if date else name)
    return named


def _chosen() -> dict[UUID, Form[Any]]:
    """Return a form for each person who is named for days, filled with those days as the choices write them."""
    named: dict[UUID, list[str]] = {}
    for one in rows(StaffDay):
        word = f"{one.event_id}:{one.day_id}" if one.day_id else str(one.event_id)
        named.setdefault(one.membership_id, []).append(word)
    return {member_id: blank(days=days) for member_id, days in named.items()}


@pages.post("/staff/tills", allow="staff.write")
def add_day_staff() -> Answer:
    """Take somebody on for named events and days; the PIN is shown once."""
    form = read(DayStaffForm, request.form, lists=("roles", "days"))
    if not form.ok:
        return _staff_page(form, 422)
    asked = form.model
    with saving(form, REFUSALS):
        member = Membership(name=asked.name, staff_number=asked.staff_number, roles=asked.roles)
        db.session.add(member)
    if not form.ok:
        return _staff_page(form, 422)
    _name_days(member, asked.days)
    return _pin_page(member)


def _name_days(member: Membership, chosen: list[str]) -> None:
    """Put the days that a person may work in place of those from before; raises NotFound for what is not ours."""
    for old in children(member, StaffDay):
        db.session.delete(old)
    db.session.flush()
    for one in dict.fromkeys(chosen):
        event_id, _, day_id = one.partition(":")
        event = rows(Event).get(_id(event_id))
        day = children(event, Day).get(_id(day_id)) if day_id else None
        db.session.add(StaffDay(membership_id=member.id, event_id=event.id, day_id=day.id if day else None))
    db.session.flush()


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise Problem(404, "not_found") from None


def _pin_page(member: Membership) -> Answer:
    pin = new_pin()
    set_pin(member, pin)
    return Page("boxoffice/day_staff_pin.html", member=member, pin=pin)


def _changeable(member_id: UUID) -> Membership:
    member = rows(Membership).get(member_id)
    if not may_change(member) and member.id != identity().membership_id:
        raise Problem(403, "not_your_role", detail="Only an owner changes owners and managers.")
    return member


@pages.post("/staff/<uuid:member_id>/pin", allow="staff.write")
def reset_pin(member_id: UUID) -> Answer:
    """Give a member a new PIN, shown once; the old one and whatever it opened end."""
    member = _changeable(member_id)
    if not member.staff_number:
        raise Problem(
            409, "no_staff_number", "No staff number yet", "Give one first: at a till it stands for the name."
        )
    _sign_out(member)
    return _pin_page(member)


@pages.post("/staff/<uuid:member_id>/pin/end", allow="staff.write")
def end_pin(member_id: UUID) -> Answer:
    """Take a member's PIN away: at the tills it opens nothing from now on."""
    member = _changeable(member_id)
    for one in children(member, StaffPin):
        db.session.delete(one)
    _sign_out(member)
    return Redirect("boxoffice.day_staff")


@pages.post("/staff/<uuid:member_id>/days", allow="staff.write")
def change_days(member_id: UUID) -> Answer:
    """Name the events and days that somebody may work, in place of those from before."""
    member = _changeable(member_id)
    _name_days(member, [one for one in request.form.getlist("days") if one])
    return Redirect("boxoffice.day_staff")


def _sign_out(member: Membership) -> None:
    open_ones = update(TillSignIn).where(TillSignIn.membership_id == member.id, TillSignIn.ended_at.is_(None))
    db.session.execute(open_ones.values(ended_at=now()))
