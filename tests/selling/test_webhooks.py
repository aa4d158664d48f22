"""What processors tell: only theirs, stored once, applied in any order, and money that came too late goes back."""

import hashlib
import hmac
import json
import time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.checkout.programme import Sold, put_on
from tests.selling.checking import violations
from tests.selling.listening import listening
from tests.selling.online import ASKS, Standing, begin, carried, checkout_of, set_up, standing
from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import perform, take
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.workflow import Done, Failed
from voelgoed.foundation.workflow.journal import WorkflowRun
from voelgoed.payments import take_money
from voelgoed.payments.capture import Tender
from voelgoed.payments.gateway_account import GatewayAccount, Webhook, WebhookApplied
from voelgoed.payments.hooks import APPLY
from voelgoed.payments.payment import PayerPage
from voelgoed.selling import settle_webhook as said


@pytest.fixture
def programme(world):
    with world.personas.home.scope("manager"):
        yield put_on(Sold(capacity=10))
        rollback()


@pytest.fixture
def shop(processors, programme):
    return set_up(processors, "stripe")


class Post:
    """Delivers a processor's messages to our door, as the processor signs them."""

    def __init__(self, world, shop):
        self.client = world.app.test_client()
        account = rows(GatewayAccount).get(shop.row_id)
        self.hook, self.gateway = account.hook, account.gateway
        self.secret = account.webhook_secret if self.gateway == "stripe" else account.secret
        rollback()

    def deliver(self, body, secret=None, hook=None):
        raw = json.dumps(body).encode()
        return self.client.post(
            f"/-/hooks/{hook or self.hook}", data=raw, headers=self.signed(raw, secret or self.secret)
        )

    def signed(self, raw, secret):
        if self.gateway == "paystack":
            return {"x-paystack-signature": hmac.new(secret, raw, hashlib.sha512).hexdigest()}
        at = int(time.time())
        mark = hmac.new(secret, f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={at},v1={mark}"}


def intent(key, kind="payment_intent.succeeded", event=None):
    thing = {"id": "pi_1", "metadata": {"key": key}, "client_secret": "canary-secret", "odd": "a\0b"}
    return {"id": event or f"evt_{uuid4().hex}", "type": kind, "data": {"object": thing}}


def apply_all():
    """Do the jobs that the stored messages asked for; returns what came of each, in order."""
    waiting = db.session.scalars(
        select(OutboxRow.id).where(OutboxRow.task == APPLY, OutboxRow.done_at.is_(None)).order_by(OutboxRow.id)
    ).all()
    rollback()
    results = []
    for row_id in waiting:
        claim = take(row_id)
        assert perform(current_scope().organization_id, claim)
        newest = rows(WebhookApplied).filter_by(webhook_id=UUID(claim.payload["webhook_id"]))
        results.append(newest.order_by(WebhookApplied.id.desc()).first().result)
        rollback()
    return results


def test_only_the_processors_own_messages_are_taken(world, programme, shop, processors):
    post = Post(world, shop)
    stored = rows(Webhook).count()
    rollback()
    body = intent("run:charge:0")
    assert post.deliver(body, secret=b"whsec_other").status_code == 400
    assert post.deliver(body, hook=uuid4()).status_code == 404
    assert post.client.post(f"/-/hooks/{post.hook}", data=b"{}").status_code == 400
    assert post.deliver([1]).status_code == post.deliver({"id": 1}).status_code == 400
    assert post.deliver({"x": "y" * 400_000}).status_code == 413
    assert rows(Webhook).count() == stored
    rollback()
    assert post.deliver(body).json == {"received": True}
    kept = rows(Webhook).order_by(Webhook.id.desc()).first()
    assert (kept.charge_key, kept.kind, "canary" in json.dumps(kept.body)) == ("run:charge:0", body["type"], False)
    rollback()
    assert apply_all() == [said.NOT_OURS]
    with world.personas.abroad.scope():  # the same processor's key elsewhere opens nothing here
        there = Post(world, set_up(processors, "stripe"))
    assert there.deliver(body, hook=post.hook).status_code == 400


def test_a_message_wakes_its_sale_whatever_the_order_and_however_often(world, programme, shop):
    post = Post(world, shop)
    run_id = begin(programme, shop.tender(35000, ASKS))
    assert carried(run_id) is None
    page = rows(PayerPage).order_by(PayerPage.id.desc()).first().url
    rollback()
    shop.at.visit(page, "complete")
    key = f"{run_id}:charge:0"
    failed, done = intent(key, "payment_intent.requires_action"), intent(key)
    for body in (done, done, failed, done):
        assert post.deliver(body).status_code == 200
    assert apply_all() == [said.WOKE, said.WOKE]
    due = db.session.scalar(select(OutboxRow.due_at <= OutboxRow.enqueued_at).where(OutboxRow.subject_id == run_id))
    rollback()
    assert due
    assert isinstance(carried(run_id), Done)
    assert standing(run_id) == Standing([("stripe", 35000)], [], 1, 1)
    post.deliver(intent(key))
    assert apply_all() == [said.KNOWN]
    assert shop.at.moved() == [("charge", 35000)]


def test_a_sale_that_waits_for_a_person_looks_again(world, programme, shop):
    shop.at.fault("drop", when="after", method="POST")
    run_id = begin(programme, shop.tender(35000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(take_money, "UNSURE_FOR", 0.0)
        assert carried(run_id) is None
    Post(world, shop).deliver(intent(f"{run_id}:charge:0"))
    assert apply_all() == [said.LOOKS_AGAIN]
    assert isinstance(carried(run_id), Done)


def test_money_that_comes_after_the_end_goes_back(world, programme, processors, monkeypatch):
    shop = set_up(processors, "paystack")
    post = Post(world, shop)
    run_id = begin(programme, Tender("paystack", 35000))
    assert carried(run_id) is None
    page = rows(PayerPage).order_by(PayerPage.id.desc()).first().url
    rollback()
    monkeypatch.setattr(take_money, "PAYER_HAS", 0.0)
    assert isinstance(carried(run_id), Failed)
    assert standing(run_id) == Standing([], ["declined"], 1, 0)
    shop.at.visit(page, "pay")
    reference = f"{run_id}:charge:0".replace(":", ".")
    for status in ("failed", "success", "success"):
        event = {"event": f"charge.{status}", "data": {"id": 9, "status": status, "reference": reference}}
        assert post.deliver(event).status_code == 200
    assert apply_all() == [said.NOTHING_CAME, said.TOO_LATE]
    back = rows(WorkflowRun).filter_by(workflow="settle_unknown_charge").order_by(WorkflowRun.id.desc()).first().id
    rollback()
    assert carried(back).results["given_back"] == "given back"
    assert shop.at.moved() == [("charge", 35000), ("refund", 35000)]
    assert violations() == {}


def test_the_simulators_own_messages_arrive(world, programme, shop, monkeypatch):
    """Delivered over real HTTP by the simulator: signed, doubled, reordered, forged."""
    account = rows(GatewayAccount).get(shop.row_id)
    hook, secret = account.hook, account.webhook_secret.decode()
    rollback()
    with listening(world.app) as address:
        shop.at.set(webhook_url=f"{address}/-/hooks/{hook}", webhook_secret=secret, retries=[])
        times = {}
        for fault in ("duplicate", "reorder", "wrong_signature"):
            shop.at.webhook_fault(fault, event="payment_intent.succeeded")
            run_id = begin(programme, shop.tender(35000))
            assert isinstance(carried(run_id), Done)
            shop.at.wait_for_webhooks()
            mine = rows(Webhook).filter_by(charge_key=f"{run_id}:charge:0", kind="payment_intent.succeeded")
            times[fault] = mine.count()
            rollback()
    assert times == {"duplicate": 1, "reorder": 1, "wrong_signature": 0}
    assert set(apply_all()) == {said.KNOWN}


def test_the_payer_comes_back_to_a_page_that_wakes_the_sale(world, programme, shop):
    run_id = begin(programme, shop.tender(35000, ASKS))
    carried(run_id)
    client, path = world.app.test_client(), f"/home/checkouts/{checkout_of(run_id)}/returned"
    rollback()
    page = rows(PayerPage).order_by(PayerPage.id.desc()).first().url
    rollback()
    shop.at.visit(page, "complete")
    waits = client.get(f"{path}?payment_intent_client_secret=x&redirect_status=succeeded")
    assert (waits.status_code, b"Thank you" in waits.data) == (200, True)
    due = db.session.scalar(select(OutboxRow.due_at <= OutboxRow.enqueued_at).where(OutboxRow.subject_id == run_id))
    rollback()
    assert due
    assert isinstance(carried(run_id), Done)
    assert b"You have paid" in client.get(path).data
    assert client.get(path.replace("/home/", "/abroad/")).status_code == 404
    assert client.get(f"/home/checkouts/{uuid4()}/returned").status_code == 404


def test_the_pages_list_show_and_replay(world, programme, shop):
    post = Post(world, shop)
    run_id = begin(programme, shop.tender(35000))
    carried(run_id)
    post.deliver(intent(f"{run_id}:charge:0"))
    apply_all()
    hook_id = rows(Webhook).order_by(Webhook.id.desc()).first().id
    rollback()
    manager, path = world.personas.client("manager"), "/home/settings/webhooks"
    assert said.KNOWN in manager.get(path).text
    shown = manager.get(f"{path}/{hook_id}")
    assert "payment_intent.succeeded" in shown.text
    assert "canary" not in shown.text
    assert manager.post(f"{path}/{hook_id}/replays").status_code == 303
    assert apply_all() == [said.KNOWN]
    assert manager.get(f"{path}/{hook_id}").text.count(said.KNOWN) == 2
    assert manager.get(f"{path}?before={hook_id}").status_code == 200
    for stranger, status in ((world.personas.client("box_office"), 403), (world.personas.outsider(), 404)):
        assert stranger.get(path).status_code == status
        assert stranger.get(f"{path}/{hook_id}").status_code == status
        assert stranger.post(f"{path}/{hook_id}/replays").status_code == status


def test_a_message_about_another_deed_wakes_the_run_in_its_key(world, programme, shop):
    post = Post(world, shop)
    run_id = begin(programme, shop.tender(35000, ASKS))
    carried(run_id)
    for key in (f"{run_id}:send_back", f"{uuid4()}:send_back", "no key of ours", f"{run_id}"):
        post.deliver(intent(key, "refund.updated"))
    assert apply_all() == [said.WOKE_REFUND, said.NOT_OURS, said.NOT_OURS, said.NOT_OURS]
