-- Tickets with all their facts and with the rows that these have become so far. Moments are seconds since 1970.
SELECT t.id, t.event_id, jsonb_build_object(
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
      'void', (SELECT extract(epoch FROM v.created_at) FROM ticket_void v WHERE v.ticket_id = t.id)) AS rule,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', s.id, 'device_id', s.device_id, 'sequence', s.sequence, 'day_id', s.day_id, 'kind', s.direction,
      'at', extract(epoch FROM s.effective_at), 'bodies', greatest(s.taken, 1),
      'counts', s.verdict IN ('admitted', 'offline_admitted', 'exited', 'not_inside'),
      'override', o.id, 'let_in_at', extract(epoch FROM o.effective_at), 'let_in', o.bodies, 'undo', u.id,
      'gate_id', g.id, 'from_id', g.from_id, 'into_id', g.into_id)), '[]')
     FROM scan s JOIN gate g ON g.organization_id = s.organization_id AND g.id = s.gate_id
     LEFT JOIN override o ON o.organization_id = s.organization_id AND o.scan_id = s.id
     LEFT JOIN undo u ON u.organization_id = s.organization_id AND u.scan_id = s.id
    WHERE s.ticket_id = t.id AND s.day_id IS NOT NULL) AS scans,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', e.id, 'day_id', e.day_id, 'at', extract(epoch FROM e.effective_at), 'zones', e.zones)), '[]')
     FROM (SELECT id, organization_id, day_id, effective_at, null AS zones FROM day_end
           UNION ALL SELECT id, organization_id, day_id, effective_at, zones FROM zone_emptied) e
    WHERE e.day_id IN (SELECT s.day_id FROM scan s WHERE s.ticket_id = t.id)) AS ends,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', a.id, 'scan_id', a.scan_id, 'device_id', a.device_id, 'day_id', a.day_id, 'gate_id', a.gate_id,
      'zone_id', a.zone_id, 'pass_number', a.pass_number, 'entry_number', a.entry_number,
      'move_number', a.move_number, 'opened', extract(epoch FROM a.opened_at),
      'closed', extract(epoch FROM a.closed_at), 'cause', a.cause, 'closing_gate_id', a.closing_gate_id,
      'closing_scan_id', a.closing_scan_id)), '[]')
     FROM admission a WHERE a.ticket_id = t.id) AS stays,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'scan_id', c.scan_id, 'kind', c.kind, 'evidence', c.evidence, 'dissolved', c.dissolved)), '[]')
     FROM conflict c WHERE c.ticket_id = t.id) AS conflicts
FROM ticket t JOIN ticket_type y ON y.organization_id = t.organization_id AND y.id = t.ticket_type_id
WHERE t.id = ANY (cast(:ticket_ids AS uuid[]))
ORDER BY t.id
