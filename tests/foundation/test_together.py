"""New rows of many classes go in one statement: recorded, filtered and taken back as any others."""

from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import func
from sqlalchemy.exc import IntegrityError

from tests.sent import sent
from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import PlainSQL, at_hand, current_scope, read_once, rows
from voelgoed.foundation.tenancy.filter import ForeignRow
from voelgoed.foundation.together import write_unless_there


@pytest.fixture
def home(personas):
    with personas.home.scope():
        yield personas.home
        rollback()


def place(name="Oewerpark"):
    """Add a venue, a zone of it and a gate into that: nothing is sent yet."""
    venue = Venue(name=name, address="Kerk Street 1")
    zone = Zone(venue_id=venue.id, name="Lawn", capacity=100)
    gate = Gate(venue_id=venue.id, name="Main", into_id=zone.id)
    db.session.add_all([gate, zone, venue])  # in whatever order: what names another is judged at the end
    return venue, zone, gate


def test_many_classes_are_one_statement_and_one_entry_each(home):
    rollback()
    with sent() as said:
        venue, zone, gate = place()
        commit()
    assert [one.split()[0] for one in said if not one.startswith("SET")] == ["select", "WITH"], (
        said
    )  # who acts is said, then all is written
    recorded = rows(AuditEntry).filter(AuditEntry.object_id.in_([venue.id, zone.id, gate.id])).all()
    assert {(one.object, one.action, one.actor_label) for one in recorded} == {
        (table, "created", home.actor().label) for table in ("venue", "zone", "gate")
    }
    assert len(recorded) == 3
    assert at_hand(Venue, venue.id) is venue
    assert (venue.timezone, venue.created_at <= now()) == ("Africa/Johannesburg", True)


def test_what_is_written_is_what_the_unit_of_work_would_write(home):
    """Defaults, moments, JSON, and a column that the database works out; an SQL expression goes the ordinary way."""
    venue, *_ = place("São Paulo \u2028 'O''Neil' \\ 100 %")
    job = OutboxRow(queue="checkout", task="voelgoed.x", payload={"a": [1, None]}, actor_kind="user",
                    actor_label="x", due_at=now())  # fmt: skip
    late = OutboxRow(queue="checkout", task="voelgoed.y", payload={}, actor_kind="user", actor_label="x",
                     due_at=func.clock_timestamp())  # fmt: skip
    db.session.add(job)
    db.session.flush()
    db.session.add(late)
    db.session.flush()
    due_at = job.due_at
    db.session.expire_all()
    assert venue.name == "São Paulo \u2028 'O''Neil' \\ 100 %"
    assert venue.name_key == venue.name.lower()
    assert (job.payload, job.due_at, job.attempts, job.done_at) == ({"a": [1, None]}, due_at, 0, None)
    assert late.due_at is not None


def test_a_rollback_forgets_them(home):
    venue, *_ = place()
    db.session.flush()
    assert rows(Venue).filter_by(id=venue.id).count() == 1
    rollback()
    assert rows(Venue).filter_by(id=venue.id).count() == 0
    with db.session.begin_nested() as inner:
        again, *_ = place("Another")
        db.session.flush()
        inner.rollback()
    assert again not in db.session


def test_what_the_database_refuses_is_raised(home):
    db.session.add(Zone(venue_id=uuid4(), name="Nowhere", capacity=1))
    with pytest.raises(IntegrityError):
        db.session.flush()
    rollback()


def test_a_row_of_another_organization_is_refused_here_and_by_the_database(home, personas, monkeypatch):
    db.session.add(Venue(name="Theirs", address="x", organization_id=personas.abroad.organization_id))
    with pytest.raises(ForeignRow):
        db.session.flush()
    monkeypatch.setattr("voelgoed.foundation.together.refuse_foreign", lambda *_: None)
    with pytest.raises(Exception, match="row-level security"):
        db.session.flush()
    rollback()


def test_all_or_none_are_written_under_a_key(home):
    venue, *_ = place()
    held = Event(venue_id=venue.id, name="Somernagte", nature="Concert")
    db.session.add(held)
    commit()
    key = uuid4()
    for expected in (True, False):
        made = Checkout(event_id=held.id, key=key, currency="ZAR", total_cents=0, seller_label="x")
        beside = Venue(name="Beside", address="x")
        db.session.add_all([made, beside])
        assert write_unless_there(made, "key") is expected
        assert (made in db.session, beside in db.session) == (expected, expected)
        commit()
    assert (rows(Checkout).count(), rows(Venue).filter_by(name="Beside").count()) == (1, 1)


def test_plain_sql_sees_its_own_organization_and_what_is_pending(home, personas):
    names = PlainSQL("reports", "SELECT name FROM venue ORDER BY name")
    place("Ours")
    assert [row.name for row in names.all()] == ["Ours"]
    apart = PlainSQL("reports", "SELECT count(*) AS number FROM venue", apart=True)
    place("Pending")
    assert apart.one().number == 1
    commit()
    with personas.abroad.scope():
        assert names.all() == []
    with pytest.raises(LookupError):
        PlainSQL("kitchen", "SELECT 1")


def test_plain_sql_is_recorded_under_who_acts(home, database):
    venue, *_ = place()
    commit()
    PlainSQL("reports", "UPDATE venue SET name = 'New' WHERE id = %(id)s RETURNING id", writes=True).one(id=venue.id)
    commit()
    last = rows(AuditEntry).filter_by(object_id=venue.id).order_by(AuditEntry.created_at.desc()).first()
    assert (last.changes["name"], last.actor_label) == (["Oewerpark", "New"], home.actor().label)
    with psycopg.connect(database.url("postgres")) as connection, pytest.raises(psycopg.Error):
        connection.execute("SET ROLE voelgoed_app; UPDATE audit_entry SET actor_label = 'x'")


def test_read_once_lasts_as_long_as_its_transaction(home):
    read = iter(range(10))

    def ask():
        return read_once("number", lambda: next(read))

    db.session.connection()
    assert (ask(), ask()) == (0, 0)
    with db.session.begin_nested():
        assert (ask(), ask()) == (1, 2)  # what is locked in a savepoint may be let go with it
    assert ask() == 0
    commit()
    db.session.connection()
    assert ask() == 3
    assert current_scope().organization_id == home.organization_id
