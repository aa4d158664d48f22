"""A refund that was sent and failed later: owed again by a reversing entry, and a person says how it goes on."""

import pytest

from tests.checkout.programme import Sold, put_on
from tests.selling.checking import own_cash, violations
from tests.selling.online import carried, set_up
from tests.selling.refunding import carry_all, ends, give_back, sold
from tests.selling.test_webhooks import Post, apply_all
from voelgoed.boxoffice.sales import _refunds
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import Done
from voelgoed.foundation.workflow.journal import WorkflowRun
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import REFUNDS_PAYABLE, clearing_of
from voelgoed.ledger.entry import JournalEntry
from voelgoed.payments.gateway_account import Webhook
from voelgoed.payments.payment import Payment, RefundEnd, RefundFailure
from voelgoed.selling import settle_webhook as said
from voelgoed.selling.stuck_refunds import pay_in_cash, send_again, stuck_refunds

GATEWAYS = ("stripe", "paystack")


@pytest.fixture
def home(personas):
    with personas.home.scope("manager"):
        yield personas
        rollback()


class Shop:
    """A sale of R350 through a processor, refunded in part, and the processor's word on it."""

    def __init__(self, home, processors, gateway):
        self.gateway, self.shop = gateway, set_up(processors, gateway)
        # Paystack's refunds wait before they end; one that ended well does not fail any more.
        self.shop.at.set(refunds="pending" if gateway == "paystack" else "processed")
        self.sale = sold(put_on(Sold()), self.shop.tender(35000))
        self.post = Post(home, self.shop)

    def give_back(self, cents, key):
        give_back(self.sale, cents, key)
        carry_all()

    def fails(self, processors, place=-1):
        number = str(self.shop.at.happened()["refund"][place]["id"])
        processors.control(f"/refunds/{number}", status="failed")

    def tell(self, key, kind="refund.failed"):
        if self.gateway == "stripe":
            body = {"id": f"evt_{kind}_{key}", "type": kind, "data": {"object": {"metadata": {"key": key}}}}
        else:
            reference = rows(Payment).filter_by(checkout_id=self.sale).one().reference
            body = {"event": kind, "data": {"transaction_reference": reference, "status": "failed", "id": key}}
        rollback()
        assert self.post.deliver(body).status_code == 200
        return apply_all()


def keys():
    return [f"{one.id}:send_back" for one in rows(WorkflowRun).filter_by(workflow="pay_back").order_by(WorkflowRun.id)]


def look():
    """Carry on whatever looks after refunds; returns what each found."""
    runs = [one.id for one in rows(WorkflowRun).filter_by(workflow="look_after_refund").order_by(WorkflowRun.id)]
    rollback()
    found = [carried(one) for one in runs]
    rollback()
    assert all(isinstance(one, Done) for one in found)
    return [one.results["owed_again"] for one in found]


def balances(gateway):
    found = [balance_of(one, "ZAR") for one in (clearing_of(gateway), REFUNDS_PAYABLE, own_cash())]
    rollback()
    return found


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_what_came_back_is_owed_again_and_sent_anew(home, processors, gateway):
    shop = Shop(home, processors, gateway)
    shop.give_back(5000, "one")
    key = keys()[0]
    assert (shop.tell(key), look()) == ([said.LOOKS_AFTER], [False])
    assert balances(gateway) == [30000, 0, 0]
    shop.fails(processors)
    assert (shop.tell(key, "refund.updated"), look()) == ([said.LOOKS_AFTER], [False, True])
    assert balances(gateway) == [35000, -5000, 0]
    assert violations() == {}
    waits = stuck_refunds()
    assert (len(waits), waits[0].choices[0], "failed there later" in waits[0].reason) == (1, "again", True)
    assert [end for _, _, end in _refunds(rows(Checkout).get(shop.sale))] == [None]
    reversing = rows(JournalEntry).filter_by(source_kind="refund_failure").one()
    assert rows(JournalEntry).get(reversing.reverses_id).source_kind == "refund_end"
    refund_id = waits[0].refund.id
    rollback()
    send_again(refund_id)
    commit()
    assert stuck_refunds() == []
    carry_all()
    assert ends() == [(gateway, "sent", 5000)] * 2
    assert (balances(gateway), violations(), stuck_refunds()) == ([30000, 0, 0], {}, [])
    assert sorted(one.round for one in rows(RefundEnd)) == [1, 2]
    assert len(set(keys())) == 2


def test_of_two_refunds_only_the_one_that_failed_is_owed_and_it_may_be_paid_in_cash_once(home, processors):
    shop = Shop(home, processors, "paystack")
    shop.give_back(5000, "one")
    shop.give_back(7000, "two")
    failed = [one["amount"] for one in shop.shop.at.happened()["refund"]].index(7000)
    shop.fails(processors, failed)
    for _ in range(2):
        shop.tell("any")
        look()
    assert (balances("paystack"), rows(RefundFailure).count()) == ([30000, -7000, 0], 1)
    refund_id = stuck_refunds()[0].refund.id
    pay_in_cash(refund_id, "called the buyer")
    commit()
    assert (balances("paystack"), violations()) == ([30000, 0, -7000], {})
    with pytest.raises(Problem, match="settled"):
        pay_in_cash(refund_id, "again")
    rollback()


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_a_message_that_is_applied_again_has_the_refund_looked_at_again(home, processors, gateway):
    shop = Shop(home, processors, gateway)
    shop.give_back(5000, "one")
    assert (shop.tell(keys()[0]), look()) == ([said.LOOKS_AFTER], [False])
    shop.fails(processors)
    hook_id = rows(Webhook).order_by(Webhook.id.desc()).first().id
    rollback()
    replayed = home.client("owner").post(f"/home/settings/webhooks/{hook_id}/replays")
    assert (replayed.status_code, apply_all(), look()) == (303, [said.LOOKS_AFTER], [False, True])
    assert (balances(gateway), violations()) == ([35000, -5000, 0], {})
