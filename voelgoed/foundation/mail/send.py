"""Sending a mail: outside any transaction, at least once, always under the Message-ID of its row."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.mail.attachment import attachment_of
from voelgoed.foundation.mail.mail import Mail, MailEnd
from voelgoed.foundation.outbox import Claim, self_committing
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy.organization import Organization

PATIENCE = 20.0  # seconds for the server, within the job's lease
TRIES = 12
WAIT_MOST = 600.0  # seconds between tries
FROM_DEFAULT = "no-reply@localhost"


class MailRefused(Exception):
    """The server will not take this mail, now or later."""


@self_committing
def send(claim: Claim) -> None:
    """Send one mail and say how it ended; what broke off is sent again, under the same Message-ID."""
    mail_id = UUID(str(claim.payload["mail_id"]))
    ended = db.session.scalar(select(MailEnd.id).where(MailEnd.mail_id == mail_id))
    if ended is not None:
        claim.finish()
        commit()
        return
    message = _message(db.session.scalars(select(Mail).where(Mail.id == mail_id)).one())
    url = current_app.config["VOELGOED"].mail_url
    claim.renew()
    commit()
    if not url:
        _end(claim, mail_id, "shown", None)
        return
    try:
        deliver(urlsplit(url), message)
    except MailRefused as error:
        _end(claim, mail_id, "failed", str(error))
    except (OSError, smtplib.SMTPException) as error:
        _again(claim, mail_id, f"{type(error).__name__}: {error}")
    else:
        point("mail.sent")
        _end(claim, mail_id, "sent", None)


def _end(claim: Claim, mail_id: UUID, how: str, reason: str | None) -> None:
    db.session.add(MailEnd(mail_id=mail_id, how=how, reason=reason[:500] if reason else None))
    db.session.flush()
    claim.finish()
    commit()


def _again(claim: Claim, mail_id: UUID, reason: str) -> None:
    rollback()
    if claim.attempts >= TRIES:
        _end(claim, mail_id, "failed", reason)
        return
    claim.postpone(min(2.0**claim.attempts, WAIT_MOST), reason)
    commit()


def _message(mail: Mail) -> EmailMessage:
    own = db.session.scalars(select(Organization)).one()
    message = EmailMessage()
    message["From"] = formataddr((own.name, sender_of(current_app.config["VOELGOED"].mail_url)))
    message["To"] = mail.address
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}@{urlsplit(current_app.config['PUBLIC_URL']).hostname or 'localhost'}>"
    message.set_content(mail.body)
    if mail.papers and mail.about_id:
        made = attachment_of(mail.papers, mail.about_id)
        kind, _, form = made.mimetype.partition("/")
        message.add_attachment(made.content, maintype=kind, subtype=form, filename=made.name)
    return message


def sender_of(url: str | None) -> str:
    """Return whom mails are from: `?from=` of MAIL_URL, else its user, else a name that answers nothing."""
    parts = urlsplit(url or "")
    named = parse_qs(parts.query).get("from", [unquote(parts.username or "")])[0]
    return named if "@" in named else FROM_DEFAULT


def deliver(url: SplitResult, message: EmailMessage) -> None:
    """Hand a message to the server of `smtp://` (STARTTLS where it is offered) or `smtps://`.

    Raises MailRefused when asking again is of no use; OSError or SMTPException when it may be.
    """
    secure = url.scheme == "smtps"
    made = smtplib.SMTP_SSL if secure else smtplib.SMTP
    with made(url.hostname or "localhost", url.port or (465 if secure else 25), timeout=PATIENCE) as server:
        server.ehlo()
        if not secure and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        _hand_over(server, message)


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        if code >= 500:
            raise MailRefused(f"{code} {said.decode(errors='replace')}") from error
        raise
    except smtplib.SMTPResponseException as error:
        if error.smtp_code >= 500:
            raise MailRefused(f"{error.smtp_code} {error.smtp_error!r}") from error
        raise
