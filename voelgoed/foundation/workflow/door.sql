-- Which versions of workflows are still needed, asked when the application starts, before any organization is known.
-- A run that has not ended has a job that is not done, or waits for a person: few rows, however many runs there were.
GRANT SELECT (organization_id, id, workflow, version) ON workflow_run TO voelgoed_door;
GRANT SELECT (organization_id, run_id) ON workflow_outcome, run_stuck TO voelgoed_door;
GRANT SELECT (subject_id) ON outbox_row TO voelgoed_door;
DROP POLICY IF EXISTS door ON workflow_run;
CREATE POLICY door ON workflow_run FOR SELECT TO voelgoed_door USING (true);
DROP POLICY IF EXISTS door ON workflow_outcome;
CREATE POLICY door ON workflow_outcome FOR SELECT TO voelgoed_door USING (true);
DROP POLICY IF EXISTS door ON run_stuck;
CREATE POLICY door ON run_stuck FOR SELECT TO voelgoed_door USING (true);

CREATE OR REPLACE FUNCTION door.unfinished_runs()
RETURNS TABLE (workflow text, version integer, runs bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT r.workflow, r.version, count(*) FROM workflow_run r
    JOIN (SELECT o.organization_id, o.subject_id AS run_id FROM outbox_row o
           WHERE o.done_at IS NULL AND o.subject_id IS NOT NULL
          UNION SELECT s.organization_id, s.run_id FROM run_stuck s) waiting
      ON r.organization_id = waiting.organization_id AND r.id = waiting.run_id
   WHERE NOT EXISTS (SELECT FROM workflow_outcome e WHERE e.organization_id = r.organization_id AND e.run_id = r.id)
   GROUP BY r.workflow, r.version ORDER BY r.workflow, r.version
$$;
ALTER FUNCTION door.unfinished_runs() OWNER TO voelgoed_door;
REVOKE ALL ON FUNCTION door.unfinished_runs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.unfinished_runs() TO voelgoed_app;
