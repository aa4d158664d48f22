-- The next number of an event's sales, given to one, and beside it what its paper says of who sold, and where. The
-- series' row is held from here to the commit: with every clerk of the event waiting, nothing more is asked for alone.
WITH drawn AS (
  UPDATE checkout_series SET next = next + 1, updated_at = now() WHERE event_id = %(event_id)s RETURNING next - 1 AS number
), given AS (
  UPDATE checkout c SET number = d.number, updated_at = now()
    FROM drawn d
   WHERE c.organization_id = %(organization_id)s AND c.id = %(checkout_id)s
)
SELECT d.number, g.name, g.address, g.vat_number, g.vat_vendor AS vendor, t.id AS till_id, t.prefix,
       (SELECT coalesce(sum(l.vat_cents), 0) FROM checkout_line l
         WHERE l.organization_id = g.id AND l.checkout_id = %(checkout_id)s)
     + (SELECT coalesce(sum(f.vat_cents), 0) FROM checkout_fee f
         WHERE f.organization_id = g.id AND f.checkout_id = %(checkout_id)s) AS vat_cents
  FROM drawn d
  JOIN organization g ON g.id = %(organization_id)s
  LEFT JOIN LATERAL (SELECT t.id, t.prefix FROM payment p
                       JOIN shift s ON s.organization_id = p.organization_id AND s.id = p.shift_id
                       JOIN till t ON t.organization_id = s.organization_id AND t.id = s.till_id
                      WHERE p.organization_id = g.id AND p.checkout_id = %(checkout_id)s LIMIT 1) AS t ON true
