"""What a clerk keys of a card machine's slip is never a card's number."""

import pytest

from voelgoed.payments.gateways.card import looks_like_a_card, may_be_kept


@pytest.mark.parametrize("number", ["4242424242424242", "4242 4242 4242 4242", "4222222222222", "6011000990139424-"])
def test_a_card_number_is_seen(number):
    assert looks_like_a_card(number)


@pytest.mark.parametrize(
    "slip", ["", "123456", "4242424242424241", "SLIP 42", "424242424242", "42424242424242424242", "४२४२"]
)
def test_a_slips_number_is_none(slip):
    assert not looks_like_a_card(slip)


def test_what_the_database_refuses_is_refused_before():
    assert [may_be_kept(one) for one in ("1234567890123", "1234-5678-9012-3", "123456789012", "A1234567890123")] == [
        False, False, True, True,
    ]  # fmt: skip
