"""The trail as a page, on paper, and as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from flask import request, url_for
from sqlalchemy import func, select

from voelgoed.accounts.membership import Membership
from voelgoed.foundation.database import db
from voelgoed.foundation.web import Answer, File, Form, Page, Pages, Problem, identity, read
from voelgoed.reports.trail import TrailFilter, entries_for, objects_for, page_of
from voelgoed.reports.wording import Told, object_in_words, tell

pages = Pages("trail", __name__)

MOST_LINES = 10_000
HEADS = ("time (UTC)", "person", "kind", "action", "object", "name", "id", "field", "from", "to", "reason", "request",
         "job")  # fmt: skip


@pages.get("/trail", allow="trail.read")
def index() -> Answer:
    """Show who changed what, newest first."""
    form = read(TrailFilter, request.args)
    if not form.ok:
        return _page(form, [], None, 422)
    page = page_of(entries_for(identity(), form.model))
    following = url_for("trail.index", **_here(before=page.next)) if page.next else None
    return _page(form, tell(page.entries), following)


def _page(form: Form[TrailFilter], told: list[Told], following: str | None, status: int = 200) -> Answer:
    return Page(
        "reports/trail.html", status, form=form, told=told, following=following,
        objects=[(name, object_in_words(name)) for name in objects_for(identity())],
        people=_people(), export=url_for("trail.export", **_here(before=None)),
    )  # fmt: skip


def _people() -> list[tuple[str, str]]:
    found = db.session.execute(
        select(func.coalesce(Membership.user_id, Membership.id), Membership.name).order_by(Membership.name)
    )
    return [(str(user_id), name) for user_id, name in found]


def _here(**changes: Any) -> dict[str, Any]:
    said = {**request.args.to_dict(), **changes, "slug": identity().slug}
    return {name: value for name, value in said.items() if value}


@pages.get("/trail.csv", allow="trail.read")
def export() -> Answer:
    """Return the same as CSV, one line per field; at most ten thousand entries, newest first."""
    form = read(TrailFilter, request.args)
    if not form.ok:
        raise Problem(422, "invalid", errors=form.errors)
    told = tell(entries_for(identity(), form.model).limit(MOST_LINES).all())
    return File(write_csv(told), "text/csv", f"trail-{identity().slug}.csv")


def write_csv(told: Iterable[Told]) -> bytes:
    """Write told entries as CSV in UTF-8 with a mark, so that spreadsheets read Afrikaans as it is."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADS)
    for one in told:
        writer.writerows([_safe(cell) for cell in line] for line in _lines(one))
    return written.getvalue().encode("utf-8-sig")


def _lines(one: Told) -> Iterator[tuple[Any, ...]]:
    entry = one.entry
    first = (entry.created_at.isoformat(timespec="seconds"), entry.actor_label, entry.actor_kind, entry.action,
             one.object, one.name, entry.object_id)  # fmt: skip
    last = (entry.reason, entry.request, entry.job)
    for change in one.changes:
        yield (*first, change.field, change.old, change.new, *last)


def _safe(cell: Any) -> str:
    """Write a cell so that no spreadsheet takes it for a formula."""
    said = "" if cell is None else str(cell)
    return f"'{said}" if said.startswith(("=", "+", "-", "@", "\t")) else said
