"""Mail pages: a sale's papers sent to somebody, and the log of all mails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import Select, select

from voelgoed.accounts.email import Email
from voelgoed.boxoffice.mail_papers import mail_sale
from voelgoed.boxoffice.pages import pages
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.database import db
from voelgoed.foundation.mail import Mail, MailEnd, mails_go
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Form, Page, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked

PAGE_SIZE = 100


class AddressForm(Asked):
    """To whom the papers go."""

    address: Email


@pages.get("/checkouts/<uuid:checkout_id>/mail", allow="sell")
def mail_papers(checkout_id: UUID) -> Answer:
    """Ask to which address a sale's papers go, and show what was sent before."""
    sale = rows(Checkout).get(checkout_id)
    return _page(sale, blank(address=sale.customer.email if sale.customer else None))


def _page(sale: Checkout, form: Form[Any], status: int = 200) -> Page:
    return Page("boxoffice/mail.html", status, sale=sale, form=form, mails=_told(_mails().where(
        Mail.about_id == sale.id)), goes=mails_go())  # fmt: skip


@pages.post("/checkouts/<uuid:checkout_id>/mails", allow="sell")
def send_papers(checkout_id: UUID) -> Answer:
    """Send a sale's tickets and invoice by mail; sent again, they are another mail."""
    sale, form = rows(Checkout).get(checkout_id), read(AddressForm, request.form)
    if not form.ok:
        return _page(sale, form, 422)
    mail_sale(sale, form.model.address)
    return Redirect("boxoffice.mail_papers", checkout_id=checkout_id)


@pages.get("/mails", allow="mail.read")
def mails() -> Answer:
    """List the newest mails with how they ended: in a demo without a mail server, all that there is of them."""
    return Page("boxoffice/mails.html", mails=_told(_mails()), goes=mails_go())


def _mails() -> Select[Mail, MailEnd]:
    statement = select(Mail, MailEnd).outerjoin(MailEnd, MailEnd.mail_id == Mail.id)
    return statement.order_by(Mail.created_at.desc(), Mail.id.desc()).limit(PAGE_SIZE)


def _told(statement: Select[Mail, MailEnd]) -> Sequence[tuple[Mail, MailEnd | None]]:
    return [(mail, end) for mail, end in db.session.execute(statement)]
