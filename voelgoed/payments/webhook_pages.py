"""What processors told, what came of it, and applying it once more."""

from __future__ import annotations

import json
from uuid import UUID

from flask import request
from sqlalchemy import select

from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import enqueue
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Page, Pages, Redirect
from voelgoed.payments.gateway_account import Webhook, WebhookApplied
from voelgoed.payments.hooks import APPLY

pages = Pages("webhooks", __name__)

A_PAGE = 50


@pages.get("/settings/webhooks", allow="charge.decide")
def index() -> Answer:
    """List messages, newest first; `before` continues the list."""
    found = rows(Webhook).order_by(Webhook.id.desc())
    before = request.args.get("before", type=UUID)
    if before is not None:
        found = found.filter(Webhook.id < before)
    shown = found.limit(A_PAGE + 1).all()
    more = shown[A_PAGE - 1].id if len(shown) > A_PAGE else None
    return Page("payments/webhooks.html", hooks=shown[:A_PAGE], results=_results(shown), more=more)


def _results(hooks: list[Webhook]) -> dict[UUID, str]:
    """Return the last thing that came of each."""
    said = select(WebhookApplied.webhook_id, WebhookApplied.result).where(
        WebhookApplied.webhook_id.in_([one.id for one in hooks])
    )
    return dict(db.session.execute(said.order_by(WebhookApplied.id)).all())


@pages.get("/settings/webhooks/<uuid:webhook_id>", allow="charge.decide")
def show(webhook_id: UUID) -> Answer:
    """Show a message as it was kept, and each time it was applied."""
    hook = rows(Webhook).get(webhook_id)
    applied = children(hook, WebhookApplied).order_by(WebhookApplied.id).all()
    return Page("payments/webhook.html", hook=hook, applied=applied, body=json.dumps(hook.body, indent=2))


@pages.post("/settings/webhooks/<uuid:webhook_id>/replays", allow="charge.decide")
def replay(webhook_id: UUID) -> Answer:
    """Apply a message once more: it only says where to look, so nothing that stands is changed by it."""
    hook = rows(Webhook).get(webhook_id)
    enqueue("charges", APPLY, about=hook.id, webhook_id=hook.id)
    return Redirect("webhooks.show", webhook_id=hook.id)
