-- The tickets of an event that something was written about in or after a transaction, each as it stands; and where to
-- read on: transactions commit out of order, so the oldest one that is still open is the next beginning.
WITH about AS (
  SELECT t.id FROM ticket t WHERE t.event_id = :event_id AND t.written_in >= :since
  UNION
  SELECT s.ticket_id FROM scan s
   WHERE s.event_id = :event_id AND s.written_in >= :since AND s.ticket_id IS NOT NULL AND :since > 0
  UNION
  SELECT v.ticket_id FROM ticket_void v WHERE v.written_in >= :since AND :since > 0
  UNION
  SELECT b.ticket_id FROM ticket_block b WHERE b.event_id = :event_id AND b.written_in >= :since AND :since > 0
  UNION
  SELECT a.ticket_id FROM zone_emptied z JOIN admission a ON a.organization_id = z.organization_id AND a.day_id = z.day_id
   WHERE z.event_id = :event_id AND z.written_in >= :since AND :since > 0
  UNION
  SELECT r.ticket_id FROM reissue r WHERE r.written_in >= :since AND :since > 0
  UNION
  SELECT s.ticket_id FROM undo u JOIN scan s ON s.organization_id = u.organization_id AND s.id = u.scan_id
   WHERE u.written_in >= :since AND :since > 0
  UNION
  SELECT s.ticket_id FROM override o JOIN scan s ON s.organization_id = o.organization_id AND s.id = o.scan_id
   WHERE o.written_in >= :since AND :since > 0
  UNION
  SELECT a.ticket_id FROM day_end e JOIN admission a ON a.organization_id = e.organization_id AND a.day_id = e.day_id
   WHERE e.written_in >= :since AND :since > 0
)
-- Of each ticket the bytes that are hashed, and the six at the end of its record, as the bundle has them.
SELECT uuid_send(t.id) AS id, convert_to(replace(t.serial, '-', ''), 'UTF8') AS serial,
       int8send((t.code_version::bigint << 40) | (y.number::bigint << 32) | (t.days_mask::bigint << 16)
         | (t.bodies::bigint << 8)
         | CASE WHEN EXISTS (SELECT FROM ticket_void v WHERE v.ticket_id = t.id) THEN 1 ELSE 0 END
         | CASE WHEN EXISTS (SELECT FROM ticket_block b WHERE b.ticket_id = t.id AND b.lifted_at IS NULL) THEN 2 ELSE 0 END
       ) AS state,
       (SELECT jsonb_agg(jsonb_build_array(
                 a.pass_number, CASE WHEN a.closed_at IS NULL THEN a.zone_id END, round(extract(epoch FROM a.opened_at)),
                 a.entry_number, a.closed_at IS NOT NULL AND EXISTS (
                   SELECT FROM zone_emptied z WHERE z.day_id = a.day_id AND a.opened_at <= z.effective_at
                      AND jsonb_exists(z.zones, a.zone_id::text))) ORDER BY a.pass_number)
          FROM (SELECT DISTINCT ON (pass_number) * FROM admission WHERE ticket_id = t.id
                 ORDER BY pass_number, entry_number DESC, move_number DESC) AS a) AS stays
FROM about JOIN ticket t ON t.id = about.id AND t.event_id = :event_id
JOIN ticket_type y ON y.organization_id = t.organization_id AND y.id = t.ticket_type_id
