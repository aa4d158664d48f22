DROP TRIGGER IF EXISTS key_is_fixed ON {table};
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF {columns} ON {table}
  FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON {table};
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
