"""Customers: optional, found again by the beginning of their name, e-mail or phone, and put on a sale."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from voelgoed.checkout.checkout import Customer
from voelgoed.checkout.state import lock
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows

MOST = 8
SHORTEST = 2
AFTER_ALL = "\U0010ffff"
PHONE = re.compile(r"\+?[0-9][0-9 ()-]*")


def find_customers(typed: str) -> Sequence[Customer]:
    """Return the customers whose name, e-mail or phone begins as typed, the newest first; nothing for one letter."""
    typed = typed.replace("\0", "").strip().lower()
    if len(typed) < SHORTEST:
        return []
    keys = [_begins(Customer.name_key, typed), _begins(Customer.email_key, typed)]
    if PHONE.fullmatch(typed):
        keys.append(_begins(Customer.phone_key, plain_phone(typed)))
    return db.session.scalars(select(Customer).where(or_(*keys)).order_by(Customer.id.desc()).limit(MOST)).all()


def _begins(key: InstrumentedAttribute[str | None], typed: str) -> ColumnElement[bool]:
    return and_(key >= typed, key < typed + AFTER_ALL)


def plain_phone(typed: str) -> str:
    """Return a phone number without what people put between its digits: 082 123 4567 → 0821234567."""
    return re.sub(r"[ ()-]", "", typed)


def new_customer(name: str | None = None, email: str | None = None, phone: str | None = None) -> Customer:
    """Write a customer down."""
    made = Customer(name=name, email=email, phone=plain_phone(phone) if phone else None)
    db.session.add(made)
    db.session.flush()
    return made


def put_on(checkout_id: UUID, customer_id: UUID | None) -> None:
    """Say who buys a checkout that is not paid yet; raises NotFound for a customer of elsewhere."""
    if customer_id is not None:
        lock(checkout_id).customer_id = rows(Customer).get(customer_id).id
