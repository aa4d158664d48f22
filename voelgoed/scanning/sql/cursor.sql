-- Where a reader who wants to miss nothing goes on, and of which life of the database: a restore begins another.
SELECT s.system_identifier || '-' || c.timeline_id || '-' || d.oid AS life,
       (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint AS next
FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()
