"""A processor lets a deed down at its call, before or after doing the work: it is done once, and known to be.

At every call that moves money: the charge, its taking back, a refund, and giving back what came without a sale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import World
from tests.faults.cases import FAULTS, ONLINES, PAID_WITH, STUMBLES, Gateways
from tests.faults.left import check_given_back, check_refund, check_sale, refund_runs
from tests.faults.stage import Stage, kind_of, stage
from tests.faults.worker import Weather
from tests.payments.processors import Processors, processors
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.capture import ONLINE
from voelgoed.payments.payment import Charge
from voelgoed.selling.refund_checkout import refund_once
from voelgoed.selling.settle_unknown_charge import send_back

__all__ = ["processors"]

HURRIED = Weather(impatient=True)
REFUNDS = {"stripe": "/v1/refunds", "paystack": "/refund"}


@pytest.fixture(scope="module")
def whole_stage(world: World, processors: Processors) -> Iterator[Stage]:
    with stage(world, processors) as made:
        yield made


@pytest.fixture
def play(whole_stage: Stage) -> Stage:
    return whole_stage.open_accounts()


def last_online(gateways: Gateways) -> str:
    return [one for one in gateways if one in ONLINE][-1]


def charged(play: Stage, gateways: Gateways, do: str, when: str) -> None:
    """At the charge: it is found, or charged again, and the sale is made."""
    run_id = play.begin(gateways)
    play.misbehave(last_online(gateways), do, when=when)
    play.work(HURRIED)
    assert kind_of(run_id) is None
    play.heal(run_id)
    assert check_sale(play, run_id) == "done"


def taken_back(play: Stage, gateways: Gateways, do: str, when: str) -> None:
    """At the taking back of a charge whose sale failed: it goes back once."""
    run_id, gateway = play.begin(gateways), last_online(gateways)
    play.misbehave(gateway, do, when=when, path=REFUNDS[gateway])
    play.work(Weather(trips_at=STUMBLES.weather.trips_at, impatient=True))
    assert kind_of(run_id) is None
    play.heal(run_id)
    assert check_sale(play, run_id) == "failed"


def refunded(play: Stage, gateways: Gateways, do: str, when: str) -> None:
    """At a refund: it is sent once and booked once."""
    checkout_id, gateway = play.sold(gateways), last_online(gateways)
    refund_once(play.asked(checkout_id))
    commit()
    play.misbehave(gateway, do, when=when, path=REFUNDS[gateway])
    play.work(HURRIED)
    play.heal(*refund_runs(checkout_id))
    check_refund(play, checkout_id)


def given_back(play: Stage, gateways: Gateways, do: str, when: str) -> None:
    """At the giving back of what came without a sale: it goes once."""
    gateway = last_online(gateways)
    charge_id = play.taken_without_a_sale(gateway)
    run_id = send_back(rows(Charge).get(charge_id), do + when)
    commit()
    play.misbehave(gateway, do, when=when, path=REFUNDS[gateway])
    play.work(HURRIED)
    play.heal(run_id)
    assert kind_of(run_id) == "done"
    check_given_back(play, charge_id)


Deed = Callable[[Stage, Gateways, str, str], None]
DEEDS: tuple[tuple[Deed, tuple[Gateways, ...]], ...] = (
    (charged, PAID_WITH), (taken_back, ONLINES), (refunded, ONLINES), (given_back, ONLINES)
)  # fmt: skip
FEW = ("charged-stripe+cash-late-before", "refunded-paystack-drop-after")
CASES = [
    pytest.param(
        deed, gateways, do, when, id=name, marks=[] if name in FEW else [pytest.mark.deep]
    )
    for deed, kinds in DEEDS for gateways in kinds for do, when in FAULTS
    for name in [f"{deed.__name__}-{'+'.join(gateways)}-{do}-{when}"]
]  # fmt: skip


@pytest.mark.parametrize(("deed", "gateways", "do", "when"), CASES)
def test_a_processor_that_lets_us_down(play: Stage, deed: Deed, gateways: Gateways, do: str, when: str) -> None:
    deed(play, gateways, do, when)


def test_money_moved_twice_is_seen(play: Stage) -> None:
    """Negative control: a second charge of the same sale, under a key of its own, does not pass."""
    run_id = play.begin(("stripe", "cash"))
    play.work()
    assert check_sale(play, run_id) == "done"
    shop = play.shops["stripe"]
    key = f"{run_id}:charge:0"
    again = {
        "amount": 17500, "currency": "zar", "confirm": "true", "payment_method": "pm_card_visa", "metadata[key]": key,
        "return_url": "https://x.test", "automatic_payment_methods[enabled]": "true",
    }  # fmt: skip
    answer = play.processors.http.post(
        "/v1/payment_intents", data=again, headers={"Authorization": f"Bearer {shop.at.secret}"}
    )
    assert answer.status_code == 200, answer.text
    with pytest.raises(AssertionError):
        check_sale(play, run_id)
