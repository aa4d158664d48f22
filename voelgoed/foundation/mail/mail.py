"""A mail as a row, and how it ended."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, choice, identifier, refers, related, text


class Mail(Resource, redact=("address", "subject", "body")):
    """A mail that somebody asked for; `papers` says what is attached of the subject, drawn when it is sent."""

    address: Mapped[str] = text(254)
    subject: Mapped[str] = text(200)
    body: Mapped[str] = text(4000)
    papers: Mapped[str | None] = text(40, nullable=True)
    about_id: Mapped[UUID | None] = identifier()
    actor: Mapped[str] = text(400)


class MailEnd(Resource, append_only="a mail ends once", unique=(("mail_id",),)):
    """The mail was taken by the server, shown in the demo's log only, or given up with the server's reason."""

    mail_id: Mapped[UUID] = refers("mail", cascade=True)
    how: Mapped[str] = choice("sent", "shown", "failed")
    reason: Mapped[str | None] = text(500, nullable=True)
    mail: Mapped[Mail] = related("mail_id", "Mail")
