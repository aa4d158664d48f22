"""Checker of the papers of money: M8."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from voelgoed.foundation.checks import checker

GAPS = text("""
WITH paper AS (
  SELECT organization_id, till_id, kind, number FROM invoice
  UNION ALL SELECT organization_id, till_id, 'credit_note', number FROM credit_note
  UNION ALL SELECT organization_id, till_id, 'z', number FROM zreport
), told AS (
  SELECT organization_id, till_id, kind, count(*) AS papers, count(DISTINCT number) AS numbers,
         min(number) AS first, max(number) AS last FROM paper GROUP BY 1, 2, 3
)
SELECT count(*) FROM told t
  FULL JOIN (SELECT * FROM number_series WHERE kind IN ('tax_invoice', 'receipt', 'credit_note', 'z')) AS s
    ON s.organization_id = t.organization_id
   AND s.kind = t.kind AND s.till_id IS NOT DISTINCT FROM t.till_id
 WHERE t.first IS DISTINCT FROM 1 OR t.last IS DISTINCT FROM t.numbers OR t.papers <> t.numbers
    OR s.next IS DISTINCT FROM t.last + 1
""")

UNPAPERED = text("""
SELECT (SELECT count(*) FROM checkout c
          LEFT JOIN checkout_outcome o ON o.organization_id = c.organization_id AND o.checkout_id = c.id
          LEFT JOIN invoice i ON i.organization_id = c.organization_id AND i.checkout_id = c.id
         WHERE (i.id IS NOT NULL) <> (o.kind IS NOT DISTINCT FROM 'paid' AND c.total_cents > 0)
            OR i.total_cents <> c.total_cents)
     + (SELECT count(*) FROM return r
          LEFT JOIN credit_note n ON n.organization_id = r.organization_id AND n.return_id = r.id
          LEFT JOIN invoice i ON i.organization_id = n.organization_id AND i.id = n.invoice_id
         WHERE (n.id IS NOT NULL) <> (r.value_cents > 0)
            OR i.checkout_id <> r.checkout_id OR n.amount_cents <> r.value_cents - r.kept_cents)
""")


@checker("M8", "Papers count from 1 without a hole, per till and kind; each paid sale has one, and each return")
def papers_astray(session: Session) -> int:
    """Count series with a hole or a wrong counter, sales without their invoice, returns without their credit note."""
    return int(session.scalar(GAPS) or 0) + int(session.scalar(UNPAPERED) or 0)
