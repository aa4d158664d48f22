"""Prices without a database: discounts and fees spread to the cent, and parts given back add up to the whole."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voelgoed.checkout.clerk_discount import Lowering
from voelgoed.checkout.discount import Discount, take_off
from voelgoed.checkout.levy import Levied, levy
from voelgoed.checkout.order import Wanted
from voelgoed.checkout.price import included_vat, share_of, spread
from voelgoed.selling.fee_remains import part_of_fees
from voelgoed.selling.remains import Left, part_of_amount, part_of_tickets

RATES = st.sampled_from([0, 500, 1500])
ENOUGH = settings(max_examples=200)


def line(price: int, quantity: int, rate_bp: int) -> Wanted:
    kind: Any = SimpleNamespace(id=uuid4(), price_cents=price, vat_rate_bp=rate_bp)
    return Wanted(kind, quantity)


def fee(per: str, kind: str, much: int, rate_bp: int = 1500, channel: str = "both", *, kept: bool = False) -> Any:
    return SimpleNamespace(
        id=uuid4(), name="Fee", per=per, kind=kind, amount_cents=much, percent_bp=min(much, 10_000),
        vat_rate_bp=rate_bp, channel=channel, kept=kept,
    )  # fmt: skip


LINES = st.lists(st.builds(line, st.integers(0, 100_000), st.integers(1, 12), RATES), min_size=1, max_size=4)
FEES = st.lists(
    st.builds(fee, st.sampled_from(["ticket", "sale"]), st.sampled_from(["percent", "amount"]), st.integers(1, 5_000),
              RATES, kept=st.booleans()),
    max_size=3,
)  # fmt: skip
CODES = st.one_of(
    st.builds(lambda much: ("percent", much), st.integers(1, 100)),
    st.builds(lambda much: ("amount", much), st.integers(1, 150_000)),
    st.builds(lambda much: ("sale", much), st.integers(1, 1_000_000)),
)


def lowered_by(code: tuple[str, int], lines: list[Wanted], type_id: Any = None) -> list[Wanted]:
    kind, much = code
    said: Any = SimpleNamespace(kind=kind, percent=much, amount_cents=much, ticket_type_id=type_id)
    said._off = lambda unit: Discount._off(said, unit)
    return Discount.lower(said, lines)


@ENOUGH
@given(st.lists(st.integers(0, 10**9), max_size=8), st.data())
def test_what_is_spread_adds_up_and_nobody_bears_more_than_they_are(over, data):
    cents = data.draw(st.integers(0, sum(over)))
    parts = spread(cents, over)
    assert sum(parts) == cents
    assert all(0 <= part <= one for part, one in zip(parts, over, strict=True))
    with pytest.raises(ValueError, match="cannot be spread"):
        spread(sum(over) + 1, over)


@ENOUGH
@given(LINES, CODES, st.one_of(st.none(), st.integers(1, 100)), st.integers(1, 10**6), FEES)
def test_a_price_is_its_lines_less_discounts_and_fees_and_vat_is_of_what_is_paid(lines, code, percent, amount, fees):
    coded = lowered_by(code, lines)
    clerk = Lowering(percent, None if percent else amount, "because", lambda off, before: None)
    before = sum(one.total_cents for one in coded)
    off = clerk.off(before)
    sold = take_off(off, coded)
    assert sum(one.total_cents for one in sold) == before - off
    assert all(0 <= one.total_cents <= one.list_cents for one in sold)
    assert sum(one.discount_cents for one in sold) == sum(one.list_cents for one in lines) - before + off
    levied = levy(fees, sold, "till")
    assert all(one.total_cents > 0 for one in levied)
    assert bool(levied) <= (before > off)
    for one in [*sold, *levied]:
        rate = one.type.vat_rate_bp if isinstance(one, Wanted) else one.fee.vat_rate_bp
        assert 0 <= one.vat_cents <= one.total_cents
        assert one.vat_cents == included_vat(one.total_cents, rate)


@ENOUGH
@given(LINES, st.integers(1, 1_000_000))
def test_an_amount_off_the_sale_lowers_every_rate_by_its_share(lines, cents):
    whole = sum(one.total_cents for one in lines)
    sold = lowered_by(("sale", cents), lines)
    off = min(cents, whole)
    assert sum(one.discount_cents for one in sold) == off
    for one in sold:
        exact = off * one.list_cents / whole if whole else 0
        assert abs(one.discount_cents - exact) <= 1


def test_a_code_of_one_type_takes_its_amount_off_that_alone():
    adult, child = line(35_000, 2, 1500), line(10_000, 1, 1500)
    sold = lowered_by(("sale", 50_000), [adult, child], child.type.id)
    assert [one.discount_cents for one in sold] == [0, 10_000]


def test_fees_are_asked_where_they_are_meant_and_of_what_is_paid_for():
    lines = [line(10_000, 2, 1500), line(0, 3, 1500)]
    each, whole = fee("ticket", "amount", 500), fee("sale", "percent", 1000)
    online = fee("sale", "amount", 1500, channel="api")
    told = [(one.quantity, one.unit_cents, one.total_cents) for one in levy([each, whole, online], lines, "till")]
    assert told == [(2, 500, 1000), (1, None, 2000)]
    assert [one.total_cents for one in levy([each, whole, online], lines, "api")] == [1000, 2000, 1500]
    assert levy([each, whole], [line(0, 1, 0)], "till") == []
    assert levy([online], lines, "group") == []
    assert share_of(25, 1000) == 3


class Sale:
    """A sale as rows say it, given back in parts; no database."""

    def __init__(self, lines: list[Wanted], levied: list[Levied]) -> None:
        self.rows = {one.type.id: self._line(one) for one in lines}
        self.fees = [self._fee(one) for one in levied]
        self.live = Counter({row.id: row.quantity for row in self.rows.values()})
        self.gone: Counter[Any] = Counter()
        self.gone_vat: Counter[Any] = Counter()
        self.gone_tickets: Counter[Any] = Counter()

    def _line(self, one: Wanted) -> Any:
        return SimpleNamespace(id=uuid4(), quantity=one.quantity, total_cents=one.total_cents,
                               vat_cents=one.vat_cents, vat_rate_bp=one.type.vat_rate_bp)  # fmt: skip

    def _fee(self, one: Levied) -> Any:
        line_id = self.rows[one.type_id].id if one.type_id else None
        return SimpleNamespace(id=uuid4(), checkout_line_id=line_id, quantity=one.quantity, kept=one.fee.kept,
                               total_cents=one.total_cents, vat_cents=one.vat_cents,
                               vat_rate_bp=one.fee.vat_rate_bp)  # fmt: skip

    def left(self, rows: Any) -> list[Left]:
        return [Left(row, self.tickets(row), row.total_cents - self.gone[row.id],
                     row.vat_cents - self.gone_vat[row.id]) for row in rows]  # fmt: skip

    def tickets(self, row: Any) -> int:
        if getattr(row, "checkout_line_id", row.id) is None:
            return sum(self.live.values())
        return row.quantity - self.gone_tickets[row.id]

    def give_back(self, taken: Counter[Any], *, every: bool) -> int:
        """Take tickets back (line → how many); returns the cents that go back."""
        tickets: Any = [SimpleNamespace(checkout_line_id=row) for row in taken.elements()]
        parts = part_of_tickets(self.left(self.rows.values()), tickets)
        parts += part_of_fees(self.left(self.fees), parts, every=every)
        self.live -= taken
        return self.book(parts)

    def book(self, parts: Any) -> int:
        for one in parts:
            assert 0 <= one.cents <= one.left.cents
            self.gone[one.left.line.id] += one.cents
            self.gone_vat[one.left.line.id] += one.vat_cents
            self.gone_tickets[one.left.line.id] += one.tickets
        return sum(one.cents for one in parts)


@ENOUGH
@given(LINES, FEES, st.integers(0, 200_000), st.booleans(), st.data())
def test_a_sale_given_back_ticket_by_ticket_gives_all_but_what_is_kept(lines, fees, off, every, data):
    sold = take_off(off, lines)
    sale = Sale(sold, levy(fees, sold, "till"))
    goodwill = data.draw(st.integers(0, sum(row.total_cents for row in [*sale.rows.values(), *sale.fees])))
    back = sale.book(part_of_amount(sale.left([*sale.rows.values(), *sale.fees]), goodwill))
    assert back == goodwill
    after = {row.id: row.total_cents - sale.gone[row.id] for row in sale.fees}
    while +sale.live:
        row = data.draw(st.sampled_from(list(+sale.live)))
        count = data.draw(st.integers(1, sale.live[row]))
        back += sale.give_back(Counter({row: count}), every=every)
    kept = 0 if every else sum(after[row.id] for row in sale.fees if row.kept)
    paid = sum(row.total_cents for row in [*sale.rows.values(), *sale.fees])
    assert back == paid - kept
    for row in [*sale.rows.values(), *sale.fees]:
        remaining = row.total_cents - sale.gone[row.id]
        assert row.vat_cents - sale.gone_vat[row.id] == included_vat(remaining, row.vat_rate_bp)


def test_a_ticket_takes_its_own_fee_along_and_the_last_one_the_sales():
    each, once = fee("ticket", "amount", 1000), fee("sale", "amount", 2500)
    lines = [line(10_000, 2, 1500), line(5_000, 1, 1500)]
    sale = Sale(lines, levy([each, once], lines, "till"))
    first, second = (row.id for row in sale.rows.values())
    assert sale.give_back(Counter({first: 1}), every=False) == 11_000
    assert sale.give_back(Counter({second: 1}), every=False) == 6_000
    assert sale.give_back(Counter({first: 1}), every=False) == 11_000 + 2_500
