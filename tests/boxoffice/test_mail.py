"""Mail: nothing before the commit, at least once after it, always under one Message-ID; with tickets and invoice."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from tests.checkout.programme import Sold, hold, pay, put_on
from tests.foundation.mail_server import post_office
from tests.races.sellers import Nursery
from tests.selling.test_invoice import become_vendor
from voelgoed.boxoffice.mail_papers import mail_sale
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation import points
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.mail import Mail, MailEnd
from voelgoed.foundation.mail import write as writing
from voelgoed.foundation.outbox import dispatch
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.web import Problem
from voelgoed.selling.told import tickets_of


@pytest.fixture
def post(app):
    with post_office() as running:
        app.config["VOELGOED"] = replace(app.config["VOELGOED"], mail_url=running.url)
        yield running


@pytest.fixture
def home(personas):
    with personas.home.scope("box_office"):
        yield personas.home


def bought(quantity=1):
    checkout_id = hold(put_on(Sold(price_cents=23000)), quantity)
    pay(checkout_id)
    return rows(Checkout).get(checkout_id)


def jobs():
    return [one.id for one in rows(OutboxRow).filter(OutboxRow.task == writing.TASK).order_by(OutboxRow.id)]


def worked(home):
    """Do the newest mail's job, as a worker does; its lease and its wait are over."""
    row_id = jobs()[-1]
    rows(OutboxRow).filter(OutboxRow.id == row_id).update({"claimed_until": None, "due_at": OutboxRow.created_at})
    commit()
    return dispatch(home.organization_id, row_id)


def ended():
    rollback()
    return [(one.how, one.reason) for one in rows(MailEnd).order_by(MailEnd.id)]


def test_a_clerk_sends_the_papers_and_they_arrive_with_tickets_and_invoice(home, personas, post):
    become_vendor()
    sale = bought(2)
    serials = [one.serial for one in tickets_of(sale)]
    clerk, path = personas.client("box_office"), f"/home/checkouts/{sale.id}/mail"
    assert clerk.post(f"{path}s", data={"address": "nobody"}).status_code == 422
    assert clerk.post(f"{path}s", data={"address": "Buyer@Example.test"}).status_code == 303
    assert "on its way" in clerk.get(path).text
    assert worked(home)
    (message,) = post.arrived
    assert (message["To"], message["From"]) == ("buyer@example.test", "Home <tickets@voelgoed.test>")
    assert "Somernagte" in message["Subject"]
    assert "tax invoice T3-1" in message.get_body().get_content()
    (attached,) = message.iter_attachments()
    said = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(attached.get_content())).pages)
    assert all(words in said for words in ("Tax invoice", "T3-1", *serials))
    assert message["Message-ID"] == f"<{rows(Mail).one().id}@127.0.0.1>"
    assert "sent" in clerk.get(path).text
    assert ended() == [("sent", None)]


def test_nothing_leaves_before_the_commit(home, post):
    sale = bought()
    mail_sale(sale, "buyer@example.test")
    rollback()
    assert (jobs(), post.arrived) == ([], [])
    mail_sale(sale, "buyer@example.test")
    assert post.arrived == []
    commit()
    assert worked(home)
    assert len(post.arrived) == 1


def test_a_worker_that_dies_after_sending_sends_again_under_the_same_id(home, post):
    mail_sale(bought(), "buyer@example.test")
    commit()
    with points.armed("mail.sent", points.trip):
        assert not worked(home)
    assert (len(post.arrived), ended()) == (1, [])
    assert worked(home)
    assert len(post.arrived) == 2
    assert len({one["Message-ID"] for one in post.arrived}) == 1
    assert ended() == [("sent", None)]
    worked(home)
    assert len(post.arrived) == 2


def test_a_busy_server_is_asked_again_and_one_that_refuses_is_not(home, post):
    sale = bought()
    mail_sale(sale, "buyer@example.test")
    commit()
    post.answers.append("451 4.3.0 try again")
    worked(home)
    (waiting,) = rows(OutboxRow).filter(OutboxRow.id == jobs()[0]).populate_existing().all()
    assert (ended(), waiting.done_at, "451" in waiting.last_error) == ([], None, True)
    worked(home)
    assert ended() == [("sent", None)]
    post.answers.append("550 5.1.1 no such person")
    mail_sale(sale, "gone@example.test")
    commit()
    worked(home)
    assert ended()[1][0] == "failed"
    assert "no such person" in ended()[1][1]


def test_an_absent_server_is_given_up_after_many_tries(home, app, monkeypatch):
    app.config["VOELGOED"] = replace(app.config["VOELGOED"], mail_url="smtp://127.0.0.1:1")
    monkeypatch.setattr("voelgoed.foundation.mail.send.TRIES", 2)
    mail_sale(bought(), "buyer@example.test")
    commit()
    worked(home)
    assert ended() == []
    worked(home)
    assert ended()[0][0] == "failed"


def test_without_a_server_a_demo_shows_mails_and_others_say_what_is_missing(home, app, personas):
    sale = bought()
    clerk = personas.client("box_office")
    refused = clerk.post(f"/home/checkouts/{sale.id}/mails", data={"address": "buyer@example.test"})
    assert (refused.status_code, "MAIL_URL" in refused.text) == (409, True)
    with pytest.raises(Problem, match="no_mail"):
        mail_sale(sale, "buyer@example.test")
    app.config["VOELGOED"] = replace(app.config["VOELGOED"], demo=True)
    clerk.post(f"/home/checkouts/{sale.id}/mails", data={"address": "buyer@example.test"})
    assert worked(home)
    assert ended() == [("shown", None)]
    shown = personas.client("owner").get("/home/mails").text
    assert "buyer@example.test" in shown
    assert "go nowhere" in shown
    assert "shown here only" in shown
    assert clerk.get("/home/mails").status_code == 403
    assert "buyer@example.test" not in personas.outsider().get("/abroad/mails").text


def test_only_a_paid_sale_is_sent_and_only_by_its_own_house(home, personas, post):
    unpaid = hold(put_on())
    sent = personas.client("box_office").post(f"/home/checkouts/{unpaid}/mails", data={"address": "b@example.test"})
    assert sent.status_code == 409
    said = {"address": "b@example.test"}
    assert personas.outsider().post(f"/abroad/checkouts/{unpaid}/mails", data=said).status_code == 404
    assert personas.client("auditor").post(f"/home/checkouts/{unpaid}/mails", data=said).status_code == 403
    assert jobs() == []


def test_a_worker_killed_between_sending_and_saying_so_sends_once_more(home, post, database):
    mail_sale(bought(), "buyer@example.test")
    commit()
    nursery = Nursery(database.config(mail_url=post.url))
    try:
        deed = ("tests.boxoffice.test_mail:work", home.organization_id, (jobs()[0],))
        assert nursery.killed_at(deed, "mail.sent", 1)
    finally:
        nursery.close()
    assert (len(post.arrived), ended()) == (1, [])
    assert worked(home)
    assert len({one["Message-ID"] for one in post.arrived}) == 1
    assert (len(post.arrived), ended()) == (2, [("sent", None)])


def work(row_id):
    """Do a row's work, in a process of its own."""
    return dispatch(current_scope().organization_id, row_id)
