"""Asking whether one is sure: what a deed gives back, through what, and whose approval it needs; then doing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import because
from voelgoed.foundation.web import Answer, Form, Page, Problem, Redirect, identity
from voelgoed.selling.preview import preview
from voelgoed.selling.refund_checkout import RefundCheckout
from voelgoed.tills.approval import approval_given, approved_by

NOT_THEIRS = ("above_limit", "admitted")


@dataclass(frozen=True)
class Deed:
    """A way of giving back: its name in addresses, the deed of the role, its verb, and where it is done."""

    name: str
    allow: str
    verb: str
    endpoint: str


def sure(sale: Checkout, deed: Deed, asked: RefundCheckout, form: Form[Any], problem: Problem | None = None) -> Answer:
    """Show what it comes to, with the button that does it."""
    needs_approval = False
    try:
        said = preview(asked)
        needs_approval = identity().limited(deed.allow) and _not_theirs(asked)
    except Problem as why:
        said, problem = None, problem or why
    return Page(
        "boxoffice/sure.html", problem.status if problem else 200, sale=sale, deed=deed, said=said, problem=problem,
        needs_approval=needs_approval, form=form, reason=asked.reason, currency=sale.currency,
    )  # fmt: skip


def _not_theirs(asked: RefundCheckout) -> bool:
    try:
        preview(replace(asked, limited=True))
    except Problem as problem:
        return problem.type in NOT_THEIRS
    return False


def do(
    sale: Checkout, deed: Deed, asked: RefundCheckout, form: Form[Any], work: Callable[[RefundCheckout], object]
) -> Answer:
    """Do it and show the sale; what is refused is told on the page that asked, and nothing of it is done."""
    asked = replace(asked, limited=identity().limited(deed.allow))
    try:
        # Outside the savepoint: a wrong PIN stays counted.
        approver = approved_by(deed.allow).name if asked.limited and approval_given() else None
        if approver is not None:
            asked = replace(asked, limited=False, approved_by=approver)
        with db.session.begin_nested(), because(asked.reason):
            work(asked)
    except Problem as problem:
        return sure(sale, deed, asked, form, problem)
    return Redirect("boxoffice.sale", checkout_id=sale.id)
