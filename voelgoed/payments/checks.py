"""Checkers of money in and out: M4 (cash), M5 and M6."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from voelgoed.foundation.checks import checker

CASH_IS_NOT_THE_LEDGERS = text("""
WITH place AS (
  SELECT c.organization_id, c.id AS checkout_id, c.event_id, c.currency, v.timezone FROM checkout c
    JOIN event e ON e.organization_id = c.organization_id AND e.id = c.event_id
    JOIN venue v ON v.organization_id = c.organization_id AND v.id = e.venue_id
), moved AS (
  SELECT organization_id, checkout_id, created_at, amount_cents - rounding_cents AS cents
    FROM payment WHERE gateway = 'cash'
  UNION ALL
  SELECT organization_id, checkout_id, created_at, rounding_cents - amount_cents FROM refund
), both_sides AS (
  SELECT m.organization_id, p.event_id, p.currency, m.cents,
         ((m.created_at AT TIME ZONE p.timezone) - interval '5 hours')::date AS day
    FROM moved m JOIN place p ON p.organization_id = m.organization_id AND p.checkout_id = m.checkout_id
  UNION ALL
  SELECT l.organization_id, a.event_id, l.currency, -l.amount_cents, e.trading_day FROM journal_line l
    JOIN account a ON a.organization_id = l.organization_id AND a.id = l.account_id AND a.code = '1000'
    JOIN journal_entry e ON e.organization_id = l.organization_id AND e.id = l.entry_id
)
SELECT count(*) FROM (
  SELECT 1 FROM both_sides GROUP BY organization_id, event_id, currency, day HAVING sum(cents) <> 0
) AS off
""")

REFUNDED_TOO_MUCH = text("""
SELECT count(*) FROM (
  SELECT organization_id, checkout_id, sum(amount) AS owed, sum(cash) AS cash FROM (
    SELECT organization_id, checkout_id, amount_cents AS amount, amount_cents - rounding_cents AS cash FROM payment
    UNION ALL
    SELECT organization_id, checkout_id, -amount_cents, rounding_cents - amount_cents FROM refund
  ) AS moved GROUP BY 1, 2
) AS kept WHERE owed < 0 OR cash < 0
""")

CHARGED_TWICE = text("""
SELECT (SELECT count(*) FROM (
          SELECT 1 FROM payment GROUP BY organization_id, checkout_id, attempt, tender HAVING count(*) > 1) AS a)
     + (SELECT count(*) FROM (SELECT 1 FROM payment GROUP BY organization_id, key HAVING count(*) > 1) AS b)
     + (SELECT count(*) FROM (
          SELECT 1 FROM payment GROUP BY organization_id, checkout_id HAVING count(DISTINCT attempt) > 1) AS c)
""")


@checker("M4", "Cash taken less cash given back is what the ledger's cash accounts moved, per trading day")
def cash_differs(session: Session) -> int:
    """Count days of an event whose cash is not the ledger's."""
    return int(session.scalar(CASH_IS_NOT_THE_LEDGERS) or 0)


@checker("M5", "Refunds of a sale never exceed what was captured")
def refunded_too_much(session: Session) -> int:
    """Count sales that gave back more than they took."""
    return int(session.scalar(REFUNDED_TOO_MUCH) or 0)


@checker("M6", "One charge per checkout, attempt and tender; the same key never charges twice")
def charged_twice(session: Session) -> int:
    """Count charges that were made again."""
    return int(session.scalar(CHARGED_TWICE) or 0)
