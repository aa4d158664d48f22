SELECT (SELECT count(*) FROM admission a
          JOIN ticket_void v ON v.organization_id = a.organization_id AND v.ticket_id = a.ticket_id
         WHERE a.opened_at >= v.created_at AND a.move_number = 0
           AND NOT EXISTS (SELECT FROM override o WHERE o.organization_id = a.organization_id AND o.scan_id = a.scan_id))
     + (SELECT count(*) FROM admission a
          JOIN ticket_block b ON b.organization_id = a.organization_id AND b.ticket_id = a.ticket_id
         WHERE a.opened_at >= b.blocked_at AND (b.lifted_at IS NULL OR a.opened_at < b.lifted_at) AND a.move_number = 0
           AND NOT EXISTS (SELECT FROM override o WHERE o.organization_id = a.organization_id AND o.scan_id = a.scan_id))
     + (SELECT count(*) FROM (SELECT 1 FROM conflict GROUP BY organization_id, scan_id HAVING count(*) > 1) AS twice)
