DROP TRIGGER IF EXISTS append_only ON {table};
DROP TRIGGER IF EXISTS audit_insert ON {table};
DROP TRIGGER IF EXISTS audit_update ON {table};
DROP TRIGGER IF EXISTS audit_delete ON {table};
