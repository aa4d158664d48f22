-- An organization keeps an owner: whoever takes the last one away is refused, two at once too.
CREATE OR REPLACE FUNCTION keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 'owner' = ANY (OLD.roles) AND OLD.left_at IS NULL THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('owners of ' || OLD.organization_id, 0));
    IF NOT EXISTS (SELECT FROM membership m WHERE m.organization_id = OLD.organization_id
                      AND m.left_at IS NULL AND 'owner' = ANY (m.roles)) THEN
      RAISE EXCEPTION 'This is the last owner. Make somebody else an owner first.'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'last_owner';
    END IF;
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS last_owner ON {table};
CREATE TRIGGER last_owner AFTER UPDATE OF roles, left_at OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION keep_an_owner();
