-- Who may reach a tenant table: `{table}`, by its column `{key}`. Applied again at each revision.
ALTER TABLE {table} OWNER TO voelgoed_owner;
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON {table};
CREATE POLICY tenant ON {table} TO voelgoed_app
  USING ({key} = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK ({key} = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON {table};
CREATE POLICY owner ON {table} TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON {table};
CREATE POLICY reader ON {table} FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON {table} TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON {table} FROM voelgoed_app;
GRANT {grants} ON {table} TO voelgoed_app;
