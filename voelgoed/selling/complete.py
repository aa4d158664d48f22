"""The request that completes a checkout: begun once under its key, waited for with empty hands, then answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from voelgoed.checkout.state import lock
from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.idempotency import Claimed
from voelgoed.foundation.tenancy import Actor, current_scope, scope
from voelgoed.foundation.waiting import PATIENCE, wait_for
from voelgoed.foundation.web import Answer, Json, Later, Problem, identity
from voelgoed.foundation.web.once import once
from voelgoed.foundation.workflow import Failed, NotAtOnce, Outcome
from voelgoed.payments.capture import Tender
from voelgoed.selling.asked import CompletionAsked
from voelgoed.selling.begin import begin_to_pay, pay_at_once
from voelgoed.selling.paying import payer_page, under_way
from voelgoed.selling.told import Told, told_of
from voelgoed.selling.told_here import told_here

LOOK = 0.25  # seconds between looks whether the payer has to go somewhere
Tell = Callable[[Told], dict[str, Any]]

REFUSALS = {
    "sold_out": "The hold had ended and the places are gone. No tickets were made: give the money back. What was taken "
    "online goes back by itself.",
    "already_paid": "It is paid already. Nothing more was charged.",
    "given_up": "It was given up. Nothing was charged.",
}
GIVEN_BACK = "Money that was taken online is given back; take back by hand what a card machine or a drawer took."


def complete(checkout_id: UUID, body: CompletionAsked, tell: Tell) -> Answer:
    """Complete a checkout and answer as `tell` says: 200 when it is paid, 202 while that takes longer.

    A 202 also says where the payer has to go, and whether a person is asked.
    """
    tenders = [Tender(**one.model_dump()) for one in body.payments]
    claimed = once(body)
    if claimed is not None and claimed.reference:
        return _waiting(checkout_id, UUID(claimed.reference["run_id"]), tenders, tell)
    if any(one.outside for one in tenders):
        return _the_long_way(checkout_id, claimed, tenders, tell)
    try:
        pay_at_once(lock(checkout_id), tenders, partial(_keep, claimed))
        told = told_here(lock(checkout_id))
    except NotAtOnce:
        rollback()
        return _the_long_way(checkout_id, once(body), tenders, tell)
    # Told of once it is committed, with the rows that everybody wants let go.
    return Later(lambda: lambda: Json(tell(told if told is not None else told_of(checkout_id)), 200))


def _the_long_way(checkout_id: UUID, claimed: Claimed | None, tenders: list[Tender], tell: Tell) -> Answer:
    """Begin a run, which goes on after the commit whatever becomes of this request, and wait for it."""
    run_id = begin_to_pay(lock(checkout_id), tenders, here=True)
    _keep(claimed, run_id)
    return _waiting(checkout_id, run_id, tenders, tell)


def _keep(claimed: Claimed | None, run_id: UUID) -> None:
    if claimed is not None and not claimed.reference:
        claimed.keep(run_id=str(run_id))


def _waiting(checkout_id: UUID, run_id: UUID, tenders: list[Tender], tell: Tell) -> Answer:
    who = identity()
    settled = partial(_answer, checkout_id, tell)
    outside = any(one.online for one in tenders)
    waited = partial(_wait_outside, checkout_id) if outside else wait_for
    return Later(partial(_settle, who.organization_id, who.actor, partial(waited, run_id), settled))


def _settle(
    organization_id: UUID, actor: Actor, waited: Callable[[], Outcome | None],
    answer: Callable[[Outcome | None], Answer],
) -> Callable[[], Answer]:  # fmt: skip
    with scope(organization_id, actor):
        return partial(answer, waited())


def _wait_outside(checkout_id: UUID, run_id: UUID) -> Outcome | None:
    """Wait for a run, but no longer than until its payer has to go somewhere: they should be told at once."""
    here = current_scope()
    for _ in range(round(PATIENCE / LOOK)):
        if (outcome := wait_for(run_id, LOOK)) is not None:
            return outcome
        with scope(here.organization_id, here.actor):
            if payer_page(checkout_id) is not None:
                return None
    return None


def _answer(checkout_id: UUID, tell: Tell, outcome: Outcome | None) -> Answer:
    if isinstance(outcome, Failed):
        raise _refusal(outcome)
    told = tell(told_of(checkout_id))
    return Json(told, 200) if outcome is not None else Json(told | under_way(checkout_id), 202)


def _refusal(outcome: Failed) -> Problem:
    if outcome.reason in REFUSALS:
        return Problem(409, outcome.reason, "Not sold", REFUSALS[outcome.reason])
    if outcome.step == "charge":
        return Problem(409, "declined", "Not sold", f"{outcome.reason} No tickets were made. {GIVEN_BACK}")
    return Problem(409, "failed", "Not sold", f"The sale did not go through: no tickets were made. {GIVEN_BACK}")
