"""M3's other half: what was asked for outside became tickets, came to nothing, or waits for a person."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

# A run that works on a charge ends, parks or calls a person; half an hour is twice what a payer has.
CHARGES_ASTRAY = text("""
WITH charged AS (
  SELECT c.organization_id, c.id, c.created_at, p.id IS NOT NULL AS paid, e.id IS NOT NULL AS ended,
         o.kind AS outcome, q.kind AS sale, s.id IS NOT NULL AS stuck
    FROM charge c
    LEFT JOIN payment p ON p.organization_id = c.organization_id AND p.charge_id = c.id
    LEFT JOIN charge_end e ON e.organization_id = c.organization_id AND e.charge_id = c.id
    LEFT JOIN checkout_outcome q ON q.organization_id = c.organization_id AND q.checkout_id = c.checkout_id
    LEFT JOIN checkout_attempt a
           ON a.organization_id = c.organization_id AND a.checkout_id = c.checkout_id AND a.number = c.attempt
    LEFT JOIN workflow_outcome o ON o.organization_id = a.organization_id AND o.run_id = a.run_id
    LEFT JOIN run_stuck s ON s.organization_id = a.organization_id AND s.run_id = a.run_id
)
SELECT count(*) FROM charged
 WHERE paid AND (ended OR sale IS DISTINCT FROM 'paid')
    OR NOT paid AND outcome = 'done'
    OR NOT paid AND NOT ended AND outcome IS NULL AND NOT stuck AND created_at < now() - interval '30 minutes'
""")


def charges_astray(session: Session) -> int:
    """Count charges that both paid and ended, that paid for a sale which is none, or that were forgotten."""
    return int(session.scalar(CHARGES_ASTRAY) or 0)
