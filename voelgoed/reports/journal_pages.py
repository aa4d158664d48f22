"""The journal: what was booked, found again, and each entry with what it came from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for

from voelgoed.foundation.tenancy import children
from voelgoed.foundation.web import Answer, Form, Page, Pages, Problem, identity, read
from voelgoed.ledger.entry import KINDS, JournalEntry
from voelgoed.reports.account_names import account_names
from voelgoed.reports.export import sheet
from voelgoed.reports.journal import COLUMNS, JournalFilter, Told, entries_for, lines_of, longer_than, page_of, tell
from voelgoed.reports.origin import origin_of
from voelgoed.reports.own_drawer import named, refuse_uncounted, uncounted

pages = Pages("ledger", __name__)
MOST = {"csv": 33_000, "xlsx": 3_000}
"""Entries (about three lines each) that a file is made of at once; more are a job's work."""


@pages.get("/ledger", allow="ledger.own")
def index() -> Answer:
    """Show what was booked, newest first."""
    form = read(JournalFilter, request.args)
    if not form.ok:
        return _page(form, [], None, 422)
    told, last = page_of(entries_for(identity(), form.model, uncounted()), form.model)
    following = url_for(".index", **here(day=last.trading_day, before=last.id)) if last else None
    return _page(form, told, following)


def _page(form: Form[JournalFilter], told: list[Told], following: str | None, status: int = 200) -> Answer:
    names = account_names()
    return Page(
        "reports/journal.html", status, form=form, told=told, following=following, names=names,
        accounts=[(str(key), f"{code} {name}") for key, (code, name) in names.items()],
        kinds=[(kind, kind.replace("_", " ").capitalize()) for kind in KINDS], export=exports("ledger.export"),
        withheld=uncounted(),
    )  # fmt: skip


def here(**changes: Any) -> dict[str, Any]:
    """Return the arguments of the present address, with changes; what is None or empty goes."""
    said = {**request.args.to_dict(), **changes, "slug": identity().slug}
    return {name: value for name, value in said.items() if value}


def exports(endpoint: str, **arguments: Any) -> dict[str, str]:
    """Return format → address of the same selection as a file."""
    asked = here(day=None, before=None, **arguments)
    return {format: url_for(endpoint, format=format, **asked) for format in ("csv", "xlsx")}


@pages.get("/ledger/journal.<any(csv, xlsx):format>", allow="ledger.own")
def export(format: str) -> Answer:
    """Return the lines of the same entries as a file, oldest first."""
    who, asked, but = identity(), asked_for(JournalFilter), uncounted()
    if longer_than(entries_for(who, asked, but), MOST[format]):
        return Page("reports/too_long.html", asked=request.args.to_dict(), format=format)
    return sheet(named("journal", but), format, COLUMNS, lines_of(lambda: entries_for(who, asked, but)))


def asked_for(model: type[Any]) -> Any:
    """Return what the address of an export asks for; raises Problem 422."""
    form = read(model, request.args)
    if not form.ok:
        raise Problem(422, "invalid", errors=form.errors)
    return form.model


@pages.get("/ledger/entries/<uuid:entry_id>", allow="ledger.own")
def entry(entry_id: UUID) -> Answer:
    """Show one entry: its lines, what it came from, what corrected it."""
    found = entries_for(identity(), JournalFilter()).get(entry_id)
    refuse_uncounted(found)
    corrected = children(found, JournalEntry).first()
    return Page(
        "reports/entry.html", one=tell([found])[0], names=account_names(), corrected_by=corrected,
        origin=origin_of(found),
    )  # fmt: skip
