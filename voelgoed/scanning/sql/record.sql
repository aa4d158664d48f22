-- Writes what was judged in one statement: facts, admissions, closings, counters, sorted by key so that two lists
-- never lock in opposite order. An admission that another list won is left out: the caller compares the counts.
WITH scans AS (
  INSERT INTO scan (organization_id, id, device_id, event_id, gate_id, day_id, ticket_id, sequence, code, body_hash,
                    direction, bodies, taken, verdict, answer, tier, offline, recheck, staff_number, scanned_at,
                    clock_offset_ms, effective_at, batch_id, created_at)
  SELECT :organization_id, x.id, x.device_id, x.event_id, x.gate_id, x.day_id, x.ticket_id, x.sequence, x.code,
         x.body_hash, x.direction, x.bodies, x.taken, x.verdict, x.answer, x.tier, x.offline, x.recheck,
         x.staff_number, x.scanned_at, x.clock_offset_ms, x.effective_at, x.batch_id, clock_timestamp()
  FROM jsonb_to_recordset(cast(:scans AS jsonb)) AS x(
    id uuid, device_id uuid, event_id uuid, gate_id uuid, day_id uuid, ticket_id uuid, sequence bigint, code text,
    body_hash text, direction text, bodies smallint, taken smallint, verdict text, answer jsonb, tier text,
    offline boolean, recheck boolean, staff_number text, scanned_at timestamptz, clock_offset_ms integer,
    effective_at timestamptz, batch_id uuid)
  ORDER BY x.id
  RETURNING 1
), closed AS (
  UPDATE admission a
     SET closed_at = x.closed_at, cause = x.cause, closing_gate_id = x.closing_gate_id,
         closing_scan_id = x.closing_scan_id, updated_at = now()
    FROM jsonb_to_recordset(cast(:closed AS jsonb)) AS x(
      id uuid, closed_at timestamptz, cause text, closing_gate_id uuid, closing_scan_id uuid)
   WHERE a.organization_id = :organization_id AND a.id = x.id AND a.closed_at IS NULL
  RETURNING 1
), opened AS (
  INSERT INTO admission (organization_id, id, ticket_id, scan_id, device_id, event_id, day_id, gate_id, zone_id,
                         pass_number, entry_number, move_number, opened_at, closed_at, cause, closing_gate_id,
                         closing_scan_id, created_at, updated_at)
  SELECT :organization_id, x.id, x.ticket_id, x.scan_id, x.device_id, x.event_id, x.day_id, x.gate_id, x.zone_id,
         x.pass_number, x.entry_number, x.move_number, x.opened_at, x.closed_at, x.cause, x.closing_gate_id,
         x.closing_scan_id, now(), now()
  FROM jsonb_to_recordset(cast(:opened AS jsonb)) AS x(
    id uuid, ticket_id uuid, scan_id uuid, device_id uuid, event_id uuid, day_id uuid, gate_id uuid, zone_id uuid,
    pass_number smallint, entry_number smallint, move_number smallint, opened_at timestamptz, closed_at timestamptz,
    cause text, closing_gate_id uuid, closing_scan_id uuid)
  ORDER BY x.ticket_id, x.pass_number, x.entry_number, x.move_number
  ON CONFLICT DO NOTHING
  RETURNING 1
), counted AS (
  INSERT INTO minute_count AS m (organization_id, id, event_id, day_id, gate_id, zone_id, direction, minute, bodies,
                                 tickets, holders, corrections, created_at, updated_at)
  SELECT :organization_id, x.id, x.event_id, x.day_id, x.gate_id, x.zone_id, x.direction, x.minute, x.bodies,
         x.tickets, x.holders, x.corrections, now(), now()
  FROM jsonb_to_recordset(cast(:counts AS jsonb)) AS x(
    id uuid, event_id uuid, day_id uuid, gate_id uuid, zone_id uuid, direction text, minute timestamptz,
    bodies integer, tickets integer, holders integer, corrections integer)
  ORDER BY x.day_id, x.gate_id, x.zone_id, x.direction, x.minute
  ON CONFLICT (organization_id, day_id, gate_id, zone_id, direction, minute) DO UPDATE
    SET bodies = m.bodies + excluded.bodies, tickets = m.tickets + excluded.tickets,
        holders = m.holders + excluded.holders, corrections = m.corrections + excluded.corrections,
        updated_at = now()
  RETURNING 1
)
SELECT (SELECT count(*) FROM scans) AS scans, (SELECT count(*) FROM closed) AS closed,
       (SELECT count(*) FROM opened) AS opened, (SELECT count(*) FROM counted) AS counted
