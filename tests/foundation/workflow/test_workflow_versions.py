"""A run ends under the version under which it began; without it the application does not start."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from sqlalchemy import select

from voelgoed import create_app
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.workflow import (
    Done,
    OldVersion,
    UnfinishedRuns,
    Workflow,
    carry_on,
    forget,
    refuse_unfinished_runs,
    run,
    start,
    unfinished_without_version,
    workflow,
)
from voelgoed.foundation.workflow.journal import RunStuck
from voelgoed.foundation.workflow.versions import Missing

NAME = "test_versions"


@dataclass
class Add:
    number: int


def declare(version: int) -> Workflow[Add]:
    made = Workflow(NAME, inputs=Add, version=version)

    def added(number: int) -> int:
        return number + version

    made.step(added)
    return made


@pytest.fixture
def first() -> Iterator[Workflow[Add]]:
    yield declare(1)
    forget(NAME)


@pytest.fixture
def begun(house, first):
    """A run of the first version that has not been carried on."""
    with house.scope():
        run_id = start(first, Add(10), key="1", send=False)
        commit()
    return run_id


@pytest.fixture
def missing(database):
    """Return what asks as the application's role, outside of every organization."""

    def asked() -> list[Missing]:
        with psycopg.connect(database.url("voelgoed_app")) as connection:
            return unfinished_without_version(connection)

    return asked


def test_a_run_ends_under_its_version_and_begins_under_the_newest(house, begun):
    second = declare(2)
    assert (workflow(NAME), workflow(NAME, 1).version, workflow(NAME, 2)) == (second, 1, second)
    with house.scope():
        assert carry_on(begun) == Done({"added": 11})
        assert run(second, Add(10), key="2") == Done({"added": 12})


def test_a_key_of_an_earlier_version_is_the_same_run(house, begun):
    with house.scope():
        assert start(declare(2), Add(10), key="1") == begun
        rollback()


def test_nothing_begins_under_an_earlier_version(house, first):
    declare(2)
    with house.scope(), pytest.raises(OldVersion, match="test_versions: version 1 is there to be ended, begin 2"):
        start(first, Add(1), key="1")


def test_an_unknown_version_says_what_there_is(first):
    declare(3)
    with pytest.raises(LookupError, match="there is no version 2 of test_versions; there are: 1, 3"):
        workflow(NAME, 2)


def test_a_run_waits_for_its_version(house, begun, heal):
    forget(NAME)
    declare(2)
    with house.scope():
        assert carry_on(begun) is None
        said = db.session.scalars(select(OutboxRow.last_error)).one()
    assert said == "OtherVersion: test_versions: there is no version 1 of test_versions; there are: 2"
    declare(1)
    assert heal(begun) == Done({"added": 11})


def test_the_application_starts_only_with_the_versions_that_runs_need(house, database, begun, missing):
    assert missing() == []
    refuse_unfinished_runs(database.config().database_url)
    forget(NAME, 1)
    declare(2)
    assert missing() == [Missing(NAME, 1, 1)], "whatever the organization: nobody is in one when it starts"
    with pytest.raises(UnfinishedRuns) as refused:
        create_app(database.config())
    assert str(refused.value) == (
        "runs have not ended that only earlier code can end: test_versions version 1 (1 of them): let it end them first"
    )
    declare(1)
    with house.scope():
        carry_on(begun)
    forget(NAME)
    assert missing() == [], "it has ended, and nobody needs its version"


def test_a_run_that_waits_for_a_person_needs_its_version(house, begun, missing):
    with house.scope():
        db.session.add(RunStuck(run_id=begun, step="added", reason="who knows"))
        db.session.query(OutboxRow).delete()
        commit()
    forget(NAME)
    assert missing() == [Missing(NAME, 1, 1)]
