"""Checker of reserve books: I6."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from voelgoed.foundation.checks import checker

ASTRAY = text("""
WITH bound AS (
  SELECT r.organization_id, r.book_id, t.event_id, t.checkout_line_id, count(s.id) AS keyed,
         count(s.id) FILTER (WHERE s.book_id = r.book_id AND s.checkout_id = l.checkout_id) AS right_sale
    FROM reserve_ticket r
    JOIN ticket t ON t.organization_id = r.organization_id AND t.id = r.ticket_id
    LEFT JOIN checkout_line l ON l.organization_id = t.organization_id AND l.id = t.checkout_line_id
    LEFT JOIN reserve_sold s ON s.organization_id = t.organization_id AND s.ticket_id = t.id
   GROUP BY r.organization_id, r.id, r.book_id, t.event_id, t.checkout_line_id
)
SELECT (SELECT count(*) FROM bound WHERE keyed <> CASE WHEN checkout_line_id IS NULL THEN 0 ELSE 1 END
            OR right_sale <> keyed)
     + (SELECT count(*) FROM (
          SELECT 1 FROM reserve_book b
            LEFT JOIN bound t ON t.organization_id = b.organization_id AND t.book_id = b.id AND t.event_id = b.event_id
           GROUP BY b.organization_id, b.id, b.quantity HAVING count(t.book_id) <> b.quantity) AS off)
     + (SELECT count(*) FROM (
          SELECT 1 FROM reserve_sold s
            JOIN reserve_book b ON b.organization_id = s.organization_id AND b.id = s.book_id
            JOIN checkout_line l ON l.organization_id = s.organization_id AND l.checkout_id = s.checkout_id
            JOIN checkout c ON c.organization_id = s.organization_id AND c.id = s.checkout_id
           GROUP BY s.organization_id, s.checkout_id, b.price_cents, b.fees_cents, l.quantity, l.unit_cents,
                    c.fees_cents
          HAVING count(*) <> l.quantity OR l.unit_cents <> b.price_cents
              OR c.fees_cents <> l.quantity * b.fees_cents) AS other_price)
""")


@checker("I6", "Each ticket of a reserve book is keyed in at most once, into one sale, at the price printed on it")
def books_astray(session: Session) -> int:
    """Count tickets, books and sales of reserve books that do not agree."""
    return int(session.scalar(ASTRAY) or 0)
