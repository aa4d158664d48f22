-- What came in between reading and writing: facts at or after a moment about tickets or days, other than the scans that
-- were just written, and voids of tickets that were valid when they were read. Whoever voided one saw nobody go in.
SELECT EXISTS (SELECT FROM scan s
                WHERE s.ticket_id = ANY (cast(:ticket_ids AS uuid[])) AND s.effective_at >= :since
                  AND s.verdict IN ('admitted', 'offline_admitted', 'exited', 'not_inside')
                  AND s.id <> ALL (cast(:own AS uuid[])))
    OR EXISTS (SELECT FROM ticket_void v WHERE v.ticket_id = ANY (cast(:valid_ids AS uuid[])))
    OR EXISTS (SELECT FROM day_end e WHERE e.day_id = ANY (cast(:day_ids AS uuid[])) AND e.effective_at >= :since)
