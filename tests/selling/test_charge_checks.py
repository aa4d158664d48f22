"""Negative controls: what must never be is planted behind the application's back, and the checkers see it."""

import psycopg
import pytest

from tests.checkout.programme import Sold, put_on
from tests.selling.checking import violations
from tests.selling.online import begin, carried
from voelgoed.foundation.boundary import rollback
from voelgoed.payments.capture import Tender

APPROVED = Tender("card", 35000, reference="Slip 1")
END = ("INSERT INTO charge_end (organization_id, id, charge_id, how, reason)"
       " SELECT organization_id, gen_random_uuid(), id, 'declined', 'x' FROM charge")  # fmt: skip
COPY = ("INSERT INTO charge (organization_id, id, checkout_id, attempt, tender, gateway, key, amount_cents, currency)"
        " SELECT organization_id, gen_random_uuid(), checkout_id, attempt, tender, gateway, key, amount_cents, currency"
        " FROM charge")  # fmt: skip


@pytest.fixture
def plant(personas, database):
    def planted(*statements):
        with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            for statement in statements:
                connection.execute(statement)
        return violations()

    with personas.home.scope("box_office"):
        yield planted


def paid():
    carried(begin(put_on(Sold()), APPROVED))
    rollback()


def test_a_charge_that_paid_and_ended_is_seen(plant):
    paid()
    assert plant() == {}
    assert plant(END) == {"M3": 1}


def test_a_charge_that_was_forgotten_is_seen(plant):
    begin(put_on(Sold()), APPROVED)
    rollback()
    assert plant() == {}
    assert plant("UPDATE charge SET created_at = now() - interval '31 minutes'") == {"M3": 1}
    waits = (
        "INSERT INTO run_stuck (organization_id, id, run_id, direction, step, item, reason)"
        " SELECT organization_id, gen_random_uuid(), run_id, 'forward', 'charge', 0, 'x' FROM checkout_attempt"
    )
    assert plant(waits) == {}


def test_a_sale_that_is_done_without_its_charge_is_seen(plant):
    paid()
    assert plant("DELETE FROM payment")["M3"] >= 1
    assert plant(END)["M3"] >= 1


def test_two_charges_of_one_tender_and_another_amount_are_seen(plant):
    paid()
    drop = (
        "DO $$ DECLARE one record; BEGIN"
        " FOR one IN SELECT conname FROM pg_constraint WHERE conrelid = 'charge'::regclass AND contype = 'u' LOOP"
        " EXECUTE format('ALTER TABLE charge DROP CONSTRAINT %I', one.conname); END LOOP;"
        " FOR one IN SELECT indexrelid::regclass AS name FROM pg_index"
        " WHERE indrelid = 'charge'::regclass AND indisunique AND NOT indisprimary LOOP"
        " EXECUTE format('DROP INDEX %s', one.name); END LOOP; END $$"
    )
    assert plant(drop, COPY) == {"M3": 1, "M6": 2}


def test_a_payment_of_another_amount_than_was_asked_is_seen(plant):
    paid()
    assert plant("UPDATE charge SET amount_cents = 1") == {"M6": 1}
