-- All that is told of a checkout, in one statement: how it stands, what it is made of, its tickets and what signs them.
SELECT c.id, c.event_id, c.currency, c.total_cents, c.number, g.cash_rounding_cents AS cash_step, s.*,
       (SELECT max(h.expires_at) FROM hold h
         WHERE h.organization_id = c.organization_id AND h.checkout_id = c.id) AS hold_expires_at,
       (SELECT coalesce(sum(p.change_cents), 0)::bigint FROM payment p
         WHERE p.organization_id = c.organization_id AND p.checkout_id = c.id) AS change_cents,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('ticket_type_id', l.ticket_type_id, 'name', t.name,
                 'quantity', l.quantity, 'unit_cents', l.unit_cents, 'discount_cents', l.discount_cents,
                 'total_cents', l.total_cents, 'vat_cents', l.vat_cents) ORDER BY t.number), '[]')
          FROM checkout_line l
          JOIN ticket_type t ON t.organization_id = l.organization_id AND t.id = l.ticket_type_id
         WHERE l.organization_id = c.organization_id AND l.checkout_id = c.id) AS lines,
       (SELECT coalesce(jsonb_agg(to_jsonb(f) - 'fee_id' ORDER BY f.name, f.fee_id), '[]')
          FROM (SELECT b.fee_id, b.name, sum(b.quantity) AS quantity, min(b.unit_cents) AS unit_cents,
                       sum(b.total_cents) AS total_cents, min(b.vat_rate_bp) AS vat_rate_bp,
                       sum(b.vat_cents) AS vat_cents
                  FROM checkout_fee b
                 WHERE c.fees_cents <> 0 AND b.organization_id = c.organization_id AND b.checkout_id = c.id
                 GROUP BY b.fee_id, b.name) AS f) AS fees,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'serial', k.serial, 'code_version', k.code_version,
                 'days_mask', k.days_mask, 'bodies', k.bodies, 'issued_minute', k.issued_minute, 'type', t.number,
                 'key_id', k.signing_key_id, 'key', y.number, 'void', v.id IS NOT NULL) ORDER BY k.number), '[]')
          FROM checkout_line l
          JOIN ticket k ON k.organization_id = l.organization_id AND k.checkout_line_id = l.id
          JOIN ticket_type t ON t.organization_id = k.organization_id AND t.id = k.ticket_type_id
          JOIN signing_key y ON y.organization_id = k.organization_id AND y.id = k.signing_key_id
          LEFT JOIN ticket_void v ON v.organization_id = k.organization_id AND v.ticket_id = k.id
         WHERE l.organization_id = c.organization_id AND l.checkout_id = c.id) AS tickets,
       (SELECT coalesce(jsonb_object_agg(y.id, encode(y.private_key_sealed, 'hex')), '{}') FROM signing_key y
         WHERE y.organization_id = c.organization_id AND y.event_id = c.event_id) AS keys
  FROM ({state}) AS s
  JOIN checkout c ON c.id = %(checkout_id)s
  JOIN organization g ON g.id = c.organization_id
