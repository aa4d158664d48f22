-- How a checkout stands: its one outcome, its one open hold (I4), its last attempt at paying and how that ended.
SELECT o.kind AS outcome, h.id AS hold_id, h.expires_at, h.expires_at <= clock_timestamp() AS past,
       a.number AS attempt, a.run_id, w.kind AS ended,
       EXISTS (SELECT FROM named_hold n WHERE n.organization_id = c.organization_id AND n.checkout_id = c.id
                AND n.house) AS house
  FROM checkout c
  LEFT JOIN checkout_outcome o ON o.organization_id = c.organization_id AND o.checkout_id = c.id
  LEFT JOIN hold h ON h.organization_id = c.organization_id AND h.checkout_id = c.id
   AND NOT EXISTS (SELECT FROM hold_end e WHERE e.organization_id = h.organization_id AND e.hold_id = h.id)
  LEFT JOIN LATERAL (SELECT t.number, t.run_id FROM checkout_attempt t
                      WHERE t.organization_id = c.organization_id AND t.checkout_id = c.id
                      ORDER BY t.number DESC LIMIT 1) AS a ON true
  LEFT JOIN workflow_outcome w ON w.organization_id = c.organization_id AND w.run_id = a.run_id
 WHERE c.id = %(checkout_id)s
