"""Money that came when its sale had ended: nobody has a ticket for it, so it goes back."""

from __future__ import annotations

from uuid import UUID

from voelgoed.foundation.workflow import Pending
from voelgoed.payments.errand import keep_end, open_errand
from voelgoed.payments.gateways import Captured, Declined, Sent, Unknown
from voelgoed.payments.take_money import Unsure

AGAIN_IN = 10.0  # seconds

NOTHING_TAKEN, GIVEN_BACK = "nothing was taken", "given back"


def give_back_late(organization_id: UUID, key: str) -> str | Pending:
    """Give back whatever a charge took, even one that was thought to have brought nothing; says which it was.

    Raises Unsure when the processor will not give it back: a person must.
    """
    errand = open_errand(organization_id, key)
    answer = errand.gateway.find(errand.asking)
    if isinstance(answer, Unknown):
        return Pending(AGAIN_IN)
    if not isinstance(answer, Captured):
        return NOTHING_TAKEN
    if not answer.given_back:
        sent = errand.gateway.refund(f"{key}:back", answer.reference, answer.amount_cents, errand.asking.currency)
        if isinstance(sent, Declined):
            raise Unsure(f"The money was taken and could not be given back: {sent.reason}")
        if not isinstance(sent, Sent):
            return Pending(AGAIN_IN)
    keep_end(errand, "taken_back", f"Taken after its sale had ended, and given back: {answer.reference}")
    return GIVEN_BACK
