"""RuleSkip: somebody acted outside one organization, and said why."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, text


class RuleSkip(Resource, shared="it is about acting outside one organization"):
    """One use of `skip_tenant_rule`; its entry in the platform's trail names who."""

    reason: Mapped[str] = text(1000)
