-- Takes bodies from one pool if it has them (I1) and if every line is sold as it was priced, now, by the database's
-- clock (I5). The rows that everybody wants: sent last. Each line is looked up by its key: a join would read, and judge,
-- all types of the organization for each sale.
UPDATE pool p SET taken = p.taken + %(bodies)s::integer, updated_at = now()
 WHERE p.organization_id = %(organization_id)s AND p.id = %(pool_id)s AND (%(always)s OR p.taken + %(bodies)s::integer <= p.capacity)
   AND jsonb_array_length(%(lines)s::jsonb) = (
     SELECT count(*)
       FROM jsonb_to_recordset(%(lines)s::jsonb) AS x(type_id uuid, price_cents bigint, least integer)
      WHERE (
        SELECT true
          FROM ticket_type t
          JOIN event e ON e.organization_id = t.organization_id AND e.id = t.event_id
         WHERE t.organization_id = p.organization_id AND t.id = x.type_id
           AND t.price_cents = x.price_cents AND t.per_checkout_max >= x.least
           AND e.on_sale AND e.archived_at IS NULL AND t.archived_at IS NULL
           AND (t.sales_from IS NULL OR t.sales_from <= clock_timestamp())
           AND (t.sales_until IS NULL OR t.sales_until > clock_timestamp())
           AND clock_timestamp() < (
             SELECT max(d.ends_at)
               FROM type_pool y
               JOIN pool z ON z.organization_id = y.organization_id AND z.id = y.pool_id
               JOIN day d ON d.organization_id = z.organization_id AND d.id = z.day_id
              WHERE y.organization_id = t.organization_id AND y.ticket_type_id = t.id)))
RETURNING p.id
