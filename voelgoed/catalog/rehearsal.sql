-- A rehearsal costs nothing, and whether an event is one is settled by the first that happens in it: figures that count
-- it, or leave it out, stay true.
CREATE OR REPLACE FUNCTION keep_rehearsal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'ticket_type' THEN
    IF NEW.price_cents > 0 AND EXISTS (SELECT FROM event e WHERE e.organization_id = NEW.organization_id
                                          AND e.id = NEW.event_id AND e.rehearsal) THEN
      RAISE EXCEPTION 'In a rehearsal nothing costs anything.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_is_free';
    END IF;
    RETURN NULL;
  END IF;
  IF NEW.rehearsal IS NOT DISTINCT FROM OLD.rehearsal THEN
    RETURN NULL;
  END IF;
  IF EXISTS (SELECT FROM checkout c WHERE c.organization_id = NEW.organization_id AND c.event_id = NEW.id)
     OR EXISTS (SELECT FROM ticket t WHERE t.organization_id = NEW.organization_id AND t.event_id = NEW.id)
     OR EXISTS (SELECT FROM scan s WHERE s.organization_id = NEW.organization_id AND s.event_id = NEW.id) THEN
    RAISE EXCEPTION 'Tickets or scans of it are there already: it stays what it is. Copy it instead.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_is_settled';
  END IF;
  IF NEW.rehearsal AND EXISTS (SELECT FROM ticket_type t WHERE t.organization_id = NEW.organization_id
                                  AND t.event_id = NEW.id AND t.price_cents > 0) THEN
    RAISE EXCEPTION 'In a rehearsal nothing costs anything: make its ticket types free, or copy it as a rehearsal.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_is_free';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS rehearsal ON {table};
CREATE TRIGGER rehearsal AFTER UPDATE OF rehearsal ON {table}
  FOR EACH ROW EXECUTE FUNCTION keep_rehearsal();
DROP TRIGGER IF EXISTS rehearsal ON ticket_type;
CREATE TRIGGER rehearsal AFTER INSERT OR UPDATE OF price_cents ON ticket_type
  FOR EACH ROW EXECUTE FUNCTION keep_rehearsal();
