"""The accounts' page: keys go in and never come out, test and live are kept apart."""

import pytest

from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.gateway_account import GatewayAccount

PATH = "/home/settings/payments"
CANARY = "sk_test_canary0123456789"
KEYS = {"gateway": "stripe", "mode": "test", "secret": CANARY, "webhook_secret": "whsec_canary9876"}


@pytest.fixture
def owner(world):
    return world.personas.client("owner")


def accounts(world):
    with world.personas.home.scope():
        return {(one.gateway, one.mode): one for one in rows(GatewayAccount)}


def test_keys_are_set_and_never_shown(world, owner):
    assert owner.post(PATH, data=KEYS).status_code == 303
    made = accounts(world)["stripe", "test"]
    with world.personas.home.scope():
        assert (made.secret, made.webhook_secret) == (CANARY.encode(), b"whsec_canary9876")
        trail = [str(one.changes) for one in rows(AuditEntry)]
    assert any("gateway" in one for one in trail)
    for text in (*trail, owner.get(PATH).text, world.personas.client("auditor").get(PATH).text):
        assert "canary" not in text
        assert CANARY[-4:] not in text
    assert f"/-/hooks/{made.hook}" in owner.get(PATH).text
    wrong = owner.post(PATH, data=KEYS | {"mode": "live"})
    assert (wrong.status_code, "canary" in wrong.text) == (422, False)
    again = owner.post(PATH, data=KEYS | {"secret": "sk_test_another01234", "webhook_secret": ""})
    assert again.status_code == 303
    assert accounts(world)["stripe", "test"].hook == made.hook
    with world.personas.home.scope():
        kept = rows(GatewayAccount).get(made.id)
        assert (kept.secret, kept.webhook_secret) == (b"sk_test_another01234", b"whsec_canary9876")


def test_of_a_processors_accounts_one_is_used(world, owner):
    for mode in ("test", "live"):
        owner.post(PATH, data={"gateway": "paystack", "mode": mode, "secret": f"sk_{mode}_0123456789"})
    found = accounts(world)
    assert (found["paystack", "test"].active, found["paystack", "live"].active) == (False, True)
    owner.post(f"{PATH}/{found['paystack', 'test'].id}/uses")
    found = accounts(world)
    assert (found["paystack", "test"].active, found["paystack", "live"].active) == (True, False)
    owner.post(f"{PATH}/{found['paystack', 'test'].id}/rests")
    assert not any(one.active for key, one in accounts(world).items() if key[0] == "paystack")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"secret": "pk_test_0123456789"}, "secret"), ({"secret": "sk_live_0123456789"}, "secret"),
        ({"secret": "sk_test_"}, "secret"), ({"secret": "sk_test_é123456789"}, "secret"),
        ({"webhook_secret": "hunter2hunter2"}, "webhook_secret"), ({"gateway": "paystack"}, "webhook_secret"),
        ({"gateway": "other"}, "gateway"), ({"mode": "other"}, "mode"), ({"address": "http://inside.test"}, "address"),
    ],
)  # fmt: skip
def test_wrong_keys_are_refused_at_their_field(owner, more, field):
    answer = owner.post(PATH, data=KEYS | more)
    assert answer.status_code == 422
    assert field == "address" or f'id="{field}-error"' in answer.text


def test_only_an_owner_sets_them(world, owner):
    owner.post(PATH, data=KEYS)
    account_id = accounts(world)["stripe", "test"].id
    for role, reads in (("manager", 403), ("box_office", 403), ("accountant", 200), ("auditor", 200)):
        client = world.personas.client(role)
        assert client.get(PATH).status_code == reads
        for path in (PATH, f"{PATH}/{account_id}/uses", f"{PATH}/{account_id}/rests"):
            assert client.post(path, data=KEYS).status_code == 403
    stranger = world.personas.outsider()
    assert stranger.get(PATH).status_code == 404
    for path in (f"/abroad/settings/payments/{account_id}/{deed}" for deed in ("uses", "rests")):
        assert stranger.post(path).status_code == 404
