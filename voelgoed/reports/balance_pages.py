"""The trial balance, and the statement of one account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for

from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Page, Pages, identity, read
from voelgoed.ledger.entry import Account
from voelgoed.reports import statement, trial
from voelgoed.reports.account_names import account_names
from voelgoed.reports.export import sheet
from voelgoed.reports.journal import Days
from voelgoed.reports.journal_pages import asked_for, exports
from voelgoed.reports.own_drawer import named, uncounted
from voelgoed.reports.statement import StatementFilter

pages = Pages("balances", __name__)


@pages.get("/ledger/balances", allow="ledger.read", endpoint="trial")
def show_trial() -> Answer:
    """Show what every account stands at, and what moved on it."""
    form, but = read(Days, request.args), uncounted()
    found = trial.trial_balance(form.model, but) if form.ok else []
    return Page(
        "reports/trial.html", 200 if form.ok else 422, form=form, standings=found, sums=trial.sums(found),
        withheld=but, export=exports("balances.export"),
    )  # fmt: skip


@pages.get("/ledger/balances.<any(csv, xlsx):format>", allow="ledger.read")
def export(format: str) -> Answer:
    """Return the trial balance as a file."""
    but = uncounted()
    found = trial.trial_balance(asked_for(Days), but)
    return sheet(named("trial-balance", but), format, trial.COLUMNS, [trial.rows_of(found)])


@pages.get("/ledger/accounts/<uuid:account_id>", allow="ledger.read", endpoint="statement")
def show_statement(account_id: UUID) -> Answer:
    """Show one account line by line, with its running balance."""
    account = rows(Account).get(account_id)
    form, but = read(StatementFilter, request.args), uncounted()
    steps = statement.steps_of(account, form.model, statement.PER_PAGE + 1, but) if form.ok else []
    shown = steps[: statement.PER_PAGE]
    last = shown[-1].line if len(steps) > len(shown) else None
    arguments: dict[str, Any] = {"slug": identity().slug, "account_id": account_id}
    asked = {key: value for key, value in form.values.items() if key in ("since", "until") and value}
    following = last and url_for(".statement", **arguments, **asked, day=last.trading_day, after=last.id)
    export = exports("balances.export_statement", account_id=account_id)
    return Page(
        "reports/statement.html", 200 if form.ok else 422, form=form, account=account, steps=shown,
        name=account_names()[account_id], following=following, export=export,
        opening=statement.opening_of(account, form.model, but) if form.ok else 0, withheld=but,
    )  # fmt: skip


@pages.get("/ledger/accounts/<uuid:account_id>/statement.<any(csv, xlsx):format>", allow="ledger.read")
def export_statement(account_id: UUID, format: str) -> Answer:
    """Return one account's statement as a file."""
    account = rows(Account).get(account_id)
    asked, but = asked_for(StatementFilter), uncounted()
    name = named(f"account-{account.code}", but)
    return sheet(name, format, statement.COLUMNS, statement.rows_of(account, asked, but))
