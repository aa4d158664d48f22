-- The trail's one writer. Statement-level, with transition tables, so that every path is caught:
-- unit of work, bulk statement, Core, raw SQL, cascade, psql. It records, and never refuses.
-- Arguments: mode (full_diff | minimal), excluded columns, redacted columns, tenant column, actor column.
-- The actor column speaks where one transaction carries the deeds of many devices.
CREATE OR REPLACE FUNCTION audit_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mode CONSTANT text := TG_ARGV[0];
  excluded CONSTANT text[] := string_to_array(TG_ARGV[1], ',');
  redacted CONSTANT text[] := string_to_array(TG_ARGV[2], ',');
  tenant CONSTANT text := TG_ARGV[3];
  actor_column CONSTANT text := NULLIF(TG_ARGV[4], '');
  said CONSTANT jsonb := NULLIF(current_setting('app.context', true), '')::jsonb;
  -- Taken apart once a statement, not once a row.
  by_row CONSTANT boolean := actor_column IS NOT NULL AND coalesce(said->>'kind' = 'device', false);
  kind CONSTANT text := coalesce(said->>'kind', 'database');
  actor CONSTANT uuid := (said->>'id')::uuid;
  label CONSTANT text := coalesce(said->>'label', session_user::text);
  request CONSTANT text := said->>'request';
  job CONSTANT text := said->>'job';
  run CONSTANT text := said->>'run';
  step CONSTANT text := said->>'step';
  reason CONSTANT text := said->>'reason';
  transaction CONSTANT bigint := pg_current_xact_id()::text::bigint;
BEGIN
  -- What differs is {"field": [old, new]}; `minimal` names the fields only; redacted values are masked. It stands in
  -- each statement: as a function of its own it took longer than all else together. OFFSET 0 keeps a row's jsonb from
  -- being made again for each of its fields.
  IF TG_OP = 'INSERT' THEN
    INSERT INTO audit_entry (organization_id, id, created_at, action, object, object_id, changes, actor_kind,
                             actor_id, actor_label, request, job, run, step, reason, transaction)
    SELECT audit_tenant(fresh, tenant), audit_id(), clock_timestamp(), 'created', TG_TABLE_NAME, (fresh->>'id')::uuid,
           (SELECT coalesce(jsonb_object_agg(field, CASE WHEN mode = 'minimal' THEN '[]'::jsonb
                        WHEN field = ANY (redacted) THEN '[null, "•••"]'::jsonb
                        ELSE jsonb_build_array(NULL, value) END), '{}')
              FROM jsonb_each(fresh) AS n(field, value) WHERE value <> 'null' AND field <> ALL (excluded)),
           kind, CASE WHEN by_row THEN (fresh->>actor_column)::uuid ELSE actor END, label, request, job,
           run, step, reason, transaction
    FROM (SELECT to_jsonb(n) AS fresh FROM new_rows n OFFSET 0) AS made;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO audit_entry (organization_id, id, created_at, action, object, object_id, changes, actor_kind,
                             actor_id, actor_label, request, job, run, step, reason, transaction)
    SELECT audit_tenant(stale, tenant), audit_id(), clock_timestamp(), 'deleted', TG_TABLE_NAME, (stale->>'id')::uuid,
           (SELECT coalesce(jsonb_object_agg(field, CASE WHEN mode = 'minimal' THEN '[]'::jsonb
                        WHEN field = ANY (redacted) THEN '["•••", null]'::jsonb
                        ELSE jsonb_build_array(value, NULL) END), '{}')
              FROM jsonb_each(stale) AS n(field, value) WHERE value <> 'null' AND field <> ALL (excluded)),
           kind, CASE WHEN by_row THEN (stale->>actor_column)::uuid ELSE actor END, label, request, job,
           run, step, reason, transaction
    FROM (SELECT to_jsonb(o) AS stale FROM old_rows o OFFSET 0) AS gone;
  ELSE
    INSERT INTO audit_entry (organization_id, id, created_at, action, object, object_id, changes, actor_kind,
                             actor_id, actor_label, request, job, run, step, reason, transaction)
    SELECT audit_tenant(fresh, tenant), audit_id(), clock_timestamp(), 'changed', TG_TABLE_NAME, (fresh->>'id')::uuid,
           diff, kind, CASE WHEN by_row THEN (fresh->>actor_column)::uuid ELSE actor END, label, request, job,
           run, step, reason, transaction
    FROM (SELECT to_jsonb(o) AS stale FROM old_rows o OFFSET 0) AS was
    JOIN (SELECT to_jsonb(n) AS fresh FROM new_rows n OFFSET 0) AS became
      ON stale->>'id' = fresh->>'id' AND stale->>tenant IS NOT DISTINCT FROM fresh->>tenant
    CROSS JOIN LATERAL (
      SELECT jsonb_object_agg(field, CASE
               WHEN mode = 'minimal' THEN '[]'::jsonb
               WHEN field = ANY (redacted) THEN jsonb_build_array(
                 CASE WHEN stale->field <> 'null' THEN '•••' END, CASE WHEN value <> 'null' THEN '•••' END)
               ELSE jsonb_build_array(NULLIF(stale->field, 'null'), NULLIF(value, 'null')) END) AS diff
        FROM jsonb_each(fresh) AS n(field, value)
       WHERE value IS DISTINCT FROM stale->field AND field <> ALL (excluded)) AS compared
    WHERE diff IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;

-- The organization of a row; rows that all tenants share are recorded under the platform.
CREATE OR REPLACE FUNCTION audit_tenant(line jsonb, tenant text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce((line->>NULLIF(tenant, ''))::uuid, '00000000-0000-0000-0000-000000000000'::uuid)
$$;

-- A UUID of version 7, so that the trail's index grows at its end (PostgreSQL 15 has no uuidv7()).
CREATE OR REPLACE FUNCTION audit_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
          || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid
$$;
