WITH counted AS (
  SELECT organization_id, day_id, zone_id,
         sum(bodies * CASE WHEN direction IN ('in', 'moved_in') THEN 1
                           WHEN direction IN ('out', 'moved_out', 'ended') THEN -1 ELSE 0 END) AS bodies,
         sum(tickets * CASE WHEN direction IN ('in', 'moved_in') THEN 1
                            WHEN direction IN ('out', 'moved_out', 'ended') THEN -1 ELSE 0 END) AS tickets
    FROM minute_count GROUP BY 1, 2, 3
), recounted AS (
  SELECT organization_id, day_id, zone_id, count(*) AS bodies, count(DISTINCT ticket_id) AS tickets
    FROM admission WHERE closed_at IS NULL GROUP BY 1, 2, 3
), whole AS (
  SELECT organization_id, day_id,
         sum(holders * CASE WHEN direction IN ('in', 'moved_in') THEN 1
                            WHEN direction IN ('out', 'moved_out', 'ended') THEN -1 ELSE 0 END) AS holders
    FROM minute_count GROUP BY 1, 2
), present AS (
  SELECT organization_id, day_id, count(DISTINCT ticket_id) AS holders
    FROM admission WHERE closed_at IS NULL GROUP BY 1, 2
)
SELECT (SELECT count(*) FROM counted c FULL JOIN recounted r USING (organization_id, day_id, zone_id)
         WHERE coalesce(c.bodies, 0) <> coalesce(r.bodies, 0) OR coalesce(c.tickets, 0) <> coalesce(r.tickets, 0))
     + (SELECT count(*) FROM whole w FULL JOIN present p USING (organization_id, day_id)
         WHERE coalesce(w.holders, 0) <> coalesce(p.holders, 0))
