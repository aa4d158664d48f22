SELECT (SELECT count(*) FROM (SELECT 1 FROM admission
         GROUP BY organization_id, ticket_id, pass_number, entry_number, move_number HAVING count(*) > 1) AS twice)
     + (SELECT count(*) FROM (SELECT 1 FROM admission WHERE closed_at IS NULL
         GROUP BY organization_id, ticket_id, pass_number HAVING count(*) > 1) AS open_twice)
