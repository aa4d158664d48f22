"""Checker of drawers: M7."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from voelgoed.foundation.checks import checker

# By rows: what came and went besides the float. By the ledger: what the drawer's account moved in this shift, without
# the variance and without the cash that left when it was closed; and that nothing stayed in it after that.
OFF = text("""
WITH moved AS (
  SELECT organization_id, shift_id, amount_cents - rounding_cents AS cents FROM payment WHERE gateway = 'cash'
  UNION ALL
  SELECT organization_id, shift_id, rounding_cents - amount_cents FROM refund WHERE gateway = 'cash'
  UNION ALL
  SELECT f.organization_id, f.shift_id, f.rounding_cents - r.amount_cents FROM refund_end f
    JOIN refund r ON r.organization_id = f.organization_id AND r.id = f.refund_id WHERE f.how = 'paid_otherwise'
  UNION ALL
  SELECT organization_id, shift_id, CASE kind WHEN 'added' THEN amount_cents ELSE -amount_cents END FROM cash_move
), by_rows AS (
  SELECT organization_id, shift_id, sum(cents) AS cents FROM moved GROUP BY 1, 2
), by_ledger AS (
  SELECT e.organization_id, e.shift_id, a.till_id,
         sum(l.amount_cents) FILTER (WHERE e.source_kind <> 'zreport') AS before,
         sum(l.amount_cents) FILTER (WHERE e.kind = 'variance') AS variance, sum(l.amount_cents) AS after
    FROM journal_entry e
    JOIN journal_line l ON l.organization_id = e.organization_id AND l.entry_id = e.id
    JOIN account a ON a.organization_id = l.organization_id AND a.id = l.account_id AND a.code = '1000'
   WHERE e.shift_id IS NOT NULL GROUP BY 1, 2, 3
)
SELECT count(*) FROM zreport z
  JOIN shift s ON s.organization_id = z.organization_id AND s.id = z.shift_id
  LEFT JOIN by_rows r ON r.organization_id = s.organization_id AND r.shift_id = s.id
  LEFT JOIN by_ledger b ON b.organization_id = s.organization_id AND b.shift_id = s.id AND b.till_id = s.till_id
 WHERE s.closed_at IS NULL
    OR s.float_cents + coalesce(r.cents, 0) + z.variance_cents <> z.counted_cents
    OR coalesce(b.before, 0) + coalesce(b.variance, 0) <> z.counted_cents
    OR coalesce(b.variance, 0) <> z.variance_cents OR coalesce(b.after, 0) <> 0
    OR z.counted_cents IS DISTINCT FROM (SELECT c.counted_cents FROM cash_count c
         WHERE c.organization_id = s.organization_id AND c.shift_id = s.id AND c.number > 0
         ORDER BY c.number DESC LIMIT 1)
""")


@checker("M7", "Float + cash in - cash out + variance = counted, by rows and by the ledger, for each closed shift")
def drawer_is_off(session: Session) -> int:
    """Count reports whose drawer does not add up."""
    return int(session.scalar(OFF) or 0)
