-- Tickets and their passes in one statement for any number, so that the trail is written once for each class.
WITH made AS (
  INSERT INTO ticket (organization_id, id, event_id, ticket_type_id, checkout_line_id, signing_key_id, number, serial,
                      code_version, bodies, days_mask, issued_minute, holder, created_at, updated_at)
  SELECT :organization_id, x.id, :event_id, x.ticket_type_id, x.checkout_line_id, :key_id, x.number, x.serial,
         1, x.bodies, x.days_mask, :minute, x.holder, :at, :at
  FROM jsonb_to_recordset(cast(:tickets AS jsonb)) AS x(
    id uuid, ticket_type_id uuid, checkout_line_id uuid, number integer, serial text, bodies smallint,
    days_mask integer, holder text)
  ORDER BY x.number
)
INSERT INTO pass (organization_id, id, ticket_id, number, created_at)
SELECT :organization_id, x.id, x.ticket_id, x.number, :at
FROM jsonb_to_recordset(cast(:passes AS jsonb)) AS x(id uuid, ticket_id uuid, number smallint)
