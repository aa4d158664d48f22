"""Ids in order, money in whole cents, moments in UTC."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import StatementError

from tests.conftest import World
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Money, UtcDateTime, uuid7

DIALECT = postgresql.dialect()


def test_ids_are_version_7_and_say_their_millisecond() -> None:
    before = datetime.now(UTC)
    made = uuid7()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    said = datetime.fromtimestamp((made.int >> 80) / 1000, UTC)
    assert before - timedelta(milliseconds=1) <= said
    assert said - before < timedelta(seconds=5)


def test_ids_are_in_the_order_of_their_making() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_of_several_threads_are_all_different() -> None:
    made: list[Any] = []
    threads = [threading.Thread(target=lambda: made.extend(uuid7() for _ in range(3_000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 12_000


@given(st.integers())
def test_money_passes_whole_cents_on(cents: int) -> None:
    assert Money().process_bind_param(cents, DIALECT) == cents


@given(st.one_of(st.floats(), st.booleans(), st.text(), st.decimals()))
def test_money_refuses_everything_else(value: Any) -> None:
    with pytest.raises(TypeError, match="cents"):
        Money().process_bind_param(value, DIALECT)


def test_money_may_be_absent() -> None:
    assert Money().process_bind_param(None, DIALECT) is None


@pytest.mark.parametrize("price", [12.5, True, Decimal("12.50"), "1250"])
def test_a_price_that_is_no_whole_number_of_cents_never_reaches_the_database(world: World, price: Any) -> None:
    with world.personas.home.scope(), pytest.raises(StatementError, match="cents"):
        db.session.scalars(select(TicketType).where(TicketType.price_cents == price)).all()


offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
aware = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=offsets)


@given(aware)
def test_moments_are_kept_in_utc_and_are_the_same_moment(moment: datetime) -> None:
    for kept in (
        UtcDateTime().process_bind_param(moment, DIALECT),
        UtcDateTime().process_result_value(moment, DIALECT),
    ):
        assert kept is not None
        assert kept == moment
        assert kept.tzinfo is UTC


@given(st.datetimes())
def test_a_moment_without_a_zone_is_refused(moment: datetime) -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(moment, DIALECT)


def test_moments_come_back_in_utc_whatever_the_connection_says(world: World) -> None:
    from sqlalchemy import text

    from voelgoed.catalog.venue import Venue
    from voelgoed.foundation.tenancy import set_based

    with world.personas.home.scope():
        with set_based("reports"):
            db.session.execute(text("SET LOCAL TIME ZONE 'Africa/Johannesburg'"))
        venue = Venue(name="Somewhere")
        db.session.add(venue)
        db.session.flush()
        db.session.refresh(venue)
        assert venue.created_at.tzinfo is UTC
        assert datetime.now(UTC) - venue.created_at < timedelta(minutes=1)
