-- An admitting scan that is nowhere in the record, or an admission that no admitting fact explains.
SELECT (SELECT count(*) FROM scan s
         WHERE s.verdict IN ('admitted', 'offline_admitted') AND s.direction = 'in'
           AND NOT EXISTS (SELECT FROM admission a WHERE a.organization_id = s.organization_id AND a.scan_id = s.id)
           AND NOT EXISTS (SELECT FROM conflict c WHERE c.organization_id = s.organization_id AND c.scan_id = s.id)
           AND NOT EXISTS (SELECT FROM undo u WHERE u.organization_id = s.organization_id AND u.scan_id = s.id))
     + (SELECT count(*) FROM admission a
          JOIN scan s ON s.organization_id = a.organization_id AND s.id = a.scan_id
         WHERE s.direction = 'in' AND s.verdict NOT IN ('admitted', 'offline_admitted')
           AND NOT EXISTS (SELECT FROM override o WHERE o.organization_id = s.organization_id AND o.scan_id = s.id))
     + (SELECT count(*) FROM undo u
          JOIN admission a ON a.organization_id = u.organization_id AND a.scan_id = u.scan_id
         WHERE NOT EXISTS (SELECT FROM override o WHERE o.organization_id = u.organization_id AND o.scan_id = u.scan_id))
