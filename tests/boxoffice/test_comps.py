"""Comps: given within a limit, approved beyond it, counted in the capacity, never in the money."""

import io
import zipfile
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.checkout.programme import Sold, put_on, sell, taken
from tests.selling.checking import violations
from tests.tills.people import give_pin
from voelgoed.catalog.event import Day
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation import checks
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows, skip_tenant_rule
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.ledger.entry import JournalEntry
from voelgoed.selling.comp import Comp, CompCount
from voelgoed.selling.invoice import Invoice
from voelgoed.ticketing.ticket import Ticket, TicketVoid

PIN = {"staff_number": "101", "pin": "135790"}


@pytest.fixture
def programme(personas):
    with personas.home.scope():
        db.session.scalars(select(Organization)).one().box_office_comp_limit = 3
        return put_on(Sold("Adult", capacity=10), Sold("Family", capacity=40, bodies=4, price_cents=78000))


def said(programme, quantity=1, name="Adult", **more):
    return {"ticket_type_id": str(programme.types[name]), "quantity": str(quantity), "purpose": "press",
            "reason": "Die Burger reviews it", "holder": "", "key": str(uuid4())} | more  # fmt: skip


def path(programme):
    return f"/home/events/{programme.event_id}/comps"


def comps(personas):
    with personas.home.scope():
        return rows(Comp).order_by(Comp.id).all()


def astray():
    with skip_tenant_rule(reason="a test checks what must hold") as session:
        return next(one for one in checks.checkers() if one.code == "I7").count(session)


def sound():
    assert violations() == {}
    assert astray() == 0


def test_a_comp_is_free_valid_and_counted_in_the_capacity_alone(personas, programme):
    manager = personas.client("manager")
    assert "Nothing was given away yet" in manager.get(path(programme)).text
    asked = said(programme, 2, "Family", holder="Naledi Mokoena")
    for _ in range(2):  # the same key gives once
        given = manager.post(path(programme), data=asked)
        assert given.status_code == 303
    (comp,) = comps(personas)
    assert (comp.how, comp.giver, comp.approver) == ("freely", "manager of home", None)
    assert given.location == f"/home/comps/{comp.id}"
    with personas.home.scope():
        assert taken(programme) == {"Adult 0": 0, "Family 0": 8}
        assert [one.holder for one in rows(Ticket)] == ["Naledi Mokoena"] * 2
        assert (rows(Invoice).count(), rows(JournalEntry).count(), rows(Checkout).one().total_cents) == (0, 0, 0)
        ticket_id = str(rows(Ticket).first().id)
    page = manager.get(given.location).text
    assert "Die Burger reviews it" in page
    assert page.count("badge go") == 3
    assert f"/home/checkouts/{comp.checkout_id}/print" in page
    printed = manager.get(f"/home/checkouts/{comp.checkout_id}/print").text
    assert "Comp, free of charge" in printed
    assert "R0.00" not in printed
    assert manager.get(f"/home/checkouts/{comp.checkout_id}/papers.pdf").data.startswith(b"%PDF")
    ticket = manager.get(f"/home/tickets/{ticket_id}").text
    assert "Press: Die Burger reviews it" in ticket
    assert "R0.00" not in ticket
    found = manager.get("/home/find?q=naledi").text
    assert found.count("comp</span>") == 2
    assert manager.get(f"/home/events/{programme.event_id}/sales").text.count("Sale ") == 0
    assert manager.get(f"/home/sales/{comp.checkout_id}").location == given.location
    sound()


def test_a_clerk_gives_up_to_their_limit_and_a_manager_approves_more_on_the_same_page(personas, programme):
    give_pin(personas.home, "manager", "101", "135790")
    clerk = personas.client("box_office")
    assert "3 more tickets" in clerk.get(path(programme) + "/new").text
    assert clerk.post(path(programme), data=said(programme, 2)).status_code == 303
    assert "1 more ticket " in clerk.get(path(programme) + "/new").text
    asked = said(programme, 2)
    refused = clerk.post(path(programme), data=asked)
    assert (refused.status_code, 'name="pin"' in refused.text) == (403, True)
    assert "Die Burger reviews it" in refused.text
    wrong = clerk.post(path(programme), data=asked | PIN | {"pin": "000000"})
    assert (wrong.status_code, "000000" in wrong.text) == (403, False)
    assert clerk.post(path(programme), data=asked | PIN).status_code == 303
    assert clerk.post(path(programme), data=said(programme, 1)).status_code == 303
    assert "needs a manager" in clerk.get(path(programme) + "/new").text
    assert clerk.post(path(programme), data=said(programme, 1)).status_code == 403
    assert [(one.how, one.quantity, one.approver, one.own_total) for one in comps(personas)] == [
        ("own", 2, None, 2), ("approved", 2, "manager of home", None), ("own", 1, None, 3),
    ]  # fmt: skip
    with personas.home.scope():
        assert rows(CompCount).one().given == 3
        reasons = set(db.session.scalars(select(AuditEntry.reason).where(AuditEntry.object == "ticket")))
        assert "Die Burger reviews it" in reasons
        assert any("approved by manager of home" in one and "Die Burger" in one for one in reasons)
        assert taken(programme)["Adult 0"] == 5
    sound()


def test_a_void_frees_the_place_and_gives_no_money_back(personas, programme):
    manager, clerk = personas.client("manager"), personas.client("box_office")
    at = manager.post(path(programme), data=said(programme, 10)).location
    full = manager.post(path(programme), data=said(programme, 1))
    assert (full.status_code, "Only 0 are left" in full.text) == (409, True)
    with personas.home.scope():
        first = rows(Ticket).order_by(Ticket.number).first().id
    assert manager.post(f"/home/tickets/{first}/void", data={"reason": "not coming"}).status_code == 303
    with personas.home.scope():
        assert taken(programme)["Adult 0"] == 9
    assert "9 valid" in clerk.get(at).text
    assert clerk.post(f"{at}/void", data={"reason": ""}).status_code == 422
    assert clerk.post(f"{at}/void", data={"reason": "show cancelled"}).status_code == 303
    assert "9 tickets: show cancelled" in clerk.get(at).text
    with personas.home.scope():
        assert taken(programme)["Adult 0"] == 0
        assert (rows(TicketVoid).count(), rows(JournalEntry).count()) == (10, 0)
        assert len(sell(programme, 10)) == 10
    sound()


def test_the_list_adds_up_filters_and_is_handed_out_as_a_file(personas, programme):
    manager, clerk = personas.client("manager"), personas.client("box_office")
    manager.post(path(programme), data=said(programme, 4, holder="=Naledi"))
    clerk.post(path(programme), data=said(programme, 1, "Family", purpose="sponsor", reason="Kaap Agri"))
    page = manager.get(path(programme)).text
    assert "5 tickets given away" in page
    assert "Naledi" in page
    for word, other in (("purpose=press", "Kaap Agri"), ("giver=box_office of home", "Die Burger"), ("how=own", "Die")):
        assert other not in manager.get(f"{path(programme)}?{word}").text.split("</form>")[-1]
    assert "Nothing fits" in manager.get(path(programme) + "?purpose=staff").text
    assert manager.get(path(programme) + "?purpose=bribe").status_code == 422
    csv = manager.get(path(programme) + ".csv?purpose=press").data.decode("utf-8-sig").splitlines()
    assert csv[0].startswith("given at,ticket type,tickets,void,for,reason,given by")
    assert len(csv) == 2
    assert csv[1].endswith(",Adult,4,0,press,Die Burger reviews it,manager of home,,'=Naledi")
    with zipfile.ZipFile(io.BytesIO(manager.get(path(programme) + ".xlsx").data)) as book:
        assert b"Kaap Agri" in b"".join(book.read(name) for name in book.namelist())
    auditor = personas.client("auditor")
    for where in (path(programme), path(programme) + ".csv"):  # whoever may not look customers up sees no names
        seen = auditor.get(where)
        assert (seen.status_code, "Naledi" in seen.text) == (200, False)


@pytest.mark.parametrize(
    "wrong",
    [{"quantity": "0"}, {"quantity": "201"}, {"reason": ""}, {"purpose": "bribe"}, {"holder": "x" * 121},
     {"ticket_type_id": "soon"}, {"price": "0"}],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_given(personas, programme, wrong):
    answer = personas.client("manager").post(path(programme), data=said(programme) | wrong)
    assert answer.status_code == 422
    assert comps(personas) == []


def test_comps_are_given_before_sales_begin_and_not_once_it_is_over(personas, programme):
    manager = personas.client("manager")
    with personas.home.scope():
        programme.event.on_sale = False
        commit()
    assert manager.post(path(programme), data=said(programme)).status_code == 303
    with personas.home.scope():
        day = rows(Day).one()
        day.doors_at, day.starts_at, day.ends_at = (one - (day.ends_at - now()) - (day.ends_at - day.doors_at)
                                                    for one in (day.doors_at, day.starts_at, day.ends_at))  # fmt: skip
        commit()
    over = manager.post(path(programme), data=said(programme))
    assert (over.status_code, "nobody goes in any more" in over.text) == (409, True)
    assert len(comps(personas)) == 1


def test_who_may_give_and_who_may_look(personas, programme):
    at = personas.client("manager").post(path(programme), data=said(programme)).location
    for role, looks in (("accountant", 200), ("auditor", 200), ("gate_supervisor", 403)):
        colleague = personas.client(role)
        assert colleague.get(path(programme)).status_code == colleague.get(at).status_code == looks
        assert colleague.get(path(programme) + ".csv").status_code == looks
        assert colleague.get(path(programme) + "/new").status_code == 403
        assert colleague.post(path(programme), data=said(programme)).status_code == 403
        assert colleague.post(f"{at}/void", data={"reason": "no"}).status_code == 403
    outsider, comp_id = personas.outsider(), at.rsplit("/", 1)[1]
    with personas.abroad.scope():
        theirs = put_on()
    for slug in ("home", "abroad"):
        here = f"/{slug}/events/{programme.event_id}/comps"
        for where in (here, here + "/new", here + ".csv", f"/{slug}/comps/{comp_id}"):
            assert outsider.get(where).status_code == 404
        assert outsider.post(here, data=said(programme)).status_code == 404
        assert outsider.post(f"/{slug}/comps/{comp_id}/void", data={"reason": "no"}).status_code == 404
    foreign = outsider.post(f"/abroad/events/{theirs.event_id}/comps", data=said(programme))
    assert foreign.status_code == 404
    assert len(comps(personas)) == 1


def test_the_database_refuses_more_than_the_limit_and_the_checker_sees_what_it_could_not(personas, programme, database):
    """Negative control: rows that no page would write."""
    personas.client("box_office").post(path(programme), data=said(programme, 2))
    with personas.home.scope():
        comp = rows(Comp).one()
        other = Checkout(event_id=comp.event_id, key=uuid4(), channel="comp", currency="ZAR", total_cents=0,
                         seller_label="x")  # fmt: skip
        db.session.add(other)
        db.session.flush()
        beyond = Comp(
            event_id=comp.event_id, checkout_id=other.id, ticket_type_id=comp.ticket_type_id, quantity=2,
            purpose="press", reason="r", how="own", giver_id=comp.giver_id, giver=comp.giver, own_total=4, own_limit=3,
        )  # fmt: skip
        db.session.add(beyond)
        with pytest.raises(IntegrityError, match="within_limit"):
            db.session.flush()
        db.session.rollback()
        rows(CompCount).one().given = 0
        commit()
    assert astray() == 1
