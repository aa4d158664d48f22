-- What came in between reading and writing: facts at or after a ticket's own, other than the scans that were just
-- written; voids of tickets that were valid when they were read: whoever voided one saw nobody go in; ends of days that
-- had not ended.
SELECT EXISTS (SELECT FROM unnest(cast(:ticket_ids AS uuid[]), cast(:since AS timestamptz[])) AS x(ticket_id, since)
                 JOIN scan s ON s.ticket_id = x.ticket_id AND s.effective_at >= x.since
                WHERE s.verdict IN ('admitted', 'offline_admitted', 'exited', 'not_inside')
                  AND s.id <> ALL (cast(:own AS uuid[])))
    OR EXISTS (SELECT FROM ticket_void v WHERE v.ticket_id = ANY (cast(:valid_ids AS uuid[])))
    OR EXISTS (SELECT FROM ticket_block b WHERE b.ticket_id = ANY (cast(:open_ids AS uuid[])) AND b.lifted_at IS NULL)
    OR EXISTS (SELECT FROM zone_emptied z WHERE z.day_id = ANY (cast(:day_ids AS uuid[])) AND z.effective_at >= :begun)
    OR EXISTS (SELECT FROM day_end e WHERE e.day_id = ANY (cast(:day_ids AS uuid[])))
