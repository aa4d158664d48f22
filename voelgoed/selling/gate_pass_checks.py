"""Checker of what was given at the gate: I8."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from voelgoed.foundation.checks import checker

# As with comps: each pass out of a limit tells the total that it led to, and the counter is the last of these. A pass
# is a ticket of its own for as many people as it says, never sold, of a type that is given only so.
ASTRAY = text("""
WITH own AS (
  SELECT organization_id, day_id, giver_id, bodies, own_total, own_limit,
         sum(bodies) OVER (PARTITION BY organization_id, day_id, giver_id ORDER BY own_total) AS so_far
    FROM gate_pass WHERE how = 'own'
), counted AS (
  SELECT organization_id, day_id, giver_id, sum(bodies) AS given FROM own GROUP BY 1, 2, 3
)
SELECT (SELECT count(*) FROM own WHERE so_far <> own_total OR own_total > own_limit)
     + (SELECT count(*) FROM gate_pass_count n
          FULL JOIN counted c ON c.organization_id = n.organization_id AND c.day_id = n.day_id
                             AND c.giver_id = n.giver_id
         WHERE coalesce(c.given, 0) <> coalesce(n.given, 0))
     + (SELECT count(*) FROM ticket t
          JOIN ticket_type y ON y.organization_id = t.organization_id AND y.id = t.ticket_type_id
          LEFT JOIN gate_pass g ON g.organization_id = t.organization_id AND g.ticket_id = t.id
         WHERE (y.gate_pass OR g.id IS NOT NULL)
           AND (g.id IS NULL OR NOT y.gate_pass OR t.bodies <> g.bodies OR t.checkout_line_id IS NOT NULL))
""")


@checker("I8", "Gate passes out of one's own limit add up within it; each is one unsold ticket for as many as it says")
def passes_astray(session: Session) -> int:
    """Count gate passes beyond their giver's limit, counters that are off, and passes that are not what they say."""
    return int(session.scalar(ASTRAY) or 0)
