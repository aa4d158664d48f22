-- One read for a list of scans: who asks, what was answered before, and the tickets as they stand.
-- Row level security keeps it inside the organization. Moments are seconds since 1970.
WITH asked AS (
  SELECT * FROM jsonb_to_recordset(cast(:asked AS jsonb))
    AS x(token text, sequence bigint, gate_id uuid, event_id uuid)
), phones AS (
  SELECT d.* FROM device d
   WHERE d.token_hash IN (SELECT decode(token, 'hex') FROM asked)
     AND EXISTS (SELECT FROM organization o WHERE o.id = d.organization_id AND o.suspended_at IS NULL)
), left_behind AS (
  -- Where a phone stood when it made a scan that comes only now.
  SELECT m.device_id, m.event_id, m.gate_id FROM device_move m
   WHERE m.device_id IN (SELECT id FROM phones) AND m.event_id IN (SELECT event_id FROM asked)
), stands AS (
  SELECT event_id FROM phones UNION SELECT event_id FROM left_behind
), places AS (
  SELECT gate_id FROM phones UNION SELECT gate_id FROM asked WHERE gate_id IS NOT NULL
  UNION SELECT gate_id FROM left_behind
), wanted AS (
  SELECT t.* FROM ticket t WHERE t.id = ANY (cast(:ticket_ids AS uuid[]))
  UNION ALL
  SELECT t.* FROM ticket t WHERE t.serial = ANY (cast(:serials AS text[])) AND t.id <> ALL (cast(:ticket_ids AS uuid[]))
), same AS (
  -- Two ways by index: put together with OR, or as a set, they read every scan there is.
  SELECT s.* FROM scan s WHERE s.id = ANY (cast(:scan_ids AS uuid[]))
  UNION ALL
  SELECT s.* FROM asked a JOIN phones d ON d.token_hash = decode(a.token, 'hex'),
       LATERAL (SELECT * FROM scan s WHERE s.device_id = d.id AND s.sequence = a.sequence LIMIT 1) AS s
   WHERE s.id <> ALL (cast(:scan_ids AS uuid[]))
)
SELECT jsonb_build_object(
  'now', extract(epoch FROM clock_timestamp()),
  'devices', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', d.id, 'token', encode(d.token_hash, 'hex'), 'event_id', d.event_id, 'gate_id', d.gate_id,
      'name', d.name, 'paired', extract(epoch FROM d.created_at), 'retired', d.retired_at IS NOT NULL,
      'lost', d.lost_at IS NOT NULL,
      'stood', (SELECT jsonb_object_agg(b.event_id, b.gate_id) FROM left_behind b WHERE b.device_id = d.id))), '[]')
      FROM phones d),
  'gates', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', g.id, 'name', g.name, 'venue_id', g.venue_id, 'from_id', g.from_id, 'into_id', g.into_id)), '[]')
      FROM gate g WHERE g.id IN (SELECT gate_id FROM places)),
  'events', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'venue_id', e.venue_id, 'timezone', w.timezone)), '[]')
      FROM event e JOIN venue w ON w.organization_id = e.organization_id AND w.id = e.venue_id
      WHERE e.id IN (SELECT event_id FROM stands)),
  'zones', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', z.id, 'parent_id', z.parent_id, 'name', z.name, 'capacity', z.capacity)), '[]')
      FROM zone z WHERE z.venue_id IN (SELECT g.venue_id FROM gate g WHERE g.id IN (SELECT gate_id FROM places))),
  'days', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', d.id, 'event_id', d.event_id, 'number', d.number, 'date', d.date, 'doors', extract(epoch FROM d.doors_at),
      'starts', extract(epoch FROM d.starts_at), 'ends', extract(epoch FROM d.ends_at),
      'ended', (SELECT extract(epoch FROM e.effective_at) FROM day_end e WHERE e.day_id = d.id))), '[]')
      FROM day d WHERE d.event_id IN (SELECT event_id FROM stands)),
  'stops', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'event_id', e.event_id, 'zone_id', e.zone_id, 'resumed', e.resumed_at IS NOT NULL)), '[]')
      FROM entry_stop e WHERE e.event_id IN (SELECT event_id FROM stands)),
  'emptied', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'day_id', z.day_id, 'zones', z.zones, 'at', extract(epoch FROM z.effective_at))), '[]')
      FROM zone_emptied z WHERE z.event_id IN (SELECT event_id FROM stands)),
  'repeats', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', s.id, 'device_id', s.device_id, 'sequence', s.sequence, 'body_hash', s.body_hash,
      'verdict', s.verdict, 'answer', s.answer, 'tier', s.tier)), '[]')
      FROM same s),
  'tickets', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', t.id, 'serial', t.serial, 'event_id', t.event_id, 'type', y.name, 'reentry', y.reentry,
      'bodies', t.bodies,
      'entries', y.reentry_entries, 'group_min', y.group_min,
      'valid_from', y.valid_from, 'valid_until', y.valid_until,
      'until', CASE WHEN y.reentry = 'until' THEN (
          SELECT jsonb_object_agg(d.id, extract(epoch FROM (
            d.date + y.reentry_until::time + CASE WHEN (d.date + y.reentry_until::time) AT TIME ZONE w.timezone < d.doors_at
            THEN interval '1 day' ELSE interval '0' END) AT TIME ZONE w.timezone))
            FROM day d JOIN event e ON e.organization_id = d.organization_id AND e.id = d.event_id
            JOIN venue w ON w.organization_id = e.organization_id AND w.id = e.venue_id
           WHERE d.organization_id = t.organization_id AND d.event_id = t.event_id) END,
      'blocks', (SELECT jsonb_agg(jsonb_build_array(extract(epoch FROM b.blocked_at), extract(epoch FROM b.lifted_at)))
                   FROM ticket_block b WHERE b.organization_id = t.organization_id AND b.ticket_id = t.id),
      'days_mask', t.days_mask, 'code_version', t.code_version,
      'void', (SELECT extract(epoch FROM v.created_at) FROM ticket_void v WHERE v.ticket_id = t.id),
      'zones', (SELECT jsonb_agg(z.zone_id) FROM type_zone z WHERE z.ticket_type_id = t.ticket_type_id),
      'gates', (SELECT jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name) ORDER BY g.name)
                  FROM type_gate tg JOIN gate g ON g.organization_id = tg.organization_id AND g.id = tg.gate_id
                 WHERE tg.ticket_type_id = t.ticket_type_id),
      'blocked', (SELECT b.reason FROM ticket_block b WHERE b.ticket_id = t.id AND b.lifted_at IS NULL),
      'last', (SELECT extract(epoch FROM max(greatest(o.effective_at, CASE WHEN s.verdict IN
                  ('admitted', 'offline_admitted', 'exited', 'not_inside') THEN s.effective_at END)))
                 FROM scan s LEFT JOIN override o ON o.organization_id = s.organization_id AND o.scan_id = s.id
                WHERE s.ticket_id = t.id),
      'stays', (SELECT jsonb_agg(jsonb_build_object(
          'id', a.id, 'scan_id', a.scan_id, 'device_id', a.device_id, 'day_id', a.day_id, 'gate_id', a.gate_id,
          'gate', g.name, 'zone_id', a.zone_id, 'pass_number', a.pass_number, 'entry_number', a.entry_number,
          'move_number', a.move_number, 'opened', extract(epoch FROM a.opened_at),
          'closed', extract(epoch FROM a.closed_at), 'cause', a.cause) ORDER BY a.opened_at)
          FROM admission a JOIN gate g ON g.organization_id = a.organization_id AND g.id = a.gate_id
         WHERE a.ticket_id = t.id))), '[]')
      FROM wanted t JOIN ticket_type y ON y.organization_id = t.organization_id AND y.id = t.ticket_type_id)
) AS found
