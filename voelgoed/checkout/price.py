"""Prices: VAT is inside them, and only the cash remainder of a sale is rounded."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

WHOLE_BP = 10_000


def included_vat(cents: int, rate_bp: int) -> int:
    """Return the VAT inside an amount, rounded half-up (VAT Act 89 of 1991, s64: the tax fraction).

    `cents` ≥ 0 includes the tax, `rate_bp` is in basis points: R230.00 at 15 % holds R30.00. Rounded once a
    line, never once a ticket.
    """
    if cents < 0 or rate_bp < 0:
        raise ValueError("prices and rates are not negative")
    divisor = WHOLE_BP + rate_bp
    return (2 * cents * rate_bp + divisor) // (2 * divisor)


def cash_part(cents: int, step: int) -> int:
    """Return what an amount comes to in cash: rounded down to a multiple of `step` cents, the buyer's gain."""
    return cents - rounded_off(cents, step)


def rounded_off(cents: int, step: int) -> int:
    """Return the cents that cash rounding leaves to the buyer; `step` of 1 or less rounds nothing."""
    return cents % step if step > 1 else 0


def share_of(cents: int, rate_bp: int) -> int:
    """Return so many basis points of an amount (both ≥ 0), rounded half-up."""
    return (2 * cents * rate_bp + WHOLE_BP) // (2 * WHOLE_BP)


def spread(cents: int, over: Sequence[int]) -> list[int]:
    """Spread an amount over others in proportion to each, to the cent; none bears more than it is.

    Raises ValueError when the amount is more than all of them together.
    """
    whole = sum(over)
    if not 0 <= cents <= whole:
        raise ValueError(f"{cents} cents cannot be spread over {whole}")
    upto = [cents * reached // whole if whole else 0 for reached in accumulate(over, initial=0)]
    return [after - before for before, after in pairwise(upto)]
