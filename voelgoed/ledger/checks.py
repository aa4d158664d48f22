"""Checkers of the ledger: M1, M2 and M9."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from voelgoed.foundation.checks import checker

# Each is cut so that it reads every line once, and entries by their keys: a million lines are checked in seconds.
UNBALANCED = text("""
SELECT (SELECT count(*) FROM (
          SELECT 1 FROM journal_line GROUP BY organization_id, entry_id, currency
          HAVING sum(amount_cents) <> 0 OR count(*) < 2) AS off)
     + (SELECT count(*) FROM journal_entry e WHERE NOT EXISTS (
          SELECT FROM journal_line l WHERE l.organization_id = e.organization_id AND l.entry_id = e.id))
""")

NOT_REVERSED = text("""
WITH pair AS (
  SELECT organization_id, id AS correction, reverses_id AS corrected FROM journal_entry WHERE reverses_id IS NOT NULL
), sides AS (
  SELECT p.organization_id, p.correction, l.account_id, l.amount_cents FROM pair p
    JOIN journal_line l ON l.organization_id = p.organization_id AND l.entry_id = p.correction
  UNION ALL
  SELECT p.organization_id, p.correction, l.account_id, l.amount_cents FROM pair p
    JOIN journal_line l ON l.organization_id = p.organization_id AND l.entry_id = p.corrected
)
SELECT count(DISTINCT correction) FROM (
  SELECT correction FROM sides GROUP BY organization_id, correction, account_id HAVING sum(amount_cents) <> 0
) AS off
""")

CLOSED_BUT_MOVED = text("""
WITH closed_line AS (
  SELECT l.organization_id, l.trading_day, l.account_id,
         coalesce(sum(l.amount_cents) FILTER (WHERE l.amount_cents > 0), 0) AS debit,
         coalesce(-sum(l.amount_cents) FILTER (WHERE l.amount_cents < 0), 0) AS credit
    FROM journal_line l
    JOIN closed_day c ON c.organization_id = l.organization_id AND c.day = l.trading_day
   GROUP BY 1, 2, 3
)
SELECT count(*) FROM closed_line l
  FULL JOIN day_total t
    ON t.organization_id = l.organization_id AND t.day = l.trading_day AND t.account_id = l.account_id
 WHERE (t.debit_cents, t.credit_cents) IS DISTINCT FROM (l.debit, l.credit)
""")

ANOTHER_DAY = text("""
SELECT count(*) FROM journal_line l
  JOIN journal_entry e ON e.organization_id = l.organization_id AND e.id = l.entry_id
 WHERE e.trading_day <> l.trading_day
""")

UNGUARDED = text("""
SELECT 2 - count(*) FROM pg_trigger
 WHERE tgname = 'append_only' AND tgenabled <> 'D' AND tgrelid IN ('journal_entry'::regclass, 'journal_line'::regclass)
""")


@checker("M1", "Debits equal credits for every entry and currency")
def unbalanced(session: Session) -> int:
    """Count entries that are off, or that move nothing."""
    return int(session.scalar(UNBALANCED) or 0)


@checker("M2", "Entries never change; a correction undoes exactly the entry that it names")
def rewritten(session: Session) -> int:
    """Count corrections that are not the mirror of what they correct, and tables that have lost their guard."""
    return int(session.scalar(NOT_REVERSED) or 0) + int(session.scalar(UNGUARDED) or 0)


@checker(
    "M9", "Nothing is posted into a closed day: its totals are its lines', and each line stands on its entry's day"
)
def posted_late(session: Session) -> int:
    """Count accounts of closed days that have moved since, and lines on another day than their entry."""
    return int(session.scalar(CLOSED_BUT_MOVED) or 0) + int(session.scalar(ANOTHER_DAY) or 0)
