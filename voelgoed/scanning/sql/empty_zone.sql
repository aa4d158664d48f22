-- Closes what is open in zones that were emptied, and says what the minute counters lose by it. Left out are tickets
-- that have a later fact, are inside elsewhere too, or have let in or out bodies that no admission explains: these few
-- are folded again one by one.
WITH loose AS (
  SELECT c.ticket_id FROM conflict c JOIN scan s ON s.organization_id = c.organization_id AND s.id = c.scan_id
   WHERE c.event_id = :event_id AND s.day_id = :day_id AND NOT c.dissolved
  UNION
  SELECT s.ticket_id FROM override o JOIN scan s ON s.organization_id = o.organization_id AND s.id = o.scan_id
   WHERE s.event_id = :event_id AND s.day_id = :day_id
  UNION
  SELECT s.ticket_id FROM scan s
   WHERE s.event_id = :event_id AND s.day_id = :day_id AND s.direction = 'out' AND s.ticket_id IS NOT NULL
     AND s.verdict IN ('admitted', 'offline_admitted', 'exited', 'not_inside')
     AND NOT EXISTS (SELECT FROM admission a WHERE a.ticket_id = s.ticket_id AND a.closing_scan_id = s.id)
), open AS (
  SELECT a.* FROM admission a
   WHERE a.day_id = :day_id AND a.closed_at IS NULL AND a.zone_id = ANY (cast(:zones AS uuid[]))
     AND a.ticket_id NOT IN (SELECT ticket_id FROM loose)
     AND NOT EXISTS (SELECT FROM scan s WHERE s.ticket_id = a.ticket_id AND s.effective_at >= :at
                        AND s.verdict IN ('admitted', 'offline_admitted', 'exited', 'not_inside'))
     AND NOT EXISTS (SELECT FROM admission b
                      WHERE b.ticket_id = a.ticket_id AND b.closed_at IS NULL
                        AND (b.day_id <> :day_id OR b.zone_id <> ALL (cast(:zones AS uuid[]))))
), closed AS (
  UPDATE admission a
     SET closed_at = :at, cause = 'emptied', closing_gate_id = a.gate_id, updated_at = now()
    FROM open WHERE a.organization_id = open.organization_id AND a.id = open.id AND a.closed_at IS NULL
  RETURNING a.event_id, a.ticket_id, a.gate_id, a.zone_id, a.opened_at, a.device_id, a.pass_number
), placed AS (
  -- Of one ticket the last that the fold closes is the last of its zone, and of the day.
  SELECT event_id, gate_id, zone_id,
         row_number() OVER (PARTITION BY ticket_id, zone_id ORDER BY opened_at DESC, device_id DESC, pass_number DESC)
           = 1 AS last_of_zone,
         row_number() OVER (PARTITION BY ticket_id ORDER BY opened_at DESC, device_id DESC, pass_number DESC)
           = 1 AS last_of_day
    FROM closed
), counted AS (
  SELECT event_id, gate_id, zone_id, count(*) AS bodies, count(*) FILTER (WHERE last_of_zone) AS tickets,
         count(*) FILTER (WHERE last_of_day) AS holders
    FROM placed GROUP BY event_id, gate_id, zone_id
)
SELECT (SELECT coalesce(jsonb_agg(to_jsonb(counted)), '[]') FROM counted) AS counted,
       (SELECT coalesce(jsonb_agg(DISTINCT one.ticket_id), '[]') FROM (
          SELECT ticket_id FROM loose
          UNION
          SELECT a.ticket_id FROM admission a
           WHERE a.day_id = :day_id AND a.closed_at IS NULL AND a.zone_id = ANY (cast(:zones AS uuid[]))
             AND a.id NOT IN (SELECT id FROM open)
        ) AS one) AS left_over
