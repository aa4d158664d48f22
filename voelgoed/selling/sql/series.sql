-- The next number of a kind of paper at a till, or online; held to the commit: who draws next waits for it.
INSERT INTO number_series AS n (organization_id, id, till_id, kind, next, created_at, updated_at)
VALUES (%(organization_id)s, %(series_id)s, %(till_id)s::uuid, %(kind)s, 2, now(), now())
ON CONFLICT {place} DO UPDATE SET next = n.next + 1, updated_at = now()
RETURNING n.next - 1 AS number
