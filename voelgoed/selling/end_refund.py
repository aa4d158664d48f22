"""The end of a refund outside: what was owed leaves the books by what it really went by; what comes back is owed."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select

from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.price import rounded_off
from voelgoed.checkout.state import lock
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.ledger.chart import REFUNDS_PAYABLE, ROUNDING, WRITTEN_OFF, cash_of, clearing_of
from voelgoed.ledger.entry import JournalEntry
from voelgoed.ledger.post import Line, post
from voelgoed.payments.capture import cash_step
from voelgoed.payments.payment import Refund, RefundEnd, RefundFailure
from voelgoed.selling.book import timezone_of
from voelgoed.tills.own_shift import keep_open, need_own_shift
from voelgoed.tills.shift import Shift

How = Literal["sent", "paid_otherwise", "written_off"]


def end_refund(refund: Refund, how: How, *, reference: str | None = None, reason: str | None = None) -> RefundEnd:
    """End a refund and book it, once: one that has ended is returned as it ended, unless what was sent came back.

    `paid_otherwise` takes the cash out of the acting person's drawer; raises Problem 409 `no_open_shift`.
    """
    checkout = lock(refund.checkout_id)  # whoever ends a refund of this sale takes turns
    last = last_end(refund)
    if last is not None and failure_of(last) is None:
        return last
    shift = _drawer() if how == "paid_otherwise" else None
    end = RefundEnd(
        refund_id=refund.id, round=last.round + 1 if last else 1, how=how, reference=reference, reason=reason,
        shift_id=shift.id if shift else None,
        rounding_cents=rounded_off(refund.amount_cents, cash_step()) if shift else 0,
    )  # fmt: skip
    db.session.add(end)
    db.session.flush()
    _book(end, refund, checkout, shift)
    point("refund.ended")
    return end


def last_end(refund: Refund) -> RefundEnd | None:
    """Return how a refund ended last, which may have come to nothing."""
    mine = select(RefundEnd).where(RefundEnd.refund_id == refund.id).order_by(RefundEnd.round.desc()).limit(1)
    return db.session.scalars(mine).one_or_none()


def failure_of(end: RefundEnd) -> RefundFailure | None:
    """Return how what was sent came back, if it did."""
    return db.session.scalars(select(RefundFailure).where(RefundFailure.refund_end_id == end.id)).one_or_none()


def owe_again(end: RefundEnd, reason: str) -> RefundFailure:
    """Book that what was sent came back, once: it is owed again, by an entry that reverses the one that paid it."""
    refund = end.refund
    checkout = lock(refund.checkout_id)
    found = failure_of(end)
    if found is not None:
        return found
    failure = RefundFailure(refund_end_id=end.id, reason=reason[:400])
    db.session.add(failure)
    db.session.flush()
    paid = select(JournalEntry.id).where(JournalEntry.source_kind == "refund_end", JournalEntry.source_id == end.id)
    cents = refund.amount_cents
    post("reversal", failure, [Line(clearing_of(refund.gateway), cents), Line(REFUNDS_PAYABLE, -cents)],
         currency=checkout.currency, timezone=timezone_of(checkout.event_id), at=failure.created_at,
         words=f"Refund that {refund.gateway} gave back: {reason}"[:400], reverses=db.session.scalar(paid))  # fmt: skip
    point("refund.owed_again")
    return failure


def _drawer() -> Shift:
    shift = need_own_shift()
    return keep_open(shift.id) or need_own_shift()


def _book(end: RefundEnd, refund: Refund, checkout: Checkout, shift: Shift | None) -> None:
    cents = refund.amount_cents
    if shift is not None:
        gone = [Line(cash_of(shift.till_id), end.rounding_cents - cents), Line(ROUNDING, -end.rounding_cents)]
    else:
        gone = [Line(WRITTEN_OFF if end.how == "written_off" else clearing_of(refund.gateway), -cents)]
    post("write_off" if end.how == "written_off" else "payback", end, [Line(REFUNDS_PAYABLE, cents), *gone],
         currency=checkout.currency, timezone=timezone_of(checkout.event_id), at=end.created_at,
         words=WORDS[end.how].format(gateway=refund.gateway), shift_id=end.shift_id)  # fmt: skip


WORDS = {
    "sent": "Refund sent through {gateway}",
    "paid_otherwise": "Refund that {gateway} did not take, paid in cash",
    "written_off": "Refund that was never sent through {gateway}, written off",
}
