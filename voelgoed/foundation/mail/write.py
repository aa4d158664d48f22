"""Writing a mail: with the transaction of the work that wants it."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from voelgoed.foundation.database import db
from voelgoed.foundation.mail.mail import Mail
from voelgoed.foundation.outbox import enqueue
from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.web.problem import Problem

TASK = "voelgoed.foundation.mail.send.send"


def mails_go() -> bool:
    """Say whether a mail server is set; without one only a demo takes mails, and shows them on its page."""
    return bool(current_app.config["VOELGOED"].mail_url)


def write_mail(
    address: str, subject: str, body: str, *, papers: str | None = None, about_id: UUID | None = None
) -> Mail:
    """Have a mail sent after the commit; `papers` and `about_id` say what is attached (`attach_by`).

    Raises Problem 409 `no_mail` where no mail server is set and this is no demo.
    """
    if not mails_go() and not current_app.config["VOELGOED"].demo:
        raise Problem(409, "no_mail", "Mail is not set up here",
                      "Nothing was sent: whoever hosts this has to set MAIL_URL (smtp://…). Print.")  # fmt: skip
    made = Mail(address=address, subject=subject, body=body, papers=papers, about_id=about_id,
                actor=current_scope().actor.label)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    enqueue("maintenance", TASK, about=made.id, mail_id=made.id)
    return made
