-- Closes what is open at a day's end, and says what the minute counters lose by it. Left out are tickets that have a
-- fact at or after the end, or are inside on another day too: these few are folded again one by one.
WITH open AS (
  SELECT a.* FROM admission a
   WHERE a.day_id = :day_id AND a.closed_at IS NULL
     AND NOT EXISTS (SELECT FROM scan s WHERE s.ticket_id = a.ticket_id AND s.effective_at >= :at
                        AND s.verdict IN ('admitted', 'offline_admitted', 'exited', 'not_inside'))
     AND NOT EXISTS (SELECT FROM override o JOIN scan s ON s.organization_id = o.organization_id AND s.id = o.scan_id
                      WHERE s.ticket_id = a.ticket_id AND o.effective_at >= :at)
     AND NOT EXISTS (SELECT FROM admission b
                      WHERE b.ticket_id = a.ticket_id AND b.closed_at IS NULL AND b.day_id <> :day_id)
), closed AS (
  UPDATE admission a
     SET closed_at = :at, cause = 'day_end', closing_gate_id = a.gate_id, updated_at = now()
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
)
SELECT event_id, gate_id, zone_id, count(*) AS bodies, count(*) FILTER (WHERE last_of_zone) AS tickets,
       count(*) FILTER (WHERE last_of_day) AS holders
  FROM placed GROUP BY event_id, gate_id, zone_id
