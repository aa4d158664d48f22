"""The books at a million lines: the trial balance with every day open and with days closed, and the whole export.

`python -m benchmarks.ledger` measures these alone, on a stage of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.figure import HEAD, Figure
from benchmarks.stage import Stage, application, stage

ENTRIES, DAYS, TURNS = 333_334, 400, 5
CODES = (
    "1000",
    "1100",
    "1110",
    "1120",
    "2100-1500",
    "2100-0",
    "4000-1500",
    "4000-0",
    "4100-1500",
    "4900",
    "5000",
    "5100",
)
ACCOUNTS = """
INSERT INTO account (organization_id, id, code, name, kind, currency, created_at, updated_at)
SELECT %(own)s, gen_random_uuid(), 'B' || code, 'Benchmark ' || code, 'asset', 'ZAR', now(), now()
  FROM unnest(%(codes)s::text[]) code
"""
BOOKS = """
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
SELECT n, (lpad(to_hex(n), 12, '0') || '70008000' || substr(md5(n::text), 1, 12))::uuid AS id,
       DATE '2025-01-01' + n * %(days)s / %(entries)s AS day
  FROM generate_series(0, %(entries)s - 1) n;
"""
ENTRY = """
INSERT INTO journal_entry (organization_id, id, kind, source_kind, source_id, occurred_at, trading_day, words, actor,
                           created_at)
SELECT %(own)s, id, 'sale', 'checkout', id, day + time '19:00', day, 'Sale of the benchmark', 'benchmark', now()
  FROM made
"""
LINE = """
INSERT INTO journal_line (organization_id, id, entry_id, account_id, trading_day, amount_cents, currency, created_at)
SELECT %(own)s, (substr(made.id::text, 1, 23) || '-b' || part || substr(md5(made.n::text), 1, 10))::uuid, made.id,
       (%(accounts)s::uuid[])[CASE part WHEN 0 THEN 1 + n %% 4 WHEN 1 THEN 5 + n %% 2 ELSE 7 + n %% 2 END], day,
       (ARRAY[23000, -3000, -20000])[part + 1], 'ZAR', now()
  FROM made CROSS JOIN generate_series(0, 2) part
"""
CLOSE = """
INSERT INTO closed_day (organization_id, id, day, actor, created_at)
SELECT %(own)s, gen_random_uuid(), day, 'benchmark', now() FROM generate_series(0, %(days)s - 32) n,
       LATERAL (SELECT DATE '2025-01-01' + n AS day) d
"""
TOTAL = """
INSERT INTO day_total (organization_id, id, day, account_id, debit_cents, credit_cents, created_at)
SELECT organization_id, gen_random_uuid(), l.trading_day, l.account_id,
       coalesce(sum(amount_cents) FILTER (WHERE amount_cents > 0), 0),
       coalesce(-sum(amount_cents) FILTER (WHERE amount_cents < 0), 0), now()
  FROM journal_line l JOIN closed_day c USING (organization_id)
 WHERE c.day = l.trading_day AND c.actor = 'benchmark' GROUP BY 1, 3, 4
"""


def fill(owner_url: str, own: UUID) -> None:
    """Write a million balanced lines as the owner, past the triggers that look at each."""
    asked: dict[str, Any] = {"own": own, "entries": ENTRIES, "days": DAYS, "codes": [*CODES]}
    with psycopg.connect(owner_url) as connection:
        connection.execute("SET ROLE voelgoed_owner")
        for table in ("journal_entry", "journal_line"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # type: ignore[arg-type]
        connection.execute(ACCOUNTS, asked)
        found = connection.execute("SELECT id FROM account WHERE organization_id = %(own)s AND code LIKE 'B%%'", asked)
        asked["accounts"] = [row[0] for row in found]
        literal = BOOKS % {key: str(asked[key]) for key in ("days", "entries")}
        connection.execute(literal)  # type: ignore[arg-type]
        connection.execute(ENTRY, asked)
        connection.execute(LINE, asked)
        for table in ("journal_entry", "journal_line"):
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")  # type: ignore[arg-type]
    _vacuum(owner_url)


def _vacuum(owner_url: str) -> None:
    """Do what autovacuum does within a minute."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("SET ROLE voelgoed_owner")
        connection.execute("VACUUM ANALYZE journal_entry, journal_line, day_total, closed_day, account")


def close(owner_url: str, own: UUID) -> None:
    """Close all days of the million but the last month's."""
    with psycopg.connect(owner_url) as connection:
        connection.execute("SET ROLE voelgoed_owner")
        connection.execute(CLOSE, {"own": own, "days": DAYS})
        connection.execute(TOTAL)
    _vacuum(owner_url)


def _trial(app: Any, own: UUID) -> float:
    """Return the seconds of one trial balance over everything, the best of some."""
    from voelgoed.demo.people import SEEDER
    from voelgoed.foundation.tenancy import scope
    from voelgoed.reports.journal import Days
    from voelgoed.reports.trial import sums, trial_balance

    taken = []
    for _ in range(TURNS):
        began = time.perf_counter()
        with app.app_context(), scope(own, SEEDER):
            found = sums(trial_balance(Days(until=date(2026, 12, 31))))
        taken.append(time.perf_counter() - began)
        assert found[0].debit == found[0].credit
    return sorted(taken)[TURNS // 2]


def _pages(app: Any, own: UUID) -> Iterator[Figure]:
    """Return how long the reading of each page takes, in milliseconds, at the million."""
    from voelgoed.demo.people import SEEDER
    from voelgoed.foundation.tenancy import rows, scope
    from voelgoed.ledger.entry import Account
    from voelgoed.reports.journal import Days, JournalFilter, page_of, selected
    from voelgoed.reports.statement import PER_PAGE, StatementFilter, steps_of
    from voelgoed.reports.takings import takings
    from voelgoed.reports.taxes import vat_summary

    with app.app_context(), scope(own, SEEDER):
        account = rows(Account).filter_by(code="B1100").one()
    month = {"since": date(2025, 11, 1), "until": date(2025, 11, 30)}
    rare = {"account": account.id, "amount": 1}
    asked = {
        "newest": JournalFilter(), "of an account": JournalFilter(account=account.id),
        "words": JournalFilter(q="nobody"),
        "an amount": JournalFilter(amount=23000), "an amount that is not there": JournalFilter(**rare),
        "a month's": JournalFilter(**month, account=account.id),
    }  # fmt: skip
    reads: dict[str, Callable[[], object]] = {
        f"journal, {name}": lambda one=one: page_of(selected(one), one) for name, one in asked.items()
    }
    reads["statement, last page"] = lambda: steps_of(account, StatementFilter(since=date(2026, 1, 30)), PER_PAGE)
    reads["VAT of a month"] = lambda: vat_summary(Days(**month))
    reads["takings of a month"] = lambda: takings(Days(**month))
    for name, read in reads.items():
        taken = []
        for _ in range(TURNS):
            began = time.perf_counter()
            with app.app_context(), scope(own, SEEDER):
                read()
            taken.append(time.perf_counter() - began)
        yield Figure(name, sorted(taken)[TURNS // 2] * 1000, "ms")


def _recount(owner_url: str) -> float:
    """Return the seconds of the plain sum over the table, as the owner: the measure of index and totals."""
    with psycopg.connect(owner_url) as connection:
        connection.execute("SET ROLE voelgoed_owner")
        began = time.perf_counter()
        connection.execute("SELECT account_id, sum(amount_cents) FROM journal_line GROUP BY 1").fetchall()
        return time.perf_counter() - began


def export(folder: Path, own: UUID) -> dict[str, float]:
    """Stream the whole journal as CSV inside this process; seconds, bytes, and its memory in MiB before and at most."""
    from types import SimpleNamespace

    from voelgoed.demo.people import SEEDER
    from voelgoed.foundation.tenancy import scope
    from voelgoed.reports.journal import COLUMNS, JournalFilter, lines_of, selected
    from voelgoed.reports.sheet import csv_pieces

    app = application(SimpleNamespace(folder=folder))  # type: ignore[arg-type]
    Path("/proc/self/clear_refs").write_text("5")  # from here on the most is counted anew
    before, began, sent, lines = _memory("VmRSS"), time.perf_counter(), 0, 0
    pieces = csv_pieces(COLUMNS, lines_of(lambda: selected(JournalFilter())))
    while True:
        with app.app_context(), scope(own, SEEDER):
            piece = next(pieces, None)
        if piece is None:
            break
        sent, lines = sent + len(piece), lines + piece.count(b"\n")
    return {
        "seconds": time.perf_counter() - began,
        "bytes": sent,
        "lines": lines,
        "before": before,
        "peak": _memory("VmHWM"),
    }


def _memory(line: str) -> float:
    """Return a line of this process's status in MiB: VmRSS now, VmHWM at most."""
    said = Path("/proc/self/status").read_text()
    return int(said.partition(f"{line}:")[2].split()[0]) / 1024


def figures(app: Any, running: Stage, owner_url: str) -> Iterator[Figure]:
    """Measure on the stage's database; the export in a process of its own, whose memory is its alone."""
    from voelgoed.demo.ensure import organization_id_of
    from voelgoed.foundation.checks import checkers
    from voelgoed.foundation.tenancy import skip_tenant_rule

    with app.app_context():
        own = organization_id_of(running.house["slug"])
    fill(owner_url, own)
    plain = _recount(owner_url)
    yield Figure("trial balance, 1 000 000 lines, no day closed", _trial(app, own), "s", plain, "s, plain sum as owner")
    yield from _pages(app, own)
    close(owner_url, own)
    yield Figure("trial balance, the same, days closed", _trial(app, own), "s", plain, "s, plain sum as owner")
    with app.app_context(), skip_tenant_rule(reason="a benchmark of the checks") as session:
        for one in (checker for checker in checkers() if checker.code in ("M1", "M2", "M9")):
            began = time.perf_counter()
            assert one.count(session) == 0, one.code
            yield Figure(f"check {one.code}", time.perf_counter() - began, "s")
    command = [sys.executable, "-m", "benchmarks.ledger", "--export", str(running.folder), str(own)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout.splitlines()[-1])
    yield Figure(
        "journal as CSV, 1 000 000 lines", said["seconds"], "s", more=f"{said['lines'] / said['seconds']:,.0f} lines/s"
    )
    taken, more = said["peak"] - said["before"], f"in a process of {said['before']:.0f} MiB"
    yield Figure("memory that it takes at most", taken, "MiB", 100.0, "MiB aimed at", more)


def main() -> None:
    """Print the figures of a stage of its own; as a child, export and say what it took."""
    if "--export" in sys.argv:
        print(json.dumps(export(Path(sys.argv[2]), UUID(sys.argv[3]))))
        return
    print(HEAD)
    with stage() as running:
        app = application(running)
        owner = app.config["VOELGOED"].database_owner_url.replace("postgresql+psycopg://", "postgresql://")
        for one in figures(app, running, owner):
            print(one.row(), flush=True)


if __name__ == "__main__":
    main()
