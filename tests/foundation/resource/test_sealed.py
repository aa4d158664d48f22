"""Sealed columns: opened by their own row and a master key, by nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.conftest import MASTER_KEY, World
from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import keyring, uuid7
from voelgoed.foundation.resource.sealed import Keyring, KeysMissing
from voelgoed.ticketing.signing_key import SigningKey

OTHER_KEY = bytes(32)
numbers = iter(range(1, 1000))


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    keyring.use((MASTER_KEY,))
    yield
    keyring.use((MASTER_KEY,))


def _key(world: World, secret: bytes = b"private") -> SigningKey:
    with world.personas.home.scope():
        venue = Venue(name=f"Venue {uuid7()}")
        event = Event(venue_id=venue.id, name="Event")
        # The secret is named first: it must be bound to the row's key all the same.
        key = SigningKey(private_key=secret, event_id=event.id, number=next(numbers), public_key=b"open")
        for row in (venue, event, key):
            db.session.add(row)
            db.session.flush()
        commit()
        return key


def _stored(world: World, key: SigningKey) -> SigningKey:
    with world.personas.home.scope():
        return db.session.scalars(select(SigningKey).where(SigningKey.id == key.id)).one()


def test_what_was_sealed_opens_again(world: World) -> None:
    key = _key(world, b"private")
    assert _stored(world, key).private_key == b"private"


def test_what_is_stored_does_not_say_it(world: World) -> None:
    key = _key(world, b"a secret of some length")
    with psycopg.connect(world.database.url("postgres")) as admin:
        row = admin.execute("SELECT private_key_sealed FROM signing_key WHERE id = %s", (key.id,)).fetchone()
    assert row is not None
    assert b"secret" not in row[0]
    assert len(row[0]) == 12 + len(b"a secret of some length") + 16


def test_a_value_copied_to_another_row_does_not_open(world: World) -> None:
    one, two = _key(world, b"one"), _key(world, b"two")
    with psycopg.connect(world.database.url("postgres"), autocommit=True) as admin:
        admin.execute(
            "UPDATE signing_key SET private_key_sealed = (SELECT private_key_sealed FROM signing_key WHERE id = %s)"
            " WHERE id = %s",
            (one.id, two.id),
        )
    assert _stored(world, one).private_key == b"one"
    with pytest.raises(KeysMissing):
        _ = _stored(world, two).private_key


def test_a_value_copied_to_another_organization_does_not_open(world: World) -> None:
    key = _key(world, b"ours")
    copied = SigningKey(
        id=key.id, organization_id=world.personas.abroad.organization_id, event_id=key.event_id, number=1,
        public_key=b"open", private_key_sealed=key.private_key_sealed,
    )  # fmt: skip
    with pytest.raises(KeysMissing):
        _ = copied.private_key


def test_the_first_key_seals_and_all_open(world: World) -> None:
    old = _key(world, b"old")
    keyring.use((OTHER_KEY, MASTER_KEY))
    new = _key(world, b"new")
    assert (_stored(world, old).private_key, _stored(world, new).private_key) == (b"old", b"new")
    keyring.use((OTHER_KEY,))
    assert _stored(world, new).private_key == b"new"
    with pytest.raises(KeysMissing):
        _ = _stored(world, old).private_key


def test_without_keys_nothing_is_sealed() -> None:
    with pytest.raises(KeysMissing, match="VOELGOED_KEYS"):
        Keyring().seal(b"x", b"y")


def test_nothing_is_empty_and_stays_so(world: World) -> None:
    key = _key(world)
    key.private_key_sealed = None  # type: ignore[assignment]
    assert key.private_key is None


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_each_value_is_sealed_anew_and_opens_only_where_it_belongs(plain: bytes, place: bytes) -> None:
    ring = Keyring((MASTER_KEY,))
    sealed = ring.seal(plain, place)
    assert ring.open(sealed, place) == plain
    assert ring.seal(plain, place) != sealed
    with pytest.raises(KeysMissing):
        ring.open(sealed, place + b"!")
    with pytest.raises(KeysMissing):
        ring.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), place)
