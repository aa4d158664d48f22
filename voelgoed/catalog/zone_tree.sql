-- Zones form a tree: no zone lies inside itself, however far up.
CREATE OR REPLACE FUNCTION refuse_circle_of_zones() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.parent_id IS NOT NULL AND NEW.id IN (
    WITH RECURSIVE above AS (
      SELECT z.id, z.parent_id FROM zone z WHERE z.organization_id = NEW.organization_id AND z.id = NEW.parent_id
      UNION
      SELECT z.id, z.parent_id FROM zone z JOIN above a ON z.organization_id = NEW.organization_id AND z.id = a.parent_id
    ) SELECT above.id FROM above) THEN
    RAISE EXCEPTION 'A zone cannot lie inside itself.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'zone_tree';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS zone_tree ON {table};
CREATE TRIGGER zone_tree AFTER UPDATE OF parent_id ON {table}
  FOR EACH ROW EXECUTE FUNCTION refuse_circle_of_zones();
