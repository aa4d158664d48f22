"""Checkers of the trail: it says what the rows say, and only triggers can write it."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from voelgoed.foundation.checks import checker
from voelgoed.foundation.resource.declaration import Declaration, declared

SAMPLE = 500
"""So many of the newest rows of each table are compared with the trail."""

# A row must have been seen to begin, and what the trail last said of each of its fields must be what it holds.
DIFFERING = """
WITH newest AS (SELECT organization_id, id, to_jsonb(t) AS line FROM "{table}" t ORDER BY id DESC LIMIT :sample),
     said AS (SELECT DISTINCT ON (e.organization_id, e.object_id, c.key)
                     e.organization_id, e.object_id, c.key AS field, c.value AS pair
                FROM newest n JOIN audit_entry e ON e.organization_id = n.organization_id
                 AND e.object = :object AND e.object_id = n.id, jsonb_each(e.changes) AS c
               ORDER BY e.organization_id, e.object_id, c.key, e.created_at DESC, e.id DESC)
SELECT count(*) FROM newest n WHERE NOT EXISTS (
         SELECT FROM audit_entry e WHERE e.organization_id = n.organization_id AND e.object = :object
            AND e.object_id = n.id AND e.action = 'created')
    OR EXISTS (SELECT FROM said s WHERE s.organization_id = n.organization_id AND s.object_id = n.id
                  AND jsonb_array_length(s.pair) = 2 AND s.field <> ALL (:redacted)
                  AND s.pair->1 IS DISTINCT FROM n.line->s.field AND n.line ? s.field)
"""
FORGEABLE = """
SELECT (SELECT count(*) FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p
         WHERE has_table_privilege('voelgoed_app', 'audit_entry', p))
     + (SELECT count(*) FROM unnest(CAST(:audited AS text[])) AS wanted (name)
         WHERE 3 <> (SELECT count(*) FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
                      WHERE c.relname = wanted.name AND c.relnamespace = 'public'::regnamespace
                        AND g.tgenabled = 'O' AND g.tgname IN ('audit_insert', 'audit_update', 'audit_delete')))
     + (SELECT count(*) FROM unnest(CAST(:fixed AS text[])) AS wanted (name)
         WHERE NOT EXISTS (SELECT FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
                            WHERE c.relname = wanted.name AND c.relnamespace = 'public'::regnamespace
                              AND g.tgenabled = 'O' AND g.tgname = 'append_only'))
"""


def _audited() -> list[Declaration]:
    return [one for one in declared() if not one.unaudited and not one.append_only]


@checker("A1", "the newest rows of each table are what their trail says")
def differing_rows(session: Session) -> int:
    """Count rows, among the newest of each audited table of tenants, of which the trail says otherwise."""
    return sum(_differing(session, one) for one in _audited() if one.tenant)


def _differing(session: Session, one: Declaration) -> int:
    statement = text(DIFFERING.replace("{table}", one.table))
    given = {"sample": SAMPLE, "object": one.table, "redacted": list(one.redact)}
    return int(session.scalar(statement, given) or 0)


@checker("A2", "the application cannot write the trail, and every table has the triggers that do")
def forgeable(session: Session) -> int:
    """Count rights that the application should not have, and tables without their triggers."""
    audited = [one.table for one in _audited()]
    fixed = [one.table for one in declared() if one.append_only]
    return int(session.scalar(text(FORGEABLE), {"audited": audited, "fixed": fixed}) or 0)
