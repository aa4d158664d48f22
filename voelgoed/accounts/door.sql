-- What may be asked before an organization is known. Each function does one thing, owned by voelgoed_door,
-- which has policies and column grants on just these tables.
CREATE SCHEMA IF NOT EXISTS door;
GRANT USAGE, CREATE ON SCHEMA door TO voelgoed_door;
GRANT USAGE ON SCHEMA door TO voelgoed_app;
GRANT USAGE ON SCHEMA public TO voelgoed_door;

GRANT SELECT ON organization TO voelgoed_door;
GRANT INSERT ON organization, membership TO voelgoed_door;
GRANT SELECT (organization_id, id, user_id, name, roles, left_at) ON membership TO voelgoed_door;
GRANT SELECT, INSERT, UPDATE ON "user", sign_in, first_owner_link TO voelgoed_door;
GRANT SELECT, INSERT, UPDATE, DELETE ON attempt_count TO voelgoed_door;
GRANT SELECT (organization_id, id, done_at, due_at) ON outbox_row TO voelgoed_door;
DROP POLICY IF EXISTS door ON organization;
CREATE POLICY door ON organization TO voelgoed_door USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS door ON membership;
CREATE POLICY door ON membership TO voelgoed_door USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS door ON outbox_row;
CREATE POLICY door ON outbox_row FOR SELECT TO voelgoed_door USING (true);

CREATE OR REPLACE FUNCTION door.organization_of(slug text)
RETURNS TABLE (id uuid, name text, timezone text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT o.id, o.name, o.timezone FROM organization o
   WHERE o.slug = organization_of.slug AND o.suspended_at IS NULL
$$;

CREATE OR REPLACE FUNCTION door.try_sign_in(email text)
RETURNS TABLE (user_id uuid, password_hash text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT u.id, u.password_hash FROM "user" u WHERE u.email = lower(try_sign_in.email)
$$;

CREATE OR REPLACE FUNCTION door.user_by_id(user_id uuid)
RETURNS TABLE (email text, password_hash text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT u.email, u.password_hash FROM "user" u WHERE u.id = user_by_id.user_id
$$;

CREATE OR REPLACE FUNCTION door.open_sign_in(id uuid, user_id uuid, secret_hash bytea, label text, hours integer)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO sign_in (id, user_id, secret_hash, label, expires_at, seen_at)
  VALUES (id, user_id, secret_hash, left(label, 200), now() + make_interval(hours => hours), now())
$$;

CREATE OR REPLACE FUNCTION door.session_of(secret_hash bytea)
RETURNS TABLE (sign_in_id uuid, user_id uuid, email text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT s.id, s.user_id, u.email FROM sign_in s JOIN "user" u ON u.id = s.user_id
   WHERE s.secret_hash = session_of.secret_hash AND s.ended_at IS NULL AND s.expires_at > now()
$$;

CREATE OR REPLACE FUNCTION door.sign_ins_of(user_id uuid)
RETURNS TABLE (id uuid, label text, created_at timestamptz, seen_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT s.id, s.label, s.created_at, s.seen_at FROM sign_in s
   WHERE s.user_id = sign_ins_of.user_id AND s.ended_at IS NULL AND s.expires_at > now() ORDER BY s.seen_at DESC
$$;

CREATE OR REPLACE FUNCTION door.end_sign_in(user_id uuid, sign_in_id uuid)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH ended AS (UPDATE sign_in s SET ended_at = now() WHERE s.id = sign_in_id
                  AND s.user_id = end_sign_in.user_id AND s.ended_at IS NULL RETURNING 1)
  SELECT count(*) FROM ended
$$;

CREATE OR REPLACE FUNCTION door.end_other_sign_ins(user_id uuid, keep uuid)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH ended AS (UPDATE sign_in s SET ended_at = now() WHERE s.id IS DISTINCT FROM keep
                  AND s.user_id = end_other_sign_ins.user_id AND s.ended_at IS NULL RETURNING 1)
  SELECT count(*) FROM ended
$$;

CREATE OR REPLACE FUNCTION door.create_user(id uuid, email text, password_hash text)
RETURNS uuid LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO "user" (id, email, password_hash) VALUES (id, lower(email), password_hash)
  ON CONFLICT (email) DO NOTHING RETURNING "user".id
$$;

CREATE OR REPLACE FUNCTION door.set_password(user_id uuid, password_hash text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE "user" u SET password_hash = set_password.password_hash WHERE u.id = set_password.user_id
$$;

CREATE OR REPLACE FUNCTION door.memberships_of(user_id uuid)
RETURNS TABLE (organization_id uuid, slug text, organization text, membership_id uuid, name text, roles text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT o.id, o.slug, o.name, m.id, m.name, m.roles FROM membership m JOIN organization o ON o.id = m.organization_id
   WHERE m.user_id = memberships_of.user_id AND m.left_at IS NULL AND o.suspended_at IS NULL ORDER BY o.name
$$;

-- One try more under this key; answers whether it is still within the limit of its window (seconds).
CREATE OR REPLACE FUNCTION door.count_attempt(key text, most integer, seconds integer)
RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO attempt_count AS a (id, key, tries, window_ends_at)
  VALUES (gen_random_uuid(), key, 1, now() + make_interval(secs => seconds))
  ON CONFLICT (key) DO UPDATE SET
    tries = CASE WHEN a.window_ends_at < now() THEN 1 ELSE a.tries + 1 END,
    window_ends_at = CASE WHEN a.window_ends_at < now() THEN excluded.window_ends_at ELSE a.window_ends_at END
  RETURNING a.tries <= most
$$;

-- The same, but the window begins anew with each try until the last one that is allowed: that one locks for its length.
CREATE OR REPLACE FUNCTION door.count_to_lock(key text, most integer, seconds integer)
RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO attempt_count AS a (id, key, tries, window_ends_at)
  VALUES (gen_random_uuid(), key, 1, now() + make_interval(secs => seconds))
  ON CONFLICT (key) DO UPDATE SET
    tries = CASE WHEN a.window_ends_at < now() THEN 1 ELSE a.tries + 1 END,
    window_ends_at = CASE WHEN a.window_ends_at < now() OR a.tries < most THEN excluded.window_ends_at
                          ELSE a.window_ends_at END
  RETURNING a.tries <= most
$$;

CREATE OR REPLACE FUNCTION door.forget_attempts(key text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM attempt_count a WHERE a.key = forget_attempts.key
$$;

CREATE OR REPLACE FUNCTION door.make_first_owner_link(id uuid, secret_hash bytea, hours integer)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO first_owner_link (id, secret_hash, expires_at)
  VALUES (id, secret_hash, now() + make_interval(hours => hours))
$$;

CREATE OR REPLACE FUNCTION door.first_owner_link_is_open(secret_hash bytea)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM first_owner_link l WHERE l.secret_hash = first_owner_link_is_open.secret_hash
                  AND l.used_at IS NULL AND l.expires_at > now())
$$;

-- Founds an organization with its owner, once per link; answers nothing when the link is used or the slug taken.
CREATE OR REPLACE FUNCTION door.found_organization(
  secret_hash bytea, organization_id uuid, slug text, name text, membership_id uuid, user_id uuid, owner_name text)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE first_owner_link l SET used_at = now() WHERE l.secret_hash = found_organization.secret_hash
     AND l.used_at IS NULL AND l.expires_at > now();
  IF NOT FOUND THEN RETURN NULL; END IF;
  INSERT INTO organization (id, slug, name, timezone, currency, vat_vendor, cash_rounding_cents,
                            box_office_void_limit_cents, box_office_comp_limit, box_office_discount_percent,
                            manager_discount_percent, supervisor_pass_limit)
  VALUES (organization_id, slug, name, 'Africa/Johannesburg', 'ZAR', false, 10, 0, 0, 0, 100, 10);
  INSERT INTO membership (organization_id, id, user_id, name, roles)
  VALUES (organization_id, membership_id, user_id, owner_name, '{owner}');
  RETURN organization_id;
END $$;

CREATE OR REPLACE FUNCTION door.organizations_with_due_work()
RETURNS TABLE (organization_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT r.organization_id FROM outbox_row r WHERE r.done_at IS NULL AND r.due_at <= now()
$$;

CREATE OR REPLACE FUNCTION door.organizations()
RETURNS TABLE (organization_id uuid, slug text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT o.id, o.slug FROM organization o WHERE o.suspended_at IS NULL AND o.id <> '00000000-0000-0000-0000-000000000000'
$$;

-- Whose webhook address this is: a processor names nobody else.
GRANT SELECT (organization_id, hook) ON gateway_account TO voelgoed_door;
DROP POLICY IF EXISTS door ON gateway_account;
CREATE POLICY door ON gateway_account FOR SELECT TO voelgoed_door USING (true);
CREATE OR REPLACE FUNCTION door.account_of_hook(hook uuid)
RETURNS TABLE (organization_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.organization_id FROM gateway_account a JOIN organization o ON o.id = a.organization_id
   WHERE a.hook = account_of_hook.hook AND o.suspended_at IS NULL
$$;

-- The platform's trail says who acted outside one organization, and why (invariant T4).
CREATE OR REPLACE FUNCTION door.record_skip(reason text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO rule_skip (id, reason) VALUES (gen_random_uuid(), reason)
$$;
GRANT INSERT, SELECT ON rule_skip TO voelgoed_door;

DO $$
DECLARE
  made record;
BEGIN
  FOR made IN SELECT p.oid::regprocedure AS signature FROM pg_proc p
               WHERE p.pronamespace = 'door'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO voelgoed_door', made.signature);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made.signature);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO voelgoed_app', made.signature);
  END LOOP;
END $$;

INSERT INTO organization (id, slug, name, timezone, currency, vat_vendor, cash_rounding_cents,
                          box_office_void_limit_cents, box_office_comp_limit, box_office_discount_percent,
                          manager_discount_percent, supervisor_pass_limit, suspended_at)
VALUES ('00000000-0000-0000-0000-000000000000', 'platform', 'Platform', 'UTC', 'ZAR', false, 10, 0, 0, 0, 100, 0, now())
ON CONFLICT DO NOTHING;
