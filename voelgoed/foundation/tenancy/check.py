"""Checkers of tenancy, against the catalogue of the database that runs."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from voelgoed.foundation.checks import checker
from voelgoed.foundation.resource.declaration import declared

UNGUARDED = """
SELECT count(*) FROM unnest(CAST(:tables AS text[])) AS wanted (name)
  LEFT JOIN pg_class c ON c.relname = wanted.name AND c.relnamespace = 'public'::regnamespace
 WHERE c.oid IS NULL OR NOT c.relrowsecurity OR NOT c.relforcerowsecurity
    OR NOT EXISTS (SELECT FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND a.attnotnull)
    OR EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
                WHERE i.indrelid = c.oid AND i.indisunique AND a.attname <> 'organization_id')
    OR (SELECT array_agg(p.polname::text ORDER BY p.polname) FROM pg_policy p
         WHERE p.polrelid = c.oid AND 'voelgoed_app'::regrole = ANY (p.polroles)) IS DISTINCT FROM '{tenant}'
    OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND 0 = ANY (p.polroles))
"""
UNRECORDED_SKIPS = """
SELECT count(*) FROM rule_skip s WHERE NOT EXISTS (
  SELECT FROM audit_entry e WHERE e.organization_id = '00000000-0000-0000-0000-000000000000'
     AND e.object = 'rule_skip' AND e.object_id = s.id)
"""


@checker("T3", "every tenant table begins its keys with the organization, and its policy lets in that one alone")
def unguarded_tables(session: Session) -> int:
    """Count tables of tenants that the database does not guard."""
    tables = [one.table for one in declared() if one.tenant]
    return int(session.scalar(text(UNGUARDED), {"tables": tables}) or 0)


@checker("T4", "each deed outside one organization is in the platform's trail")
def unrecorded_skips(session: Session) -> int:
    """Count uses of `skip_tenant_rule` without an entry."""
    return int(session.scalar(text(UNRECORDED_SKIPS)) or 0)
