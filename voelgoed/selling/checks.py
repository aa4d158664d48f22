"""Checkers of what was sold: M3, I1, I2, I4 and I5."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from voelgoed.foundation.checks import checker
from voelgoed.selling.charge_checks import charges_astray

MONEY_WITHOUT_TICKETS = text("""
WITH paid AS (
  SELECT c.organization_id, c.id FROM checkout c
    JOIN checkout_outcome o ON o.organization_id = c.organization_id AND o.checkout_id = c.id AND o.kind = 'paid'
), kept AS (
  SELECT organization_id, checkout_id, sum(cents) AS cents FROM (
    SELECT organization_id, checkout_id, amount_cents AS cents FROM payment
    UNION ALL SELECT organization_id, checkout_id, -amount_cents FROM refund
    UNION ALL SELECT organization_id, checkout_id, -kept_cents FROM return) AS moved GROUP BY 1, 2
), back AS (
  SELECT organization_id, checkout_line_id, sum(tickets) AS tickets, sum(value_cents) AS cents
    FROM return_line GROUP BY 1, 2
), valid AS (
  SELECT t.organization_id, t.checkout_line_id, count(*) AS made, count(v.id) AS void FROM ticket t
    LEFT JOIN ticket_void v ON v.organization_id = t.organization_id AND v.ticket_id = t.id
   WHERE t.checkout_line_id IS NOT NULL GROUP BY 1, 2
), line AS (
  SELECT l.organization_id, l.checkout_id, l.quantity, coalesce(v.made, 0) AS made, coalesce(v.void, 0) AS void,
         coalesce(b.tickets, 0) AS returned, l.total_cents - coalesce(b.cents, 0) AS cents
    FROM checkout_line l
    JOIN paid p ON p.organization_id = l.organization_id AND p.id = l.checkout_id
    LEFT JOIN valid v ON v.organization_id = l.organization_id AND v.checkout_line_id = l.id
    LEFT JOIN back b ON b.organization_id = l.organization_id AND b.checkout_line_id = l.id
), fee AS (
  SELECT f.organization_id, f.checkout_id, f.total_cents - coalesce(sum(b.value_cents), 0) AS cents FROM checkout_fee f
    JOIN paid p ON p.organization_id = f.organization_id AND p.id = f.checkout_id
    LEFT JOIN return_fee b ON b.organization_id = f.organization_id AND b.checkout_fee_id = f.id
   GROUP BY f.organization_id, f.id, f.checkout_id, f.total_cents
), sale AS (
  SELECT organization_id, checkout_id, sum(cents) AS cents FROM (
    SELECT organization_id, checkout_id, cents FROM line UNION ALL SELECT organization_id, checkout_id, cents FROM fee
  ) AS remaining GROUP BY 1, 2
), unpaid AS (
  SELECT organization_id, checkout_id FROM payment
  UNION SELECT l.organization_id, l.checkout_id FROM ticket t
    JOIN checkout_line l ON l.organization_id = t.organization_id AND l.id = t.checkout_line_id
  EXCEPT SELECT organization_id, id FROM paid
)
SELECT (SELECT count(*) FROM sale s
          LEFT JOIN kept k ON k.organization_id = s.organization_id AND k.checkout_id = s.checkout_id
         WHERE coalesce(k.cents, 0) <> s.cents)
     + (SELECT count(*) FROM line
         WHERE made <> quantity OR void <> returned OR cents < 0 OR (void = quantity AND cents <> 0))
     + (SELECT count(*) FROM fee WHERE cents < 0)
     + (SELECT count(*) FROM unpaid)
     + (SELECT count(*) FROM (
          SELECT 1 FROM return r
            LEFT JOIN (SELECT organization_id, return_id, value_cents, vat_cents FROM return_line
                       UNION ALL SELECT organization_id, return_id, value_cents, vat_cents FROM return_fee) AS l
              ON l.organization_id = r.organization_id AND l.return_id = r.id
           GROUP BY r.organization_id, r.id, r.value_cents, r.vat_cents
          HAVING coalesce(sum(l.value_cents), 0) <> r.value_cents OR coalesce(sum(l.vat_cents), 0) <> r.vat_cents
        ) AS off)
""")

# A pool's recount: bodies of holds that live or were converted, less those of tickets that are void; and of tickets
# in reserve books that are neither sold nor void; and of gate passes that are not void.
RECOUNT = text("""
WITH moved AS (
  SELECT l.organization_id, l.pool_id, l.bodies FROM hold_line l
    LEFT JOIN hold_end e ON e.organization_id = l.organization_id AND e.hold_id = l.hold_id
   WHERE e.id IS NULL OR e.how = 'converted'
  UNION ALL
  SELECT l.organization_id, l.pool_id, -t.bodies FROM ticket_void v
    JOIN ticket t ON t.organization_id = v.organization_id AND t.id = v.ticket_id
    JOIN hold_line l ON l.organization_id = t.organization_id AND l.checkout_line_id = t.checkout_line_id
    JOIN hold_end e ON e.organization_id = l.organization_id AND e.hold_id = l.hold_id AND e.how = 'converted'
  UNION ALL
  SELECT p.organization_id, p.pool_id, t.bodies FROM reserve_pool p
    JOIN reserve_ticket r ON r.organization_id = p.organization_id AND r.book_id = p.book_id
    JOIN ticket t ON t.organization_id = r.organization_id AND t.id = r.ticket_id AND t.checkout_line_id IS NULL
    LEFT JOIN ticket_void v ON v.organization_id = t.organization_id AND v.ticket_id = t.id
   WHERE v.id IS NULL
  UNION ALL
  SELECT g.organization_id, g.pool_id, g.bodies FROM gate_pass g
    LEFT JOIN ticket_void v ON v.organization_id = g.organization_id AND v.ticket_id = g.ticket_id
   WHERE v.id IS NULL
), recount AS (
  SELECT p.organization_id, p.id, p.capacity, p.taken, coalesce(sum(m.bodies), 0) AS bodies FROM pool p
    LEFT JOIN moved m ON m.organization_id = p.organization_id AND m.pool_id = p.id
   GROUP BY p.organization_id, p.id
)
SELECT count(*) FILTER (WHERE bodies > capacity OR taken > capacity) AS oversold,
       count(*) FILTER (WHERE bodies <> taken) AS miscounted FROM recount
""")
ISSUED_OTHERWISE = text("""
SELECT count(*) FROM (
  SELECT 1 FROM hold_line l
    JOIN hold_end e ON e.organization_id = l.organization_id AND e.hold_id = l.hold_id AND e.how = 'converted'
    LEFT JOIN ticket t ON t.organization_id = l.organization_id AND t.checkout_line_id = l.checkout_line_id
   GROUP BY l.organization_id, l.id, l.bodies HAVING coalesce(sum(t.bodies), 0) <> l.bodies
) AS off
""")

HOLDS_ASTRAY = text("""
WITH ends AS (
  SELECT h.organization_id, h.checkout_id, count(e.id) FILTER (WHERE e.how = 'converted') AS converted,
         count(*) FILTER (WHERE e.id IS NULL) AS live
    FROM hold h LEFT JOIN hold_end e ON e.organization_id = h.organization_id AND e.hold_id = h.id GROUP BY 1, 2
)
SELECT (SELECT count(*) FROM checkout c
          JOIN ends h ON h.organization_id = c.organization_id AND h.checkout_id = c.id
          LEFT JOIN checkout_outcome o ON o.organization_id = c.organization_id AND o.checkout_id = c.id
         WHERE h.converted <> CASE WHEN o.kind = 'paid' THEN 1 ELSE 0 END
            OR h.live > CASE WHEN o.kind IS NULL THEN 1 ELSE 0 END)
     + (SELECT count(*) FROM (SELECT 1 FROM hold_end GROUP BY organization_id, hold_id HAVING count(*) > 1) AS twice)
""")

WRONGLY_PRICED = text("""
SELECT (SELECT count(*) FROM (
  SELECT 1 FROM discount d
    LEFT JOIN checkout_discount u ON u.organization_id = d.organization_id AND u.discount_id = d.id
     AND EXISTS (SELECT 1 FROM hold h LEFT JOIN hold_end e ON e.organization_id = h.organization_id AND e.hold_id = h.id
                  WHERE h.organization_id = u.organization_id AND h.checkout_id = u.checkout_id
                    AND (e.id IS NULL OR e.how = 'converted'))
   GROUP BY d.organization_id, d.id, d.uses, d.uses_most HAVING count(u.id) <> d.uses OR count(u.id) > d.uses_most
) AS miscounted) + (SELECT count(*) FROM (
  SELECT 1 FROM checkout_line l
    LEFT JOIN (SELECT organization_id, checkout_id, sum(cents) AS cents FROM (
      SELECT organization_id, checkout_id, cents FROM checkout_discount
      UNION ALL SELECT organization_id, checkout_id, off_cents FROM clerk_discount) AS given GROUP BY 1, 2) AS u
      ON u.organization_id = l.organization_id AND u.checkout_id = l.checkout_id
   GROUP BY l.organization_id, l.checkout_id, u.cents HAVING sum(l.discount_cents) <> coalesce(u.cents, 0)
) AS off_otherwise) + (SELECT count(*) FROM (
  SELECT 1 FROM checkout c JOIN event e ON e.organization_id = c.organization_id AND e.id = c.event_id
    LEFT JOIN checkout_line l ON l.organization_id = c.organization_id AND l.checkout_id = c.id
   GROUP BY c.organization_id, c.id, e.currency
  HAVING sum(l.quantity) IS NULL OR sum(l.quantity) > CASE c.channel WHEN 'group' THEN 500 ELSE 200 END
      OR sum(l.total_cents) <> c.total_cents - c.fees_cents
      OR c.currency <> e.currency OR bool_or(l.total_cents <> l.unit_cents * l.quantity - l.discount_cents)
      OR bool_or(l.total_cents < 0 OR l.discount_cents < 0)
      OR bool_or(l.vat_cents <> round(l.total_cents::numeric * l.vat_rate_bp / (10000 + l.vat_rate_bp)))
) AS off) + (SELECT count(*) FROM (
  SELECT 1 FROM checkout c
    LEFT JOIN checkout_fee f ON f.organization_id = c.organization_id AND f.checkout_id = c.id
   GROUP BY c.organization_id, c.id
  HAVING coalesce(sum(f.total_cents), 0) <> c.fees_cents
      OR bool_or(f.total_cents <> f.quantity * f.unit_cents)
      OR bool_or(f.vat_cents <> round(f.total_cents::numeric * f.vat_rate_bp / (10000 + f.vat_rate_bp)))
) AS fees_off)
""")


@checker(
    "M3",
    "What a sale keeps is what remains of its lines, fees and charges; no money without tickets, no tickets without",
)
def money_without_tickets(session: Session) -> int:
    """Count sales whose money and tickets differ."""
    return int(session.scalar(MONEY_WITHOUT_TICKETS) or 0) + charges_astray(session)


@checker("I1", "Sold and held are within the capacity, in bodies, for every pool")
def oversold(session: Session) -> int:
    """Count pools that gave more than they have, by their counter or by their rows."""
    return int(session.execute(RECOUNT).one().oversold)


@checker("I2", "Each pool's counter is the recount of its rows")
def miscounted(session: Session) -> int:
    """Count pools whose counter is off, and holds that became other tickets than they held for."""
    return int(session.execute(RECOUNT).one().miscounted) + int(session.scalar(ISSUED_OTHERWISE) or 0)


@checker("I4", "A hold ends once; a paid sale converted exactly one, whenever its money came")
def holds_astray(session: Session) -> int:
    """Count checkouts whose holds do not tell how they ended."""
    return int(session.scalar(HOLDS_ASTRAY) or 0)


@checker(
    "I5",
    "Lines and fees add up, less discounts, VAT inside; at most 200 tickets a sale, 500 for a group; codes recount",
)
def wrongly_priced(session: Session) -> int:
    """Count sales whose figures do not follow from their lines."""
    return int(session.scalar(WRONGLY_PRICED) or 0)
