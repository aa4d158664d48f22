-- No admission is opened at or after its ticket's void. Runs after the foreign key's own check has waited for a void
-- that is just being committed, and so sees it: the scan is judged again. Who is inside goes on and comes back out
-- through inner gates, void or not: only coming in counts.
CREATE OR REPLACE FUNCTION refuse_voided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM ticket_void v WHERE v.organization_id = NEW.organization_id
              AND v.ticket_id = NEW.ticket_id AND v.created_at <= NEW.opened_at) THEN
    RAISE EXCEPTION 'ticket % was void by then', NEW.ticket_id USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS void_is_final ON {table};
CREATE TRIGGER void_is_final AFTER INSERT ON {table} FOR EACH ROW
  WHEN (NEW.move_number = 0) EXECUTE FUNCTION refuse_voided();
