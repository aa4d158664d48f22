"""A person settles what nobody knows: each choice once, with the money and the books as it says."""

import pytest

from tests.checkout.programme import Sold, hold, put_on
from tests.controls import goes_red
from tests.selling.checking import violations
from tests.selling.online import Standing, begin, carried, ended, set_up, standing
from tests.selling.test_paying_outside import _let_expire
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import Done, Failed
from voelgoed.foundation.workflow.journal import WorkflowRun
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import WRITTEN_OFF, clearing_of
from voelgoed.payments import take_money
from voelgoed.payments.capture import Tender
from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.payments.gateways import Asking, Sent, gateway_of
from voelgoed.payments.payment import Payment
from voelgoed.selling import settle_unknown_charge as settling
from voelgoed.selling.unknown_charges import unknown_charges

NOT_SURE = Tender("card", 35000, reference="Slip 4", outcome="not_sure")


@pytest.fixture
def programme(world):
    with world.personas.home.scope("manager"):
        yield put_on(Sold(capacity=10))
        rollback()


@pytest.fixture
def shop(processors, programme):
    return set_up(processors, "stripe")


def doubtful(programme, shop, when="after"):
    """A sale whose processor did not say what it did; returns its run."""
    shop.at.fault("drop", when=when, method="POST")
    run_id = begin(programme, shop.tender(35000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(take_money, "UNSURE_FOR", 0.0)
        assert carried(run_id) is None
    return run_id


def unknown(run_id):
    found = next((one for one in unknown_charges() if one.run_id == run_id), None)
    rollback()
    return found


def settled(deed, run_id, *said, looks=1):
    deed(unknown(run_id).charge.id, *said)
    commit()
    return carried(run_id, looks)


def test_what_is_known_is_told(programme, shop):
    run_id = doubtful(programme, shop)
    one = unknown(run_id)
    assert (one.charge.amount_cents, one.charge.gateway, one.charge.key) == (35000, "stripe", f"{run_id}:charge:0")
    assert "gave no answer" in one.reason
    assert one.from_whom == "manager of home"
    assert one.choices == ("check", "captured", "not_captured", "refund", "write_off")
    assert [mine.run_id for mine in unknown_charges(one.charge.checkout.seller_id) if mine.run_id == run_id] == [run_id]
    assert unknown_charges(run_id) == []
    rollback()


def test_checking_again_finds_the_money_or_charges_once_more(programme, shop):
    for when in ("after", "before"):
        run_id = doubtful(programme, shop, when)
        assert isinstance(settled(settling.check_again, run_id), Done)
        assert standing(run_id) == Standing([("stripe", 35000)], [], 1, 1)
        assert unknown(run_id) is None
    assert shop.at.moved() == [("charge", 35000)] * 2


def test_captured_with_evidence_makes_the_tickets(programme):
    run_id = begin(programme, NOT_SURE)
    assert carried(run_id) is None
    assert unknown(run_id).choices == ("captured", "not_captured", "refund", "write_off")
    for number in ("4242424242424242", "1234567890123"):
        with pytest.raises(Problem, match="card"):
            settling.mark_captured(unknown(run_id).charge.id, number)
        rollback()
    assert isinstance(settled(settling.mark_captured, run_id, "Batch 12, line 3"), Done)
    assert standing(run_id) == Standing([("card", 35000)], [], 1, 1)
    assert rows(Payment).filter_by(key=f"{run_id}:charge:0").one().reference == "Batch 12, line 3"
    rollback()
    assert violations() == {}


@pytest.mark.parametrize(
    ("deed", "how"), [("mark_not_captured", "declined"), ("refund_charge", "taken_back"), ("write_off", "written_off")]
)
def test_a_card_machines_sale_is_let_go(programme, deed, how):
    before = (balance_of(clearing_of("card"), "ZAR"), balance_of(WRITTEN_OFF, "ZAR"))
    run_id = begin(programme, NOT_SURE)
    carried(run_id)
    assert isinstance(settled(getattr(settling, deed), run_id, "The batch lacks it"), Failed)
    assert standing(run_id) == Standing([], [how], 1, 0)
    moved = 35000 if how == "written_off" else 0
    assert balance_of(clearing_of("card"), "ZAR") == before[0] + moved
    assert balance_of(WRITTEN_OFF, "ZAR") == before[1] - moved
    rollback()
    assert violations() == {}


def test_a_processors_money_is_given_back_or_left_alone(programme, shop):
    for deed, how, back in (
        (settling.refund_charge, "taken_back", [("refund", 35000)]), (settling.mark_not_captured, "declined", []),
        (settling.write_off, "written_off", []),
    ):  # fmt: skip
        shop = set_up(shop.at.processors, "stripe")
        run_id = doubtful(programme, shop)
        assert isinstance(settled(deed, run_id, "The buyer left"), Failed)
        assert standing(run_id) == Standing([], [how], 1, 0)
        assert shop.at.moved() == [("charge", 35000), *back]


def test_of_two_who_decide_the_second_is_told(programme):
    run_id = begin(programme, NOT_SURE)
    carried(run_id)
    charge_id = unknown(run_id).charge.id
    settling.mark_not_captured(charge_id, "No slip")
    commit()
    for deed in (settling.write_off, settling.mark_captured, settling.refund_charge, settling.mark_not_captured):
        with pytest.raises(Problem) as told:
            deed(charge_id, "Late")
        assert (told.value.status, told.value.type) == (409, "already_settled")
        rollback()
    assert isinstance(carried(run_id), Failed)


def test_a_machine_that_took_money_for_no_sale_waits_for_a_person(programme):
    gone = hold(programme, 4)
    _let_expire(gone)
    hold(programme, 7)
    run_id = begin(programme, Tender("card", 140000, reference="Slip 5"), checkout_id=gone)
    assert carried(run_id) == Failed("tickets", "sold_out")
    one = unknown(run_id)
    assert (one.stuck, one.choices) == (None, ("not_captured", "refund", "write_off"))
    with pytest.raises(Problem, match="ended"):
        settling.mark_captured(one.charge.id, "x")
    rollback()
    settling.refund_charge(one.charge.id, "Reversed on the machine")
    commit()
    assert standing(run_id) == Standing([], ["taken_back"], 1, 0)
    assert unknown(run_id) is None


def test_money_without_a_sale_is_looked_for_and_given_back(programme, shop):
    run_id = doubtful(programme, shop)
    charge = unknown(run_id).charge
    settled(settling.mark_not_captured, run_id, "It never came")
    assert isinstance(ended(run_id), Failed)
    for expected in ("given back", "given back"):
        settling.send_back(db.session.merge(charge), expected + str(db.session.info))
        commit()
        back = rows(WorkflowRun).filter_by(workflow="settle_unknown_charge").order_by(WorkflowRun.id.desc()).first().id
        rollback()
        assert carried(back) == Done({"look_up": {"organization_id": str(charge.organization_id), "key": charge.key},
                                      "given_back": expected})  # fmt: skip
    assert shop.at.moved() == [("charge", 35000), ("refund", 35000)]


def test_money_that_somebody_gave_back_already_is_not_given_back_again(programme, shop):
    """By another key than ours: on the processor's own page. Asked again, it would refuse and a person be called."""
    run_id = doubtful(programme, shop)
    charge = unknown(run_id).charge
    settled(settling.mark_not_captured, run_id, "It never came")
    assert isinstance(ended(run_id), Failed)
    account = rows(GatewayAccount).get(shop.row_id)
    taken = gateway_of(account).find(Asking(charge.key, charge.amount_cents, "ZAR", charge.created_at))
    assert isinstance(gateway_of(account).refund("by hand", taken.reference, 35000, "ZAR"), Sent)
    settling.send_back(db.session.merge(charge), "Look what became of it")
    commit()
    back = rows(WorkflowRun).filter_by(workflow="settle_unknown_charge").order_by(WorkflowRun.id.desc()).first().id
    rollback()
    assert carried(back).results["given_back"] == "given back"
    assert shop.at.moved() == [("charge", 35000), ("refund", 35000)]


def test_outsiders_charges_are_not_listed(world, programme):
    run_id = begin(programme, NOT_SURE)
    carried(run_id)
    charge_id = unknown(run_id).charge.id
    with world.personas.abroad.scope():
        assert unknown_charges() == []
        with pytest.raises(Problem):
            settling.write_off(charge_id, "Theirs")
        rollback()


test_without_it_two_decide = goes_red(test_of_two_who_decide_the_second_is_told, settling._need, "already_settled")
