"""A key works once: in progress it is refused, afterwards it joins, and only for who used it."""

from threading import Event, Thread

import pytest
from sqlalchemy import select

from tests.controls import goes_red
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.idempotency import InProgress, OtherBody, claim
from voelgoed.foundation.idempotency import claim as _claim
from voelgoed.foundation.idempotency.row import IdempotencyKey

CALL = {"method": "POST", "path": "/api/v1/checkouts", "body": b'{"quantity": 2}'}


def used(house, role="owner", key="k", **changes):
    """Ask under a key, as the boundary does; returns what the first request left."""
    with house.scope(role):
        claimed = claim(key, **{**CALL, **changes})
        if claimed.reference is None:
            claimed.keep(run="7")
        commit()
        return claimed.reference


def test_the_second_request_finds_the_first_ones_reference(personas):
    assert used(personas.home) is None
    assert used(personas.home) == {"run": "7"}


def test_another_body_under_the_same_key_is_refused(personas):
    used(personas.home)
    with personas.home.scope(), pytest.raises(OtherBody):
        claim("k", **{**CALL, "body": b'{"quantity": 3}'})


@pytest.mark.parametrize("changes", [{"path": "/api/v1/voids"}, {"method": "PUT"}, {"key": "l"}])
def test_another_call_is_another_key(personas, changes):
    used(personas.home)
    assert used(personas.home, **changes) is None


def test_a_colleague_and_an_outsider_have_keys_of_their_own(personas):
    used(personas.home)
    assert used(personas.home, "box_office") is None
    assert used(personas.abroad) is None


def test_work_that_was_rolled_back_leaves_the_key_free(personas):
    with personas.home.scope():
        claim("k", **CALL).keep(run="7")
        rollback()
    assert used(personas.home, body=b"corrected") is None


def test_the_key_itself_is_kept_nowhere(personas):
    used(personas.home, key="a-guessable-key")
    with personas.home.scope():
        row = db.session.scalars(select(IdempotencyKey)).one()
        assert "guessable" not in f"{row.fingerprint} {row.body_hash} {row.reference}"


def meanwhile(app, house):
    """Start the same request while the first has not committed; returns what the second one saw."""
    holds, go_on, seen = Event(), Event(), []

    def first():
        with app.app_context(), house.scope():
            claim("k", **CALL).keep(run="7")
            holds.set()
            go_on.wait(60)
            commit()

    thread = Thread(target=first)
    thread.start()
    assert holds.wait(60)
    try:
        with house.scope():
            seen.append(claim("k", **CALL))
    except InProgress as refusal:
        seen.append(refusal)
    go_on.set()
    thread.join()
    return seen[0]


def test_while_the_first_is_under_way_the_second_is_told_so(app, personas):
    assert isinstance(meanwhile(app, personas.home), InProgress)
    assert used(personas.home) == {"run": "7"}


def test_control_without_the_lock_the_second_would_work_too(app, personas, monkeypatch):
    import sys

    module = sys.modules[_claim.__module__]
    numbers = iter(range(100))
    monkeypatch.setattr(module, "_lock", lambda _printed: next(numbers))
    assert meanwhile(app, personas.home).reference is None


def test_the_lock_is_let_go_with_the_transaction(personas):
    used(personas.home)
    with personas.home.scope():
        claim("k", **CALL)
        commit()
        assert claim("k", **CALL).reference == {"run": "7"}


test_control_without_the_comparison_another_body_passes = goes_red(
    test_another_body_under_the_same_key_is_refused, claim, "OtherBody"
)
