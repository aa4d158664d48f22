-- All locks of a list in one statement, sorted: far below capacity shared, near it alone.
SELECT CASE WHEN alone THEN pg_advisory_xact_lock(hashtextextended(zone, 0)) IS NULL
            ELSE pg_advisory_xact_lock_shared(hashtextextended(zone, 0)) IS NULL END
FROM (SELECT zone, zone = ANY (cast(:near AS text[])) AS alone
      FROM unnest(cast(:zones AS text[])) AS zone ORDER BY zone) AS sorted
