-- A table that all tenants share: the application sees it only through the door's functions.
ALTER TABLE {table} OWNER TO voelgoed_owner;
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON {table};
CREATE POLICY owner ON {table} TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS door ON {table};
CREATE POLICY door ON {table} TO voelgoed_door USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON {table};
CREATE POLICY reader ON {table} FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON {table} TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON {table} FROM voelgoed_app;
