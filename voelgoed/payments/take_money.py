"""Taking money from a processor, and taking that back: by key, so that what was done twice was done once."""

from __future__ import annotations

from uuid import UUID

from voelgoed.foundation.workflow import Pending, Person, Refused, Retry
from voelgoed.payments.capture import Tender
from voelgoed.payments.errand import Errand, keep_end, keep_page, open_errand
from voelgoed.payments.gateways import Absent, Answer, Captured, Declined, Sent, Unknown, Waiting

UNSURE_FOR = 180.0
"""Seconds that a processor has to say what happened, then a person is asked."""
PAYER_HAS = 900.0
"""Seconds that a payer has to answer their bank, or to pay on the processor's page."""
AGAIN_WITHIN = 3600.0
"""Seconds in which what never arrived may be asked for again."""
SLOWEST_LOOK = 30.0  # seconds


class Unsure(Exception):
    """What happened is unknown, or is not what was asked for: only a person can say how it goes on."""


def on_charge_error(error: Exception) -> Retry | Person | None:
    """A refusal ends the deed; what broke off is looked for and, if absent, done again; doubt is a person's."""
    if isinstance(error, Unsure):
        return Person(str(error))
    return None if isinstance(error, Refused) else Retry()


def take_money(organization_id: UUID, key: str, tender: Tender, attempt: int) -> Captured | Pending:
    """Charge, or find what became of it; a repeat finds before it charges again, under the same key.

    Raises Refused when certainly no money is taken, Unsure when nobody can tell.
    """
    errand = open_errand(organization_id, key, tender)
    answer: Answer = errand.gateway.find(errand.asking) if attempt > 1 else Absent()
    if isinstance(answer, Absent):
        if errand.age > AGAIN_WITHIN:
            raise Refused("It never reached the processor.")
        answer = errand.gateway.charge(errand.asking)
    return _led_to(errand, answer)


def _led_to(errand: Errand, answer: Answer) -> Captured | Pending:
    match answer:
        case Captured():
            return _whole(errand, answer)
        case Declined(reason):
            raise Refused(reason)
        case Waiting():
            return _wait(errand, answer)
        case Unknown(reason, poll_after) if errand.age <= UNSURE_FOR:
            return Pending(_pause(errand, poll_after))
        case Unknown(reason):
            raise Unsure(reason)
        case Absent():
            raise Unsure("The processor knows nothing of what it was just asked for.")


def _whole(errand: Errand, captured: Captured) -> Captured:
    if captured.given_back:
        raise Unsure("The money was taken, and given back at the processor.")
    if captured.amount_cents != errand.asking.amount_cents:
        raise Unsure(f"{captured.amount_cents} cents were taken instead of {errand.asking.amount_cents}.")
    return captured


def _pause(errand: Errand, least: float) -> float:
    return max(least, min(errand.age / 4, SLOWEST_LOOK))


def _wait(errand: Errand, waiting: Waiting) -> Captured | Pending:
    if errand.age <= PAYER_HAS:
        if waiting.url:
            keep_page(errand, waiting.url)
        return Pending(_pause(errand, waiting.poll_after))
    left = errand.gateway.let_go(errand.asking)
    if isinstance(left, Waiting):  # it cannot be ended there: whoever pays after all is told of by a webhook
        raise Refused("It was not paid in time.")
    return _led_to(errand, left)


def take_back(organization_id: UUID, key: str) -> None:
    """Give back what a charge took, if it took anything, and end it; raises Unsure while that is not certain."""
    errand = open_errand(organization_id, key)
    if errand.ended:
        return
    answer = errand.gateway.find(errand.asking)
    if isinstance(answer, Waiting):
        answer = errand.gateway.let_go(errand.asking)
    if isinstance(answer, Unknown):
        raise Unsure(answer.reason)
    if isinstance(answer, Captured):
        _give_back(errand, answer)


def _give_back(errand: Errand, captured: Captured) -> None:
    if not captured.given_back:
        key, asking = f"{errand.asking.key}:back", errand.asking
        sent = errand.gateway.refund(key, captured.reference, captured.amount_cents, asking.currency)
        if not isinstance(sent, Sent):
            reason = sent.reason if isinstance(sent, Declined | Unknown) else "It is not known there."
            raise Unsure(f"The money was taken and could not be given back: {reason}")
    keep_end(errand, "taken_back", f"Taken and given back: {captured.reference}")
