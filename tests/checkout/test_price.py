"""VAT is inside the price, rounded half-up once a line; only cash rounds, and down."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voelgoed.checkout.price import cash_part, included_vat, rounded_off

CENTS = st.integers(0, 10**12)
RATES = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("cents", "rate_bp", "vat"),
    [(23000, 1500, 3000), (35000, 1500, 4565), (70000, 1500, 9130), (0, 1500, 0), (35000, 0, 0), (1, 1500, 0),
     (23, 1500, 3), (4, 1500, 1), (3, 10_000, 2), (1, 10_000, 1)],
)  # fmt: skip
def test_the_vat_inside_a_price(cents, rate_bp, vat):
    assert included_vat(cents, rate_bp) == vat


@given(CENTS, RATES)
def test_the_vat_is_the_nearest_cent_and_halves_go_up(cents, rate_bp):
    exact = Fraction(cents * rate_bp, 10_000 + rate_bp)
    assert -Fraction(1, 2) < included_vat(cents, rate_bp) - exact <= Fraction(1, 2)


@given(CENTS, RATES, st.integers(1, 200))
def test_parts_given_back_one_by_one_give_back_the_whole(unit, rate_bp, count):
    steps = [included_vat(unit * n, rate_bp) for n in range(count + 1)]
    assert sum(after - before for before, after in pairwise(steps)) == included_vat(unit * count, rate_bp)
    assert steps == sorted(steps)


@pytest.mark.parametrize(("cents", "step", "cash"), [(10006, 10, 10000), (10009, 10, 10000), (10010, 10, 10010),
                                                     (10006, 1, 10006), (10006, 0, 10006), (7, 10, 0)])  # fmt: skip
def test_cash_rounds_down_to_the_coin(cents, step, cash):
    assert cash_part(cents, step) == cash
    assert rounded_off(cents, step) == cents - cash


def test_a_negative_price_is_refused():
    with pytest.raises(ValueError, match="not negative"):
        included_vat(-1, 1500)
