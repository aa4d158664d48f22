-- The trail's one writer. Statement-level, with transition tables, so that every path is caught:
-- unit of work, bulk statement, Core, raw SQL, cascade, psql. It records, and never refuses.
-- Arguments: mode (full_diff | minimal), excluded columns, redacted columns, tenant column, actor column.
-- The actor column speaks where one transaction carries the deeds of many devices.
CREATE OR REPLACE FUNCTION audit_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mode text := TG_ARGV[0];
  excluded text[] := string_to_array(TG_ARGV[1], ',');
  redacted text[] := string_to_array(TG_ARGV[2], ',');
  tenant text := TG_ARGV[3];
  actor_column text := NULLIF(TG_ARGV[4], '');
  said jsonb := NULLIF(current_setting('app.context', true), '')::jsonb;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO audit_entry (organization_id, id, created_at, action, object, object_id, changes, actor_kind,
                             actor_id, actor_label, request, job, run, step, reason, transaction)
    SELECT audit_tenant(fresh, tenant), audit_id(), clock_timestamp(), 'created', TG_TABLE_NAME,
           (fresh->>'id')::uuid, audit_diff(NULL, fresh, mode, excluded, redacted),
           CASE WHEN actor_column IS NULL OR said->>'kind' IS DISTINCT FROM 'device' THEN coalesce(said->>'kind', 'database') ELSE 'device' END,
           CASE WHEN actor_column IS NULL OR said->>'kind' IS DISTINCT FROM 'device' THEN (said->>'id')::uuid ELSE (fresh->>actor_column)::uuid END,
           coalesce(said->>'label', session_user::text), said->>'request', said->>'job', said->>'run',
           said->>'step', said->>'reason', pg_current_xact_id()::text::bigint
    FROM (SELECT to_jsonb(n) AS fresh FROM new_rows n) AS made;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO audit_entry (organization_id, id, created_at, action, object, object_id, changes, actor_kind,
                             actor_id, actor_label, request, job, run, step, reason, transaction)
    SELECT audit_tenant(stale, tenant), audit_id(), clock_timestamp(), 'deleted', TG_TABLE_NAME,
           (stale->>'id')::uuid, audit_diff(stale, NULL, mode, excluded, redacted),
           CASE WHEN actor_column IS NULL OR said->>'kind' IS DISTINCT FROM 'device' THEN coalesce(said->>'kind', 'database') ELSE 'device' END,
           CASE WHEN actor_column IS NULL OR said->>'kind' IS DISTINCT FROM 'device' THEN (said->>'id')::uuid ELSE (stale->>actor_column)::uuid END,
           coalesce(said->>'label', session_user::text), said->>'request', said->>'job', said->>'run',
           said->>'step', said->>'reason', pg_current_xact_id()::text::bigint
    FROM (SELECT to_jsonb(o) AS stale FROM old_rows o) AS gone;
  ELSE
    INSERT INTO audit_entry (organization_id, id, created_at, action, object, object_id, changes, actor_kind,
                             actor_id, actor_label, request, job, run, step, reason, transaction)
    SELECT audit_tenant(fresh, tenant), audit_id(), clock_timestamp(), 'changed', TG_TABLE_NAME,
           (fresh->>'id')::uuid, diff,
           CASE WHEN actor_column IS NULL OR said->>'kind' IS DISTINCT FROM 'device' THEN coalesce(said->>'kind', 'database') ELSE 'device' END,
           CASE WHEN actor_column IS NULL OR said->>'kind' IS DISTINCT FROM 'device' THEN (said->>'id')::uuid ELSE (fresh->>actor_column)::uuid END,
           coalesce(said->>'label', session_user::text), said->>'request', said->>'job', said->>'run',
           said->>'step', said->>'reason', pg_current_xact_id()::text::bigint
    FROM (SELECT fresh, audit_diff(stale, fresh, mode, excluded, redacted) AS diff
          FROM (SELECT to_jsonb(o) AS stale FROM old_rows o) AS was
          JOIN (SELECT to_jsonb(n) AS fresh FROM new_rows n) AS became
            ON stale->>'id' = fresh->>'id' AND stale->>tenant IS NOT DISTINCT FROM fresh->>tenant) AS changed
    WHERE diff <> '{}'::jsonb;
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

-- {"field": [old, new]} of what differs; `minimal` names the fields only; redacted values are masked.
CREATE OR REPLACE FUNCTION audit_diff(stale jsonb, fresh jsonb, mode text, excluded text[], redacted text[])
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_object_agg(field, CASE
           WHEN mode = 'minimal' THEN '[]'::jsonb
           WHEN field = ANY (redacted) THEN jsonb_build_array(
             CASE WHEN coalesce(o.value, 'null') = 'null' THEN NULL ELSE '•••' END,
             CASE WHEN coalesce(n.value, 'null') = 'null' THEN NULL ELSE '•••' END)
           ELSE jsonb_build_array(o.value, n.value) END), '{}'::jsonb)
  FROM jsonb_each(coalesce(stale, '{}')) AS o(field, value)
  FULL JOIN jsonb_each(coalesce(fresh, '{}')) AS n(field, value) USING (field)
  WHERE coalesce(o.value, 'null') IS DISTINCT FROM coalesce(n.value, 'null') AND field <> ALL (excluded)
$$;
