SELECT count(*) FROM scan s JOIN device d ON d.organization_id = s.organization_id AND d.id = s.device_id
 WHERE s.effective_at > s.created_at
    OR (s.offline AND s.effective_at < d.created_at)
