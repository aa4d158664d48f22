-- Takes away the admissions that are not as the fold says, before those are written that are.
DELETE FROM admission WHERE id = ANY (cast(:stale AS uuid[]))
