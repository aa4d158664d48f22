SELECT (SELECT count(*) FROM (SELECT 1 FROM scan GROUP BY organization_id, device_id, sequence HAVING count(*) > 1) AS twice)
     + (SELECT count(*) FROM scan s LEFT JOIN device d ON d.organization_id = s.organization_id AND d.id = s.device_id
         WHERE d.id IS NULL)
