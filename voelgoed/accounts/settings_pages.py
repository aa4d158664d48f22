"""The organization's own settings: what slips say of it, VAT, rounding, limits."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import request
from pydantic import BeforeValidator, Field, model_validator
from sqlalchemy import select

from voelgoed.accounts.visitor import organization_of
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Answer, Form, Page, Pages, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Cents, Line, Lines, TimeZone, rands

pages = Pages("settings", __name__)

ROUNDINGS = [(10, "to 10c, down"), (5, "to 5c, down"), (0, "not at all")]


class SettingsForm(Asked):
    """What an owner may set."""

    name: Line = Field(max_length=120)
    address: Lines | None = Field(default=None, max_length=400)
    timezone: TimeZone
    vat_vendor: bool = False
    vat_number: Annotated[str, Field(pattern=r"^4\d{9}$")] | None = None
    cash_rounding_cents: Annotated[Literal[0, 5, 10], BeforeValidator(int)] = 10
    box_office_void_limit_cents: Cents = Field(default=0, le=100_000_000)
    box_office_discount_percent: int = Field(default=0, ge=0, le=100)
    manager_discount_percent: int = Field(default=100, ge=0, le=100)
    box_office_comp_limit: int = Field(default=0, ge=0, le=10_000)
    supervisor_pass_limit: int = Field(default=10, ge=0, le=10_000)

    @model_validator(mode="after")
    def _vendors_have_a_number(self) -> SettingsForm:
        if self.vat_vendor and not self.vat_number:
            raise ValueError("A VAT vendor has a VAT number.")
        return self


@pages.get("/settings", allow="organization.read")
def show() -> Answer:
    """Show the settings."""
    found = _organization()
    return _settings(
        blank(
            name=found.name, address=found.address, timezone=found.timezone, vat_vendor=found.vat_vendor,
            vat_number=found.vat_number, cash_rounding_cents=found.cash_rounding_cents,
            box_office_void_limit_cents=rands(found.box_office_void_limit_cents),
            box_office_discount_percent=found.box_office_discount_percent,
            manager_discount_percent=found.manager_discount_percent,
            box_office_comp_limit=found.box_office_comp_limit, supervisor_pass_limit=found.supervisor_pass_limit,
        )
    )  # fmt: skip


def _organization() -> Organization:
    return db.session.scalars(select(Organization)).one()


def _settings(form: Form[Any], status: int = 200) -> Answer:
    return Page("accounts/settings.html", status, form=form, organization=_organization(), roundings=ROUNDINGS)


@pages.post("/settings", allow="organization.write")
def change() -> Answer:
    """Change the settings."""
    form = read(SettingsForm, request.form)
    for message in form.errors.pop("body", []):
        form.refuse("vat_number", message)
    if "vat_number" in form.errors and form.values.get("vat_number"):
        form.errors["vat_number"] = ["Ten digits, the first a 4."]
    if not form.ok:
        return _settings(form, 422)
    found = _organization()
    for name, value in form.model.model_dump().items():
        setattr(found, name, value)
    if organization_of.cache is not None:
        organization_of.cache.clear()
    return Redirect("settings.show")
