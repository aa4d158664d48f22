"""Customers at the box office: written down at the till, put on a sale, found again while typing."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from flask import request
from pydantic import AfterValidator, Field, StringConstraints

from voelgoed.boxoffice.pages import pages
from voelgoed.checkout.checkout import Checkout, Customer
from voelgoed.checkout.customers import PHONE, new_customer, plain_phone
from voelgoed.checkout.state import lock
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Form, Json, Page, Redirect, blank, read
from voelgoed.foundation.web.api import read_body
from voelgoed.foundation.web.fields import Asked, Line


def phone_number(typed: str) -> str:
    """Return a phone number as it is kept; raises ValueError for what is none."""
    if not PHONE.fullmatch(typed):
        raise ValueError("Digits, like 082 123 4567.")
    return plain_phone(typed)


class CustomerForm(Asked):
    """Who buys, as far as they wish to be known."""

    name: Annotated[Line, Field(max_length=120)] | None = None
    phone: Annotated[Line, Field(max_length=40), AfterValidator(phone_number)] | None = None
    email: Annotated[Line, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")] | None = None


class TypedAsked(Asked):
    """What was typed into Find: a name, a phone number or an e-mail address."""

    typed: Annotated[
        Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00]*$")
    ]


@pages.post("/customers", allow="customer.find")
def write_down() -> Answer:
    """Write a customer down from one line that the till typed: 201 with id and what to call them."""
    typed = read_body(TypedAsked).typed
    if "@" in typed:
        made = new_customer(email=typed)
    else:
        made = new_customer(phone=typed) if PHONE.fullmatch(typed) else new_customer(name=typed)
    return Json({"id": str(made.id), "name": called(made)}, 201)


def called(customer: Customer) -> str:
    """Return what to call a customer by: the name, or else what there is."""
    return customer.name or customer.phone or customer.email or "a customer"


@pages.get("/sales/<uuid:checkout_id>/customer", allow="customer.find")
def ask_customer(checkout_id: UUID) -> Answer:
    """Ask who bought."""
    sale = rows(Checkout).get(checkout_id)
    known = sale.customer
    said = {"name": known.name, "phone": known.phone, "email": known.email} if known else {}
    return _page(sale, blank(**said))


@pages.post("/sales/<uuid:checkout_id>/customer", allow="sell")
def put_customer(checkout_id: UUID) -> Answer:
    """Say who bought; tickets keep their holder, which is changed on each of them."""
    sale = rows(Checkout).get(checkout_id)
    form = read(CustomerForm, request.form)
    if form.ok and form.model == CustomerForm():
        form.refuse("name", "A name, a phone number or an e-mail address.")
    if not form.ok:
        return _page(sale, form, 422)
    said = form.model
    known = lock(sale.id).customer
    if known is None:
        sale.customer_id = new_customer(said.name, said.email, said.phone).id
    else:
        known.name, known.email, known.phone = said.name, said.email, said.phone
    db.session.flush()
    return Redirect("boxoffice.sale", checkout_id=sale.id)


def _page(sale: Checkout, form: Form[CustomerForm], status: int = 200) -> Page:
    return Page("boxoffice/customer.html", status, sale=sale, form=form)
