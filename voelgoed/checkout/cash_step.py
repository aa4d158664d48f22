"""The smallest coin: what cash is rounded to."""

from __future__ import annotations

from voelgoed.foundation.tenancy import PlainSQL, read_once


def cash_step() -> int:
    """Return the organization's smallest coin in cents."""
    return read_once("cash_step", lambda: int(STEP.one().cash_rounding_cents))


def know_cash_step(cents: int) -> None:
    """Tell of the smallest coin, which this transaction has read with something else."""
    read_once("cash_step", lambda: cents)


STEP = PlainSQL("checkout.cash_step", "SELECT cash_rounding_cents FROM organization", apart=True)
