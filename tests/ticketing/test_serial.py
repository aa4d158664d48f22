"""Serials: short, forgiving of how they are typed, unforgiving of what is typed."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from voelgoed.ticketing.serial import letters, parse, serial

numbers = st.integers(1, 999_999_999)
prefixes = st.integers(0, 700).map(letters)


@given(prefixes, numbers)
def test_what_is_written_is_read_however_it_is_typed(prefix: str, number: int) -> None:
    written = serial(prefix, number)
    assert parse(written) == written
    assert parse(f"  {written.lower().replace('-', ' ')} ") == written
    assert parse(written.replace("-", "")) == written


@given(prefixes, numbers, st.data())
def test_one_wrong_digit_is_seen(prefix: str, number: int, data: st.DataObject) -> None:
    written = serial(prefix, number)
    at = data.draw(st.sampled_from([index for index, sign in enumerate(written) if sign.isdigit()]))
    digit = data.draw(st.sampled_from("0123456789"))
    assume(digit != written[at])
    assert parse(written[:at] + digit + written[at + 1 :]) is None


@given(prefixes, numbers, st.data())
def test_two_digits_swapped_are_seen(prefix: str, number: int, data: st.DataObject) -> None:
    digits = [sign for sign in serial(prefix, number) if sign.isdigit()]
    at = data.draw(st.integers(0, len(digits) - 2))
    assume(digits[at] != digits[at + 1])
    digits[at], digits[at + 1] = digits[at + 1], digits[at]
    assert parse(prefix + "".join(digits)) is None


def test_letters_go_on_after_z() -> None:
    assert [letters(index) for index in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
