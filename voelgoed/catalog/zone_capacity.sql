-- What can be sold for a day fits its zones: for each zone, the pools of the types that open it or a zone inside
-- it; for the venue, all pools of the day together. A pool whose types are all put away counts what it has taken; one
-- of gate passes, which are put away for good, its capacity.
CREATE OR REPLACE FUNCTION refuse_more_than_zones_hold(organization uuid, days uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  over record;
BEGIN
  -- One change at a time per day: two that fit alone may not fit together.
  PERFORM pg_advisory_xact_lock(hashtextextended('zones on day ' || one, 0)) FROM unnest(days) AS one ORDER BY one;
  WITH RECURSIVE counted AS (
    SELECT p.id, p.day_id, p.event_id,
           CASE WHEN EXISTS (SELECT FROM type_pool tp JOIN ticket_type t ON t.organization_id = tp.organization_id
                                AND t.id = tp.ticket_type_id
                              WHERE tp.organization_id = p.organization_id AND tp.pool_id = p.id)
                 AND NOT EXISTS (SELECT FROM type_pool tp JOIN ticket_type t ON t.organization_id = tp.organization_id
                                    AND t.id = tp.ticket_type_id
                                  WHERE tp.organization_id = p.organization_id AND tp.pool_id = p.id
                                    AND (t.archived_at IS NULL OR t.gate_pass))
                THEN p.taken ELSE p.capacity END AS bodies
      FROM pool p WHERE p.organization_id = organization AND p.day_id = ANY (days)
  ), opened AS (
    SELECT c.day_id, c.id AS pool_id, c.bodies, tz.zone_id
      FROM counted c
      JOIN type_pool tp ON tp.organization_id = organization AND tp.pool_id = c.id
      JOIN type_zone tz ON tz.organization_id = organization AND tz.ticket_type_id = tp.ticket_type_id
    UNION
    SELECT o.day_id, o.pool_id, o.bodies, z.parent_id
      FROM opened o JOIN zone z ON z.organization_id = organization AND z.id = o.zone_id
     WHERE z.parent_id IS NOT NULL
  ), sums AS (
    SELECT o.day_id, z.name, z.capacity, sum(o.bodies) AS bodies
      FROM opened o JOIN zone z ON z.organization_id = organization AND z.id = o.zone_id
     GROUP BY o.day_id, z.id, z.name, z.capacity
    UNION ALL
    SELECT c.day_id, v.name, (SELECT sum(z.capacity) FROM zone z WHERE z.organization_id = organization
                                 AND z.venue_id = v.id AND z.parent_id IS NULL AND z.archived_at IS NULL),
           sum(c.bodies)
      FROM counted c
      JOIN event e ON e.organization_id = organization AND e.id = c.event_id
      JOIN venue v ON v.organization_id = organization AND v.id = e.venue_id
     GROUP BY c.day_id, v.id, v.name
  )
  SELECT s.name, s.capacity, s.bodies, d.date INTO over
    FROM sums s JOIN day d ON d.organization_id = organization AND d.id = s.day_id
   WHERE s.bodies > s.capacity ORDER BY s.bodies - s.capacity DESC LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% holds %; the tickets for % would come to %.', over.name, over.capacity, over.date, over.bodies
      USING ERRCODE = 'check_violation', CONSTRAINT = 'zone_capacity';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION keep_zone_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  days uuid[];
BEGIN
  CASE TG_TABLE_NAME
    WHEN 'pool' THEN
      days := ARRAY[NEW.day_id];
    WHEN 'type_pool' THEN
      days := ARRAY(SELECT p.day_id FROM pool p WHERE p.organization_id = NEW.organization_id AND p.id = NEW.pool_id);
    WHEN 'zone' THEN
      days := ARRAY(SELECT d.id FROM day d JOIN event e ON e.organization_id = d.organization_id AND e.id = d.event_id
                     WHERE d.organization_id = NEW.organization_id AND e.venue_id = NEW.venue_id
                       AND d.ends_at > now());
    ELSE
      days := ARRAY(SELECT p.day_id FROM pool p JOIN type_pool tp ON tp.organization_id = p.organization_id
                       AND tp.pool_id = p.id
                     WHERE p.organization_id = NEW.organization_id
                       AND tp.ticket_type_id = (to_jsonb(NEW)->>CASE TG_TABLE_NAME WHEN 'ticket_type' THEN 'id'
                                                                 ELSE 'ticket_type_id' END)::uuid);
  END CASE;
  PERFORM refuse_more_than_zones_hold(NEW.organization_id, days);
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS zone_capacity ON {table};
CREATE TRIGGER zone_capacity AFTER UPDATE OF capacity, parent_id, archived_at ON {table}
  FOR EACH ROW EXECUTE FUNCTION keep_zone_capacity();
DROP TRIGGER IF EXISTS zone_capacity ON pool;
CREATE TRIGGER zone_capacity AFTER INSERT OR UPDATE OF capacity, day_id ON pool
  FOR EACH ROW EXECUTE FUNCTION keep_zone_capacity();
DROP TRIGGER IF EXISTS zone_capacity ON type_pool;
CREATE TRIGGER zone_capacity AFTER INSERT OR UPDATE ON type_pool
  FOR EACH ROW EXECUTE FUNCTION keep_zone_capacity();
DROP TRIGGER IF EXISTS zone_capacity ON type_zone;
CREATE TRIGGER zone_capacity AFTER INSERT OR UPDATE ON type_zone
  FOR EACH ROW EXECUTE FUNCTION keep_zone_capacity();
DROP TRIGGER IF EXISTS zone_capacity ON ticket_type;
CREATE TRIGGER zone_capacity AFTER UPDATE OF archived_at ON ticket_type
  FOR EACH ROW EXECUTE FUNCTION keep_zone_capacity();
