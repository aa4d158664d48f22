-- Writes one conflict per surplus scan; its evidence follows the record for as long as it is one.
INSERT INTO conflict AS c (organization_id, id, event_id, scan_id, ticket_id, kind, evidence, dissolved, created_at,
                           updated_at)
SELECT :organization_id, x.id, x.event_id, x.scan_id, x.ticket_id, x.kind, x.evidence, x.dissolved, now(), now()
FROM jsonb_to_recordset(cast(:conflicts AS jsonb)) AS x(
  id uuid, event_id uuid, scan_id uuid, ticket_id uuid, kind text, evidence jsonb, dissolved boolean)
ORDER BY x.scan_id
ON CONFLICT (organization_id, scan_id) DO UPDATE
  SET dissolved = excluded.dissolved, evidence = excluded.evidence, updated_at = now()
