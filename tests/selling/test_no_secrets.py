"""Canaries: keys, secrets and ways of paying, looked for afterwards in every table, log, page and job."""

import logging
import secrets

import psycopg
import pytest

from tests.checkout.programme import Sold, put_on
from tests.selling.checking import violations
from tests.selling.online import ASKS, begin, carried, set_up
from tests.selling.test_webhooks import Post, apply_all, intent
from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.payments.payment import PayerPage

WHERE_THE_BANK_IS = "payer_page"
"""The payer's own address at their bank holds what opens it, and is kept for nothing else."""


def everything(database):
    """Return table → all its rows as text."""
    with psycopg.connect(database.url("postgres")) as connection:
        names = [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return {
            name: " ".join(row[0] for row in connection.execute(f'SELECT row_to_json(t)::text FROM "{name}" t'))
            for name in names if name != WHERE_THE_BANK_IS
        }  # fmt: skip


@pytest.fixture
def logged(caplog):
    caplog.set_level(logging.INFO)
    return lambda: caplog.text


def test_no_secret_is_anywhere_afterwards(world, processors, logged, capfd):
    with world.personas.home.scope("manager"):
        programme = put_on(Sold(capacity=20))
        canaries = _evening(world, processors, programme)
        assert violations() == {}
    pages = [
        world.personas.client(role).get(f"/home/settings/{page}").text
        for role, page in (("owner", "payments"), ("owner", "webhooks"), ("auditor", "payments"))
    ]
    said = {**everything(world.database), "log": logged(), "output": "".join(capfd.readouterr()), "pages": str(pages)}
    found = [(canary, place) for canary in canaries for place, text in said.items() if canary in text]
    assert found == []
    assert "charge:0" in said["charge"]  # a control: the search sees what is there


def _evening(world, processors, programme):
    """Sell in every way there is; returns what nobody may see afterwards."""
    canaries = []
    for gateway in ("stripe", "paystack"):
        shop = set_up(processors, gateway)
        account = rows(GatewayAccount).get(shop.row_id)
        canaries += [account.secret.decode(), account.webhook_secret.decode()]
        rollback()
        shop.at.fault("drop", when="after", method="POST")
        run_id = begin(programme, shop.tender(35000))
        carried(run_id, looks=4)
        post = Post(world, shop)
        key, canary = f"{run_id}:charge:0", f"canary_{secrets.token_hex(8)}"
        canaries.append(canary)
        thing = {"id": 7, "status": "success", "reference": key.replace(":", "."), "authorization": {"c": canary}}
        post.deliver(intent(key) if gateway == "stripe" else {"event": "charge.success", "data": thing})
        post.deliver(intent(key), secret=b"whsec_wrong")
        apply_all()
    canaries += ["canary-secret", "AUTH_success", "pm_card_visa", ASKS]
    return canaries + _asked_by_the_bank(processors, programme)


def _asked_by_the_bank(processors, programme):
    shop = set_up(processors, "stripe")
    run_id = begin(programme, shop.tender(35000, ASKS))
    carried(run_id)
    page = rows(PayerPage).order_by(PayerPage.id.desc()).first().url
    rollback()
    shop.at.visit(page, "fail")
    carried(run_id)
    return [page.rpartition("/")[2], shop.at.secret]
