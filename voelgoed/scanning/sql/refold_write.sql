-- Writes what tickets have become, once their differing admissions are gone: admissions, and one conflict per surplus
-- scan, whose evidence follows the record for as long as it is one.
WITH opened AS (
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
)
INSERT INTO conflict AS c (organization_id, id, event_id, scan_id, ticket_id, kind, evidence, dissolved, created_at,
                           updated_at)
SELECT :organization_id, x.id, x.event_id, x.scan_id, x.ticket_id, x.kind, x.evidence, x.dissolved, now(), now()
FROM jsonb_to_recordset(cast(:conflicts AS jsonb)) AS x(
  id uuid, event_id uuid, scan_id uuid, ticket_id uuid, kind text, evidence jsonb, dissolved boolean)
ORDER BY x.scan_id
ON CONFLICT (organization_id, scan_id) DO UPDATE
  SET dissolved = excluded.dissolved, evidence = excluded.evidence, updated_at = now()
