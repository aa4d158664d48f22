"""Checkers of money in and out: M4, M5 and M6."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from voelgoed.foundation.checks import checker

# Each side by account and trading day; a payment's day is its entry's, for a closed day moves what comes late.
GATEWAY_IS_NOT_THE_LEDGERS = text("""
WITH account_of(gateway, code) AS (
  VALUES ('cash', '1000'), ('card', '1100'), ('stripe', '1110'), ('paystack', '1120'), ('credit', '2300')
), moved AS (
  SELECT p.organization_id, p.gateway, s.till_id, e.trading_day, p.amount_cents - p.rounding_cents AS cents
    FROM payment p
    LEFT JOIN shift s ON s.organization_id = p.organization_id AND s.id = p.shift_id AND p.gateway = 'cash'
    LEFT JOIN journal_entry e ON e.organization_id = p.organization_id AND e.source_kind = 'checkout'
         AND e.source_id = p.checkout_id AND e.kind IN ('sale', 'exchange')
  UNION ALL
  SELECT r.organization_id, r.gateway, s.till_id, e.trading_day, r.rounding_cents - r.amount_cents
    FROM refund r
    LEFT JOIN shift s ON s.organization_id = r.organization_id AND s.id = r.shift_id AND r.gateway = 'cash'
    LEFT JOIN refund_end f ON f.organization_id = r.organization_id AND f.refund_id = r.id AND f.how = 'sent'
    LEFT JOIN journal_entry e ON e.organization_id = r.organization_id
         AND (e.source_kind, e.source_id) IN (('return', r.return_id), ('refund_end', f.id))
         AND (e.source_kind = 'return') = (r.gateway IN ('cash', 'credit'))
   WHERE r.gateway IN ('cash', 'credit') OR f.id IS NOT NULL
  UNION ALL
  SELECT f.organization_id, 'cash', s.till_id, e.trading_day, f.rounding_cents - r.amount_cents
    FROM refund_end f
    JOIN refund r ON r.organization_id = f.organization_id AND r.id = f.refund_id
    JOIN shift s ON s.organization_id = f.organization_id AND s.id = f.shift_id
    LEFT JOIN journal_entry e ON e.organization_id = f.organization_id
         AND e.source_kind = 'refund_end' AND e.source_id = f.id
   WHERE f.how = 'paid_otherwise'
  UNION ALL
  SELECT x.organization_id, r.gateway, NULL, e.trading_day, r.amount_cents
    FROM refund_failure x
    JOIN refund_end f ON f.organization_id = x.organization_id AND f.id = x.refund_end_id
    JOIN refund r ON r.organization_id = f.organization_id AND r.id = f.refund_id
    LEFT JOIN journal_entry e ON e.organization_id = x.organization_id
         AND e.source_kind = 'refund_failure' AND e.source_id = x.id
), both_sides AS (
  SELECT m.organization_id, a.code, m.till_id, m.trading_day, m.cents FROM moved m JOIN account_of a USING (gateway)
  UNION ALL
  SELECT l.organization_id, a.code, a.till_id, e.trading_day, -l.amount_cents FROM journal_line l
    JOIN account a ON a.organization_id = l.organization_id AND a.id = l.account_id
    JOIN account_of ON account_of.code = a.code
    JOIN journal_entry e ON e.organization_id = l.organization_id AND e.id = l.entry_id
   WHERE e.kind IN ('sale', 'refund', 'void', 'exchange', 'reversal', 'payback')
)
SELECT count(*) FROM (
  SELECT 1 FROM both_sides GROUP BY organization_id, code, till_id, trading_day HAVING sum(cents) <> 0
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
     + (SELECT count(*) FROM (
          SELECT 1 FROM charge GROUP BY organization_id, checkout_id, attempt, tender HAVING count(*) > 1
          UNION ALL SELECT 1 FROM charge GROUP BY organization_id, key HAVING count(*) > 1) AS d)
     + (SELECT count(*) FROM payment p
          JOIN charge c ON c.organization_id = p.organization_id AND c.id = p.charge_id
         WHERE (p.key, p.amount_cents, p.gateway, p.checkout_id, p.attempt, p.tender)
            <> (c.key, c.amount_cents, c.gateway, c.checkout_id, c.attempt, c.tender))
""")


@checker("M4", "What a gateway took less what it gave back is what its account moved, per drawer and trading day")
def gateway_differs(session: Session) -> int:
    """Count days of a gateway (of a drawer, for cash) on which its money is not the ledger's."""
    return int(session.scalar(GATEWAY_IS_NOT_THE_LEDGERS) or 0)


@checker("M5", "Refunds of a sale never exceed what was captured")
def refunded_too_much(session: Session) -> int:
    """Count sales that gave back more than they took."""
    return int(session.scalar(REFUNDED_TOO_MUCH) or 0)


@checker("M6", "One charge per checkout, attempt and tender; the same key never charges twice")
def charged_twice(session: Session) -> int:
    """Count charges that were made again."""
    return int(session.scalar(CHARGED_TWICE) or 0)
