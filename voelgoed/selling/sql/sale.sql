-- All that completing a checkout needs to know of it, in one statement: how it stands (its row is locked before), what
-- it is made of; the open shift of whoever acts, kept open to the commit; the accounts that the sale is booked on.
WITH drawer AS (
  SELECT s.id, s.till_id
    FROM shift s
    JOIN membership m ON m.organization_id = s.organization_id AND m.id = s.membership_id
   WHERE (m.user_id = %(who)s OR m.id = %(who)s) AND s.closed_at IS NULL
     FOR SHARE OF s
)
SELECT s.*, c.currency, d.id AS shift_id, d.till_id, v.timezone, u.name AS holder, g.cash_rounding_cents AS cash_step,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'type_id', l.ticket_type_id, 'quantity', l.quantity,
                 'bodies', t.bodies, 'rate_bp', l.vat_rate_bp, 'cents', l.total_cents, 'vat_cents', l.vat_cents,
                 'name', t.name, 'number', t.number, 'unit_cents', l.unit_cents, 'discount_cents', l.discount_cents)
               ORDER BY l.id), '[]')
          FROM checkout_line l
          JOIN ticket_type t ON t.organization_id = l.organization_id AND t.id = l.ticket_type_id
         WHERE l.organization_id = c.organization_id AND l.checkout_id = c.id) AS lines,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('rate_bp', f.vat_rate_bp, 'cents', f.total_cents,
                 'vat_cents', f.vat_cents) ORDER BY f.name, f.id), '[]')
          FROM checkout_fee f
         WHERE c.fees_cents <> 0 AND f.organization_id = c.organization_id AND f.checkout_id = c.id) AS fees,
       (SELECT max(h.expires_at) FROM hold h
         WHERE h.organization_id = c.organization_id AND h.checkout_id = c.id) AS last_expires_at,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(a.code, a.till_id, a.id)), '[]')
          FROM account a
         WHERE a.organization_id = c.organization_id AND a.currency = c.currency
           AND (a.till_id IS NULL OR a.till_id = d.till_id)) AS accounts
  FROM ({state}) AS s
  JOIN checkout c ON c.id = %(checkout_id)s
  JOIN organization g ON g.id = c.organization_id
  JOIN event e ON e.organization_id = c.organization_id AND e.id = c.event_id
  JOIN venue v ON v.organization_id = e.organization_id AND v.id = e.venue_id
  LEFT JOIN drawer d ON true
  LEFT JOIN customer u ON u.organization_id = c.organization_id AND u.id = c.customer_id
