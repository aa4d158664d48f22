"""The request that completes a checkout: begun once under its key, waited for with empty hands, then answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.tenancy import Actor, rows, scope
from voelgoed.foundation.waiting import wait_for
from voelgoed.foundation.web import Answer, Json, Later, Problem, identity
from voelgoed.foundation.web.once import once
from voelgoed.foundation.workflow import Failed, Outcome
from voelgoed.payments.capture import Tender
from voelgoed.selling.asked import CompletionAsked
from voelgoed.selling.begin import begin_to_pay

Tell = Callable[[Checkout], dict[str, Any]]

REFUSALS = {
    "sold_out": "The hold had ended and the places are gone. Nothing was charged: give the money back.",
    "already_paid": "It is paid already. Nothing more was charged.",
    "given_up": "It was given up. Nothing was charged.",
}


def complete(checkout_id: UUID, body: CompletionAsked, tell: Tell) -> Answer:
    """Complete a checkout and answer as `tell` says: 200 when it is paid, 202 while that takes longer."""
    checkout = rows(Checkout).get(checkout_id)
    claimed = once(body)
    if claimed is not None and claimed.reference:
        run_id = UUID(claimed.reference["run_id"])
    else:
        run_id = begin_to_pay(checkout, [Tender(**one.model_dump()) for one in body.payments])
        if claimed is not None:
            claimed.keep(run_id=str(run_id))
    who = identity()
    return Later(partial(_settle, who.organization_id, who.actor, run_id, partial(_answer, checkout_id, tell)))


def _settle(
    organization_id: UUID, actor: Actor, run_id: UUID, answer: Callable[[Outcome | None], Answer]
) -> Callable[[], Answer]:
    with scope(organization_id, actor):
        return partial(answer, wait_for(run_id))


def _answer(checkout_id: UUID, tell: Tell, outcome: Outcome | None) -> Answer:
    if isinstance(outcome, Failed):
        word = outcome.reason if outcome.reason in REFUSALS else "failed"
        said = REFUSALS.get(word, "The sale did not go through. Nothing was charged: give the money back.")
        raise Problem(409, word, "Not sold", said)
    return Json(tell(rows(Checkout).get(checkout_id)), 202 if outcome is None else 200)
