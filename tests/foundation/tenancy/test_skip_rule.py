"""Acting outside one organization: explicit, with a reason, in the trail of the platform, never in a request (T4)."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import InternalError, ProgrammingError

from tests.foundation.tenancy.conftest import Houses
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.tenancy import Actor, skip_tenant_rule
from voelgoed.foundation.tenancy.organization import PLATFORM
from voelgoed.foundation.tenancy.skip import NotHere

CLERK = Actor("system", None, "the operator")


def _skips(houses: Houses) -> list[tuple[str, str]]:
    with psycopg.connect(houses.database.url("postgres")) as admin:
        return admin.execute(
            "SELECT changes->'reason'->>1, actor_label FROM audit_entry WHERE object = 'rule_skip'"
            " AND organization_id = %s ORDER BY created_at",
            (PLATFORM,),
        ).fetchall()


def test_it_sees_every_organization_and_says_so_first(houses: Houses) -> None:
    before = len(_skips(houses))
    with skip_tenant_rule(reason="counting venues for a test", actor=CLERK) as session:
        assert _skips(houses)[before:] == [("counting venues for a test", "the operator")]
        names = session.scalars(select(Venue.name).order_by(Venue.name)).all()
    assert names == ["abroad hall", "home hall"]


@pytest.mark.parametrize("reason", ["", "   "])
def test_it_wants_a_reason(houses: Houses, reason: str) -> None:
    before = _skips(houses)
    with pytest.raises(ValueError, match="why"), skip_tenant_rule(reason=reason):
        pass
    assert _skips(houses) == before


def test_it_cannot_be_left_out() -> None:
    with pytest.raises(TypeError):
        skip_tenant_rule()  # type: ignore[call-arg]


def test_it_is_refused_while_a_request_is_served(houses: Houses) -> None:
    before = _skips(houses)
    skipping = skip_tenant_rule(reason="curiosity")
    with houses.world.app.test_request_context("/home/"), pytest.raises(NotHere), skipping:
        pass
    assert _skips(houses) == before


@pytest.mark.parametrize("statement", ["UPDATE venue SET name = 'x'", "DELETE FROM gate", "TRUNCATE venue"])
def test_it_reads_and_writes_nothing(houses: Houses, statement: str) -> None:
    with skip_tenant_rule(reason="trying to write") as session:
        with pytest.raises((InternalError, ProgrammingError), match=r"read-only|permission denied"):
            session.execute(text(statement))
        session.rollback()
        session.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE"))
        session.commit()
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text(statement))


def test_a_scope_inside_is_a_scope_as_ever(houses: Houses) -> None:
    with skip_tenant_rule(reason="nesting") as session, houses.world.personas.home.scope():
        from voelgoed.foundation.tenancy import rows

        assert rows(Venue).count() == 1
        assert session.scalar(select(func.count()).select_from(Venue)) == 2
