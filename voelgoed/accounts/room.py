"""What this package adds to the application: who visitors are, what roles may do, sign-in and staff pages."""

from __future__ import annotations

from flask import Flask

from voelgoed.accounts import roles, visitor
from voelgoed.foundation.web.boundary import find_visitors_by
from voelgoed.foundation.web.identity import permit_by


def install(app: Flask) -> None:
    """Attach it."""
    find_visitors_by(visitor.visitor, visitor.organization_of)
    permit_by(roles.may, roles.freely)
