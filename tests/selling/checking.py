"""All checkers at once, as `voelgoed check` runs them."""

from voelgoed.foundation.checks import checkers
from voelgoed.foundation.tenancy import skip_tenant_rule
from voelgoed.ledger.chart import Heading, cash_of
from voelgoed.tills.own_shift import need_own_shift

OURS = {"M1", "M2", "M3", "M4", "M5", "M6", "M8", "I1", "I2", "I4", "I5", "I7", "I8"}


def violations() -> dict[str, int]:
    """Return code → count for the checkers of selling that found something."""
    with skip_tenant_rule(reason="a test checks what must hold") as session:
        counts = {one.code: one.count(session) for one in checkers() if one.code in OURS}
    assert set(counts) == OURS
    return {code: count for code, count in counts.items() if count}


def own_cash() -> Heading:
    """Return the heading of the cash in the acting person's drawer."""
    return cash_of(need_own_shift().till_id)
