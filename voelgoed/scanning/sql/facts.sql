-- The tickets scanned last, each with its facts and with the rows that they have become. Moments are seconds since 1970.
WITH seen AS (
  SELECT s.organization_id, s.ticket_id FROM scan s WHERE s.ticket_id IS NOT NULL
   GROUP BY 1, 2 ORDER BY max(s.effective_at) DESC LIMIT :most
)
SELECT t.id, jsonb_build_object(
      'id', t.id, 'bodies', t.bodies, 'reentry', y.reentry,
      'entries', y.reentry_entries, 'group_min', y.group_min,
      'until', CASE WHEN y.reentry = 'until' THEN (
          SELECT jsonb_object_agg(d.id, extract(epoch FROM (
            d.date + y.reentry_until::time + CASE WHEN (d.date + y.reentry_until::time) AT TIME ZONE w.timezone < d.doors_at
            THEN interval '1 day' ELSE interval '0' END) AT TIME ZONE w.timezone))
            FROM day d JOIN event e ON e.organization_id = d.organization_id AND e.id = d.event_id
            JOIN venue w ON w.organization_id = e.organization_id AND w.id = e.venue_id
           WHERE d.organization_id = t.organization_id AND d.event_id = t.event_id) END,
      'blocks', (SELECT jsonb_agg(jsonb_build_array(extract(epoch FROM b.blocked_at), extract(epoch FROM b.lifted_at)))
                   FROM ticket_block b WHERE b.organization_id = t.organization_id AND b.ticket_id = t.id),
      'void', extract(epoch FROM v.created_at)) AS rule,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', s.id, 'device_id', s.device_id, 'sequence', s.sequence, 'day_id', s.day_id, 'kind', s.direction,
      'at', extract(epoch FROM s.effective_at), 'bodies', greatest(s.taken, 1), 'override', o.id,
      'let_in_at', extract(epoch FROM o.effective_at), 'let_in', o.bodies, 'undone', u.id IS NOT NULL,
      'counts', s.verdict IN ('admitted', 'offline_admitted', 'exited', 'not_inside'),
      'gate_id', g.id, 'from_id', g.from_id, 'into_id', g.into_id)), '[]')
     FROM scan s JOIN gate g ON g.organization_id = s.organization_id AND g.id = s.gate_id
     LEFT JOIN override o ON o.organization_id = s.organization_id AND o.scan_id = s.id
     LEFT JOIN undo u ON u.organization_id = s.organization_id AND u.scan_id = s.id
    WHERE s.organization_id = t.organization_id AND s.ticket_id = t.id AND s.day_id IS NOT NULL) AS scans,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', e.id, 'day_id', e.day_id, 'at', extract(epoch FROM e.effective_at), 'zones', e.zones)), '[]')
     FROM (SELECT id, organization_id, day_id, effective_at, null AS zones FROM day_end
           UNION ALL SELECT id, organization_id, day_id, effective_at, zones FROM zone_emptied) e
    WHERE e.organization_id = t.organization_id AND e.day_id IN
          (SELECT s.day_id FROM scan s WHERE s.organization_id = t.organization_id AND s.ticket_id = t.id)) AS ends,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', a.id, 'scan_id', a.scan_id, 'device_id', a.device_id, 'day_id', a.day_id, 'gate_id', a.gate_id,
      'zone_id', a.zone_id, 'pass_number', a.pass_number, 'entry_number', a.entry_number,
      'move_number', a.move_number, 'opened', extract(epoch FROM a.opened_at),
      'closed', extract(epoch FROM a.closed_at), 'cause', a.cause)), '[]')
     FROM admission a WHERE a.organization_id = t.organization_id AND a.ticket_id = t.id) AS stays,
  (SELECT coalesce(jsonb_agg(c.scan_id), '[]') FROM conflict c
    WHERE c.organization_id = t.organization_id AND c.ticket_id = t.id AND NOT c.dissolved) AS conflicts
FROM seen JOIN ticket t ON t.organization_id = seen.organization_id AND t.id = seen.ticket_id
JOIN ticket_type y ON y.organization_id = t.organization_id AND y.id = t.ticket_type_id
LEFT JOIN ticket_void v ON v.organization_id = t.organization_id AND v.ticket_id = t.id
