-- The next numbers of an event's series, and beside them what else a ticket carries: the key that signs now, and each
-- type's days as a mask. The series' row is held from here to the commit.
UPDATE ticket_series SET next = next + %(count)s, updated_at = now()
 WHERE event_id = %(event_id)s
RETURNING prefix, next - %(count)s AS first,
  (SELECT jsonb_build_object('id', k.id, 'number', k.number, 'sealed', encode(k.private_key_sealed, 'hex'))
     FROM signing_key k
    WHERE k.event_id = %(event_id)s AND k.retired_at IS NULL AND k.revoked_at IS NULL) AS key,
  (SELECT coalesce(jsonb_object_agg(m.type_id, m.mask), '{}')
     FROM (SELECT t.ticket_type_id AS type_id, bit_or(1 << d.number) AS mask
             FROM type_pool t
             JOIN pool p ON p.organization_id = t.organization_id AND p.id = t.pool_id
             JOIN day d ON d.organization_id = p.organization_id AND d.id = p.day_id
            WHERE t.ticket_type_id = ANY (cast(%(type_ids)s AS uuid[]))
            GROUP BY t.ticket_type_id) AS m) AS masks
