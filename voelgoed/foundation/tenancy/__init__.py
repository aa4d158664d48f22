"""Tenancy: a session belongs to one organization; the ORM filters, the database refuses the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voelgoed.foundation.tenancy.door import Door, door
from voelgoed.foundation.tenancy.query import TenantQuery, at_hand, children, one_of, read_once, rows
from voelgoed.foundation.tenancy.scope import (
    Actor,
    NoScope,
    Scope,
    because,
    current_scope,
    has_scope,
    no_scope,
    scope,
)
from voelgoed.foundation.tenancy.skip import skip_tenant_rule

if TYPE_CHECKING:
    from voelgoed.foundation.tenancy.filter import set_based
    from voelgoed.foundation.tenancy.plain_sql import PlainSQL

__all__ = [
    "Actor", "Door", "NoScope", "PlainSQL", "Scope", "TenantQuery", "at_hand", "because", "children", "current_scope",
    "door", "has_scope", "no_scope", "one_of", "read_once", "rows", "scope", "set_based", "skip_tenant_rule",
]  # fmt: skip


def __getattr__(name: str) -> object:
    # The filter needs Resource, which needs the scope: it is loaded when first asked for.
    if name == "set_based":
        from voelgoed.foundation.tenancy.filter import set_based

        return set_based
    if name == "PlainSQL":
        from voelgoed.foundation.tenancy.plain_sql import PlainSQL

        return PlainSQL
    raise AttributeError(name)
