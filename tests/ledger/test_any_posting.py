"""Whatever is posted, the books balance: an entry is whole or is not, and every account stands at its lines' sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.checkout.programme import Programme, put_on
from tests.conftest import World
from tests.selling.checking import violations
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.ledger.balances import balance_of, balances
from voelgoed.ledger.chart import BANKED, FLOATS, ROUNDING, VARIANCES, Heading, clearing_of, sales_at, vat_at
from voelgoed.ledger.entry import JournalEntry, JournalLine
from voelgoed.ledger.post import Line, Unbalanced, post

HEADINGS = (BANKED, FLOATS, ROUNDING, VARIANCES, clearing_of("stripe"), sales_at(1500), vat_at(1500))
CENTS = st.integers(-(10**12), 10**12) | st.sampled_from((0, 1, -1))
SIDES = st.lists(st.tuples(st.sampled_from(HEADINGS), CENTS), max_size=12)


@pytest.fixture(scope="module")
def programme(world: World) -> Iterator[Programme]:
    with world.personas.home.scope("owner"):
        yield put_on()
        rollback()
        assert violations() == {}


def balanced(sides: list[tuple[Heading, int]]) -> list[tuple[Heading, int]]:
    """Put what is off on an account of its own."""
    return [*sides, (VARIANCES, -sum(cents for _, cents in sides))]


def standing() -> dict[Heading, int]:
    return {one: balance_of(one, "ZAR") for one in HEADINGS}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sides=SIDES | SIDES.map(balanced))
def test_any_posting_balances_or_is_not(programme: Programme, sides: list[tuple[Heading, int]]) -> None:
    before, entries = standing(), rows(JournalEntry).count()
    moves: Counter[Heading] = Counter()
    for heading, cents in sides:
        moves[heading] += cents
    whole = sum(cents for _, cents in sides) == 0 and any(moves.values())
    lines = [Line(heading, cents) for heading, cents in sides]
    try:
        made: UUID | None = post(
            "manual", programme.event, lines, currency="ZAR", timezone="Africa/Johannesburg", words=f"any {uuid4()}"
        ).id
        commit()
    except Unbalanced:
        made = None
        rollback()
    assert (made is not None) == whole
    assert rows(JournalEntry).count() == entries + whole
    assert standing() == {one: before[one] + (moves[one] if whole else 0) for one in HEADINGS}
    if made is not None:
        booked = db.session.scalars(select(JournalLine.amount_cents).where(JournalLine.entry_id == made)).all()
        assert (sum(booked), sorted(booked)) == (0, sorted(cents for cents in moves.values() if cents))
    assert sum(one.cents for one in balances()) == 0
    rollback()
