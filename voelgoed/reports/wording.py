"""The trail in words: names instead of ids, money as money, times as times."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from voelgoed.accounts.membership import Membership
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.database import db
from voelgoed.foundation.resource.declaration import declaration_of
from voelgoed.foundation.web.words import day, moment, money

NOTHING = "–"
ENDINGS = ("_cents", "_id", "_at", "_bp")
WHOLE = {
    "vat_rate_bp": "VAT rate",
    "vat_vendor": "VAT vendor",
    "vat_number": "VAT number",
    "from_id": "from",
    "into_id": "into",
    "per_checkout_max": "most per sale",
    "reentry": "re-entry",
    "user_id": "person",
}
OBJECTS = {"pool": "Capacity", "type_pool": "Capacity of a type", "type_zone": "Zone of a type"}
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
NAMING = ("name", "label", "serial", "date")
Names = dict[tuple[str, str], str]
"""(table, id) → what people call that row."""


@dataclass(frozen=True)
class Change:
    """One field: its words, and the value before and after; None where the trail does not say."""

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Told:
    """An entry as a page says it."""

    entry: AuditEntry
    object: str
    name: str
    changes: list[Change]


def object_in_words(table: str) -> str:
    """Return a table's name as people say it: ticket_type → Ticket type."""
    return OBJECTS.get(table) or table.replace("_", " ").capitalize()


def field_in_words(field: str) -> str:
    """Return a field's name as people say it: price_cents → price."""
    if field in WHOLE:
        return WHOLE[field]
    ending = next((one for one in ENDINGS if field.endswith(one)), "")
    return field.removesuffix(ending).replace("_", " ")


def tell(entries: Iterable[AuditEntry]) -> list[Told]:
    """Put entries into words; names are looked up in one statement per kind of row."""
    entries = list(entries)
    names = _names(entries)
    return [_told(entry, names) for entry in entries]


def _told(entry: AuditEntry, names: Names) -> Told:
    changes = [
        Change(field_in_words(field), *(_value(entry.object, field, one, names) for one in pair))
        if len(pair) == 2
        else Change(field_in_words(field), None, None)
        for field, pair in sorted(entry.changes.items())
    ]
    name = names.get((entry.object, str(entry.object_id))) or _name_said(entry)
    return Told(entry, object_in_words(entry.object), name, changes)


def _name_said(entry: AuditEntry) -> str:
    for naming in NAMING:
        pair = entry.changes.get(naming) or ()
        said = next((one for one in reversed(pair) if isinstance(one, str)), None)
        if said:
            return said
    return ""


def _value(table: str, field: str, value: Any, names: Names) -> str:
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(one).replace("_", " ") for one in value)
    if field.endswith("_cents") and isinstance(value, int):
        return money(value)
    if field.endswith("_bp") and isinstance(value, int):
        return f"{value / 100:g} %"
    if isinstance(value, str) and TIME.match(value):
        return moment(datetime.fromisoformat(value))
    return names.get((_target(table, field), str(value)), str(value))


def _target(table: str, field: str) -> str:
    declaration = declaration_of(table)
    return declaration.references.get(field, "") if declaration else ""


def _names(entries: list[AuditEntry]) -> Names:
    wanted: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        wanted[entry.object].add(str(entry.object_id))
        for field, pair in entry.changes.items():
            wanted[_target(entry.object, field)].update(str(one) for one in pair if isinstance(one, str))
    names: Names = {}
    for table, ids in wanted.items():
        names |= _people(ids) if table == "user" else _named(table, ids)
    return names


def _named(table: str, ids: set[str]) -> Names:
    declaration = declaration_of(table)
    naming = next((one for one in NAMING if declaration and hasattr(declaration.cls, one)), None)
    if declaration is None or naming is None or not (declaration.tenant or table == "organization"):
        return {}
    cls = declaration.cls
    found = select(cls.id, getattr(cls, naming)).where(cls.id.in_([UUID(one) for one in ids]))
    return {
        (table, str(key)): day(name) if isinstance(name, date) else str(name)
        for key, name in db.session.execute(found.execution_options(include_archived=True))
        if name
    }


def _people(ids: set[str]) -> Names:
    wanted = [UUID(one) for one in ids]
    who = func.coalesce(Membership.user_id, Membership.id)
    found = select(who, Membership.name).where(who.in_(wanted))
    return {("user", str(key)): name for key, name in db.session.execute(found)}
