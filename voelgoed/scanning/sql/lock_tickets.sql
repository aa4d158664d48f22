-- Tickets that several scans may change at once (several bodies, late facts) are judged one after another.
SELECT id FROM ticket
 WHERE id = ANY (cast(:ticket_ids AS uuid[])) OR (bodies > 1 AND serial = ANY (cast(:serials AS text[])))
 ORDER BY id FOR UPDATE
