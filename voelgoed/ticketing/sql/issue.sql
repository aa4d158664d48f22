-- Tickets and their passes in one statement for any number, so that the trail is written once for each class.
WITH made AS (
  INSERT INTO ticket (organization_id, id, event_id, ticket_type_id, checkout_line_id, signing_key_id, number, serial,
                      code_version, bodies, days_mask, issued_minute, holder, created_at, updated_at)
  SELECT %(organization_id)s, x.id, %(event_id)s, x.ticket_type_id, x.checkout_line_id, %(key_id)s, x.number, x.serial,
         1, x.bodies, x.days_mask, %(minute)s, x.holder, %(at)s, %(at)s
  FROM jsonb_to_recordset(%(tickets)s::jsonb) AS x(
    id uuid, ticket_type_id uuid, checkout_line_id uuid, number integer, serial text, bodies smallint,
    days_mask integer, holder text)
  ORDER BY x.number
), passes AS (
  INSERT INTO pass (organization_id, id, ticket_id, number, created_at)
  SELECT %(organization_id)s, x.id, x.ticket_id, x.number, %(at)s
  FROM jsonb_to_recordset(%(passes)s::jsonb) AS x(id uuid, ticket_id uuid, number smallint)
)
SELECT set_config('app.context', %(context)s, true)
