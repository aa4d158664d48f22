"""Checker of what was given away: I7."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from voelgoed.foundation.checks import checker

# Each comp out of a limit tells the total that it led to: by rows, that is what was given up to it, and within the
# limit as it was. The counter is the last of these totals; a comp's tickets are as many as it says, and free.
ASTRAY = text("""
WITH own AS (
  SELECT organization_id, event_id, giver_id, quantity, own_total, own_limit,
         sum(quantity) OVER (PARTITION BY organization_id, event_id, giver_id ORDER BY own_total) AS so_far
    FROM comp WHERE how = 'own'
), counted AS (
  SELECT organization_id, event_id, giver_id, sum(quantity) AS given FROM own GROUP BY 1, 2, 3
), line AS (
  SELECT organization_id, checkout_id, sum(quantity) AS tickets, sum(total_cents) AS cents
    FROM checkout_line GROUP BY 1, 2
)
SELECT (SELECT count(*) FROM own WHERE so_far <> own_total OR own_total > own_limit)
     + (SELECT count(*) FROM comp_count n
          FULL JOIN counted c ON c.organization_id = n.organization_id AND c.event_id = n.event_id
                             AND c.giver_id = n.giver_id
         WHERE coalesce(c.given, 0) <> coalesce(n.given, 0))
     + (SELECT count(*) FROM checkout k
          FULL JOIN comp c ON c.organization_id = k.organization_id AND c.checkout_id = k.id
          LEFT JOIN line l ON l.organization_id = c.organization_id AND l.checkout_id = c.checkout_id
         WHERE (k.channel = 'comp' OR c.id IS NOT NULL)
           AND (c.id IS NULL OR k.channel <> 'comp' OR l.tickets IS DISTINCT FROM c.quantity OR l.cents <> 0))
""")


@checker("I7", "Comps out of one's own limit add up within it; each is free, and of as many tickets as it says")
def comps_astray(session: Session) -> int:
    """Count comps beyond their giver's limit, counters that are off, and comps that are not what they say."""
    return int(session.scalar(ASTRAY) or 0)
