"""A whole shift through its pages: float, drops, blind count, recount, variance, Z-report, signature."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests.checkout.programme import Programme, Sold, hold, pay, put_on, sell
from tests.controls import goes_red
from tests.personas import Personas
from voelgoed.accounts.membership import Membership
from voelgoed.boxoffice import close_shift, drawer_pages, sign_off
from voelgoed.boxoffice import move_cash as moving
from voelgoed.boxoffice.move_cash import move_cash, open_drawer
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.checks import checkers
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows, skip_tenant_rule
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import carry_on
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import BANKED, FLOATS, PAID_OUT, VARIANCES, cash_of
from voelgoed.ledger.entry import Account, JournalEntry
from voelgoed.payments.capture import Tender
from voelgoed.reports import balance_pages, journal_pages, own_drawer, takings_pages, tax_pages
from voelgoed.reports.own_drawer import uncounted
from voelgoed.selling.begin import begin_to_pay
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.ticket import Ticket
from voelgoed.tills.own_shift import keep_open
from voelgoed.tills.shift import CashCount, CashMove, DrawerOpening, Shift, SignOff, ZReport

FLOAT = {"p10000": "3", "p2000": "5", "p500": "10", "p10": "20"}  # R300 + R100 + R50 + R2
FLOAT_CENTS = 45_200


def violations() -> dict[str, int]:
    """Return what the checkers of money and drawers find."""
    with skip_tenant_rule(reason="a test checks what must hold") as session:
        counts = {one.code: one.count(session) for one in checkers() if one.code.startswith("M")}
    assert "M7" in counts
    return {code: count for code, count in counts.items() if count}


def close_all(personas: Personas) -> None:
    """End the open shifts that the personas begin with: nothing was in their drawers."""
    with personas.home.scope():
        for shift in rows(Shift):
            close_shift.count_drawer(shift, 0, {})
            close_shift.finish_shift(shift)
        commit()


class Evening:
    """A clerk with a shift of their own, and something to sell."""

    def __init__(self, personas: Personas) -> None:
        close_all(personas)
        self.personas, self.home = personas, personas.home
        self.clerk: FlaskClient = personas.client("box_office")
        with self.home.scope("manager"):
            self.programme: Programme = put_on(Sold(price_cents=23_000, capacity=50))
        asked = {"till_id": str(self.home.tills["box_office"]), **FLOAT}
        assert self.clerk.post("/home/shifts", data=asked).status_code == 303
        with self.home.scope():
            self.shift_id: UUID = rows(Shift).filter(Shift.closed_at.is_(None)).one().id

    def at(self, rest: str) -> str:
        return f"/home/shifts/{self.shift_id}{rest}"

    def sell(self, quantity: int = 2) -> list[Ticket]:
        with self.home.scope("box_office"):
            return sell(self.programme, quantity)

    def move(self, kind: str, amount: str, key: UUID | None = None) -> int:
        said = {"kind": kind, "amount": amount, "reason": "for the test", "key": str(key or uuid4())}
        return self.clerk.post(self.at("/moves"), data=said).status_code

    def count(self, **pieces: str) -> str:
        answer = self.clerk.post(self.at("/counts"), data=pieces)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"])


@pytest.fixture
def evening(personas: Personas) -> Evening:
    return Evening(personas)


def test_a_shift_from_float_to_signature(evening: Evening) -> None:
    clerk, home = evening.clerk, evening.home
    evening.sell(3)  # R690
    with home.scope("box_office"):
        void_ticket(rows(Ticket).order_by(Ticket.number).first(), "wrong day", limited=False)  # - R230
        commit()
    key = uuid4()
    assert [evening.move("banked", "400", key), evening.move("banked", "400", key)] == [303, 303]
    assert evening.move("paid_out", "25.50") == 303
    assert evening.move("added", "100") == 303
    assert clerk.post(evening.at("/openings"), data={"reason": "change for the bar"}).status_code == 303
    # 452 + 690 - 230 - 400 - 25.50 + 100 = 586.50
    short = evening.count(p20000="2", p10000="1", p5000="1", p2000="1", p500="1", p100="1", p50="1")  # R576.50
    assert short.endswith("/counted")
    shown = clerk.get(short).text
    for said in ("R586.50", "R576.50", "R10.00 short"):
        assert said in shown, said
    report = evening.count(p20000="2", p10000="1", p5000="1", p2000="1", p500="2", p100="1", p50="1")  # R581.50
    shown = clerk.get(report).text
    for said in ("Counted again", "R581.50", "−R5.00", "change for the bar", "for the test", "not signed off yet"):
        assert said in shown, said
    with home.scope():
        z = rows(ZReport).filter_by(shift_id=evening.shift_id).one()
        assert (z.number, z.expected_cents, z.counted_cents, z.variance_cents) == (2, 58_650, 58_150, -500)
        assert [one.counted_cents for one in rows(CashCount).filter_by(shift_id=evening.shift_id)
                .order_by(CashCount.number)] == [FLOAT_CENTS, 57_650, 58_150]  # fmt: skip
        assert balance_of(cash_of(home.tills["box_office"]), "ZAR") == 0
        assert balance_of(VARIANCES, "ZAR") == 500
        assert balance_of(PAID_OUT, "ZAR") == 2_550
        assert balance_of(BANKED, "ZAR") == 40_000 + 58_150 - FLOAT_CENTS - 10_000
        assert balance_of(FLOATS, "ZAR") == 0
        assert rows(CashMove).count() == 3
    assert violations() == {}
    assert clerk.post(f"{report}/signature").status_code == 403
    manager = evening.personas.client("manager")
    assert manager.post(f"{report}/signature", data={"note": "found behind the tray"}).status_code == 303
    assert manager.post(f"{report}/signature").status_code == 409
    assert "found behind the tray" in clerk.get(report).text


def test_the_counter_sees_no_expected_cash_before_counting(evening: Evening) -> None:
    evening.sell(3)  # R690.00: 452 + 690 = R1 142.00
    pages = ("/home/shift", evening.at("/x"), evening.at("/x?format=a4"), evening.at("/count"))
    seen = " ".join(evening.clerk.get(page).text for page in pages).replace("\u2009", "")
    assert "Cash is left out" in seen
    for hidden in ("1142.00", "690.00", "Expected"):
        assert hidden not in seen, hidden
    assert evening.clerk.get(evening.at("/counted")).headers["Location"].endswith("/count")
    assert evening.clerk.get("/home/drawers").status_code == 403
    # Negative control: what is looked for stands on the page of somebody who may see it.
    x = evening.personas.client("manager").get(evening.at("/x")).text.replace("\u2009", "")
    for hidden in ("1142.00", "690.00", "Expected"):
        assert hidden in x, hidden


def test_an_owner_counts_blind_too(personas: Personas) -> None:
    owner = personas.client()
    with personas.home.scope():
        sell(put_on(Sold(price_cents=77_700)), 1)
    page = owner.get("/home/drawers").text
    own = page[page.index(">owner of home</td>") :]
    assert "after your count" in own[: own.index("</tr>")]
    assert "777.00" not in owner.get(f"/home/shifts/{personas.home.shifts['owner']}/x").text
    assert "777.00" in personas.client("manager").get("/home/drawers").text


TELLING = ("777.00", "675.65", "101.35")  # the price of the one sale, what is earned of it, the VAT in it
BOOKS = ("", "/journal.csv", "/balances", "/balances.csv", "/vat", "/vat.csv", "/takings", "/takings.csv")


def told(personas: Personas, role: str) -> dict[str, str]:
    """Return what every page and file of the books says to a role about the one sale of R777.00, by path."""
    home, client = personas.home, personas.client(role)
    with home.scope():
        drawer = rows(Account).filter(Account.till_id == home.tills["owner"]).one().id
        sales = rows(Account).filter(Account.code.startswith("4000-")).one().id
    accounts = [f"/accounts/{one}{more}" for one in (drawer, sales) for more in ("", "/statement.csv")]
    return {path: client.get(f"/home/ledger{path}").text.replace("\u2009", "") for path in (*BOOKS, *accounts)}


def test_the_books_do_not_tell_a_counter_what_to_count(personas: Personas) -> None:
    with personas.home.scope():
        sell(put_on(Sold(price_cents=77_700)), 1)
        entry = rows(JournalEntry).filter_by(kind="sale").one().id
    withheld = told(personas, "owner")
    assert [path for path, text in withheld.items() if any(one in text for one in TELLING)] == []
    assert [
        path for path, text in withheld.items() if ".csv" not in path and "Without your open drawer" not in text
    ] == []
    by_itself = [
        personas.client(role).get(f"/home/ledger/entries/{entry}").status_code for role in ("owner", "manager")
    ]
    assert by_itself == [409, 200]
    assert [
        path for path, text in told(personas, "accountant").items() if not any(one in text for one in TELLING)
    ] == []


def test_without_the_guard_the_books_tell_the_counter(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the probe above sees the sale on every page and in every file once nothing is withheld."""
    with personas.home.scope():
        sell(put_on(Sold(price_cents=77_700)), 1)
    for pages in (journal_pages, balance_pages, tax_pages, takings_pages):
        monkeypatch.setattr(pages, "uncounted", lambda: None)
    assert [path for path, text in told(personas, "owner").items() if not any(one in text for one in TELLING)] == []


def test_once_counted_the_books_are_whole_again(evening: Evening) -> None:
    evening.sell(1)
    with evening.home.scope("box_office"):
        assert uncounted() == evening.shift_id
    evening.count(p10="1")
    with evening.home.scope("box_office"):
        assert uncounted() is None


def test_a_count_that_fits_writes_the_report_at_once(evening: Evening) -> None:
    evening.sell(2)
    assert "/z-reports/" in evening.count(p20000="4", p10000="1", p1000="1", p200="1")  # R912
    again = evening.clerk.post(evening.at("/counts"), data={"p10": "1"})
    assert again.status_code == 409
    assert evening.clerk.post(evening.at("/end")).status_code == 303  # sent again: the same report
    with evening.home.scope():
        assert rows(ZReport).filter_by(shift_id=evening.shift_id).one().variance_cents == 0
    assert violations() == {}


def test_after_two_counts_there_is_no_third(evening: Evening) -> None:
    evening.count(p10="1")
    evening.count(p10="2")
    assert evening.clerk.post(evening.at("/counts"), data={"p10": "3"}).status_code == 409
    with evening.home.scope():
        assert rows(CashCount).filter(CashCount.number > 0, CashCount.shift_id == evening.shift_id).count() == 2


def test_what_is_no_count_is_refused(evening: Evening) -> None:
    odd: tuple[dict[str, str], ...] = ({}, {"p20000": "-1"}, {"p20000": "x"}, {"p20000": "1.5"}, {"p20000": "99999999"})
    for wrong in odd:
        assert evening.clerk.post(evening.at("/counts"), data=wrong).status_code == 422, wrong
        assert evening.clerk.post("/home/shifts", data={**wrong, "till_id": "x"}).status_code == 422, wrong
    with evening.home.scope():
        assert rows(Shift).get(evening.shift_id).closed_at is None


def test_one_open_shift_per_drawer_and_person(evening: Evening) -> None:
    there = {"till_id": str(evening.home.tills["box_office"]), **FLOAT}
    assert evening.personas.client("manager").post("/home/shifts", data=there).status_code == 409
    elsewhere = {"till_id": str(evening.home.tills["owner"]), **FLOAT}
    assert evening.clerk.post("/home/shifts", data=elsewhere).status_code == 409


def test_numbers_are_gapless_per_till(evening: Evening) -> None:
    for _ in range(3):
        evening.count(**FLOAT)
        asked = {"till_id": str(evening.home.tills["box_office"]), **FLOAT}
        evening.clerk.post("/home/shifts", data=asked)
        with evening.home.scope():
            evening.shift_id = rows(Shift).filter(Shift.closed_at.is_(None)).one().id
    with evening.home.scope():
        at_till = select(ZReport.number).where(ZReport.till_id == evening.home.tills["box_office"])
        assert sorted(db.session.scalars(at_till)) == [1, 2, 3, 4]


def test_selling_stops_with_the_count(evening: Evening) -> None:
    with evening.home.scope("box_office"):
        checkout_id = hold(evening.programme)
    evening.count(p10="1")
    with evening.home.scope("box_office"), pytest.raises(Exception, match="no_open_shift"):
        pay(checkout_id)
    assert evening.move("banked", "10") == 409
    assert evening.clerk.get("/home/shift").headers["Location"].endswith("/counted")


def test_a_sale_that_is_being_paid_outside_is_waited_for(evening: Evening) -> None:
    with evening.home.scope("box_office"):
        sale = rows(Checkout).get(hold(evening.programme))
        run_id = begin_to_pay(sale, [Tender("card", sale.total_cents, reference="4711", outcome="not_sure")])
        commit()
        assert carry_on(run_id) is None  # nobody knows yet whether the machine took it
    refused = evening.clerk.post(evening.at("/counts"), data=FLOAT)
    assert refused.status_code == 409
    assert "still being paid" in refused.text
    with evening.home.scope():
        assert rows(Shift).get(evening.shift_id).closed_at is None
    forced = evening.personas.client("manager").post(evening.at("/force"), data={"reason": "power is out", **FLOAT})
    assert forced.status_code == 303
    assert violations() == {}


def test_a_manager_closes_it_with_a_reason(evening: Evening) -> None:
    manager = evening.personas.client("manager")
    assert "R452.00" in manager.get(evening.at("/force")).text
    assert manager.post(evening.at("/force"), data={"p10": "1"}).status_code == 422
    assert manager.post(evening.at("/force"), data={"reason": "went home"}).status_code == 422
    answer = manager.post(evening.at("/force"), data={"reason": "went home", **FLOAT})
    assert answer.status_code == 303
    assert "went home" in manager.get(answer.headers["Location"]).text
    assert manager.post(evening.at("/force"), data={"reason": "again"}).status_code == 409
    assert evening.clerk.post(evening.at("/force"), data={"reason": "x", **FLOAT}).status_code == 403
    assert violations() == {}


def test_nobody_closes_their_own_uncounted(personas: Personas) -> None:
    own = f"/home/shifts/{personas.home.shifts['owner']}/force"
    owner = personas.client()
    assert owner.get(own).status_code == 403  # it shows what is expected
    assert owner.post(own, data={"reason": "in a hurry", **FLOAT}).status_code == 403
    with personas.home.scope():
        assert rows(Shift).get(personas.home.shifts["owner"]).closed_at is None


def test_whoever_counted_and_left_is_finished_by_a_manager(evening: Evening) -> None:
    evening.count(p10="1")
    manager = evening.personas.client("manager")
    assert "Write the report" in manager.get("/home/drawers").text
    answer = manager.post(evening.at("/force"), data={"reason": "left after the count"})
    assert answer.status_code == 303
    with evening.home.scope():
        assert rows(ZReport).filter_by(shift_id=evening.shift_id).one().counted_cents == 10
    assert "not yet" in manager.get("/home/drawers").text


def test_nobody_signs_their_own_unless_they_are_alone(personas: Personas) -> None:
    close_all(personas)
    with personas.home.scope():
        own = rows(ZReport).filter(ZReport.figures["person"].astext == "owner of home").one().id
    owner = personas.client()
    assert owner.post(f"/home/z-reports/{own}/signature").status_code == 403
    with personas.home.scope():
        others = rows(Membership).filter(Membership.user_id != personas.home.people["owner"])
        for one in others:
            one.left_at = now()
        commit()
    assert owner.post(f"/home/z-reports/{own}/signature").status_code == 303
    assert "self-signed" in owner.get(f"/home/z-reports/{own}").text
    with personas.home.scope():
        assert rows(SignOff).one().self_signed


def test_a_report_never_changes(evening: Evening) -> None:
    evening.count(p10="1")
    evening.count(p10="2")
    for change in (update(ZReport).values(counted_cents=0), update(CashCount).values(counted_cents=0)):
        with evening.home.scope(), pytest.raises(Exception, match="permission denied"):
            db.session.execute(change)


def test_who_sees_what(evening: Evening) -> None:
    pages = {"drawers": "/home/drawers", "x": evening.at("/x"), "force": evening.at("/force"), "own": "/home/shift"}
    seen = {
        role: {name for name, path in pages.items() if evening.personas.client(role).get(path).status_code == 200}
        for role in ("owner", "manager", "accountant", "auditor", "gate_supervisor")
    }
    assert seen == {
        "owner": set(pages), "manager": set(pages), "accountant": set(pages) - {"own"}, "auditor": {"drawers"},
        "gate_supervisor": set(),
    }  # fmt: skip
    report = evening.count(**FLOAT)
    auditor = evening.personas.client("auditor")
    assert auditor.get(report).status_code == 404
    assert evening.personas.client("accountant").post(f"{report}/signature").status_code == 303
    assert auditor.get(report).status_code == 200
    assert auditor.post(f"{report}/signature").status_code == 403


def test_outsiders_find_nothing(evening: Evening) -> None:
    report = evening.count(**FLOAT)
    outsider = evening.personas.outsider()
    gets = [
        "/home/drawers",
        "/home/shift",
        *(evening.at(one) for one in ("/x", "/count", "/counted", "/force")),
        report,
    ]
    posts = [evening.at(one) for one in ("/moves", "/openings", "/counts", "/end", "/force")] + [f"{report}/signature"]
    abroad = [re.sub("^/home/", "/abroad/", one) for one in (*gets[2:], *posts)]
    for path in gets:
        assert outsider.get(path).status_code == 404, path
    for path in (*posts, "/home/shifts"):
        assert outsider.post(path, data={"reason": "x", **FLOAT}).status_code == 404, path
    for path in abroad[: len(gets) - 2]:
        assert outsider.get(path).status_code == 404, path
    said = {"reason": "x", "kind": "banked", "amount": "1", "key": str(uuid4())}
    for path in abroad[len(gets) - 2 :]:
        assert outsider.post(path, data={} if "signature" in path or "counts" in path else said).status_code == 404, (
            path
        )
    other = evening.personas.client("manager")  # a colleague's shift is not one's own
    for rest in ("/count", "/counted"):
        assert other.get(evening.at(rest)).status_code == 404


def test_m7_sees_a_drawer_that_is_off(evening: Evening) -> None:
    """Negative control: the checker that finds nothing above finds a report, and a ledger, that do not add up."""
    evening.sell(1)
    evening.count(p10="1")
    evening.count(p10="2")
    assert violations() == {}
    url = evening.personas.app.config["VOELGOED"].database_owner_url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("ALTER TABLE cash_count DISABLE TRIGGER append_only")
        admin.execute("UPDATE cash_count SET counted_cents = 30 WHERE number = 2")
    assert violations() == {"M7": 1}


def test_a_drawer_that_was_closed_meanwhile_takes_and_gives_no_more(evening: Evening) -> None:
    """Whoever still has the open shift in hand finds out when they move its cash, not at the next count."""
    with evening.home.scope("box_office"):
        held = rows(Shift).get(evening.shift_id)
        with evening.home.scope("manager"):
            mine = rows(Shift).get(evening.shift_id)
            close_shift.count_drawer(mine, FLOAT_CENTS, {}, forced=True)
            close_shift.finish_shift(mine, "went home")
            commit()
        assert keep_open(held.id) is None
        for deed in (lambda: move_cash(held, "banked", 100, "late", uuid4()), lambda: open_drawer(held, "late")):
            with pytest.raises(Problem) as told:
                deed()
            assert (told.value.status, told.value.type) == (409, "shift_closed")
        assert (rows(CashMove).count(), rows(DrawerOpening).count()) == (0, 0)
        rollback()
    assert violations() == {}


test_without_it_everybody_signs_their_own = goes_red(
    test_nobody_signs_their_own_unless_they_are_alone, sign_off.sign_off, "own_drawer"
)
test_without_it_there_is_a_third_count = goes_red(
    test_after_two_counts_there_is_no_third, close_shift.count_drawer, "counted"
)
test_without_it_a_sale_under_way_is_not_waited_for = goes_red(
    test_a_sale_that_is_being_paid_outside_is_waited_for, close_shift.count_drawer, "_being_paid"
)
test_without_it_a_closed_drawer_moves_cash = goes_red(
    test_a_drawer_that_was_closed_meanwhile_takes_and_gives_no_more, moving._need_open, "shift_closed"
)
test_without_it_one_booking_tells_the_counter = goes_red(
    test_the_books_do_not_tell_a_counter_what_to_count, own_drawer.refuse_uncounted, "not_counted"
)
test_without_it_a_manager_sees_what_to_count = goes_red(
    test_nobody_closes_their_own_uncounted, drawer_pages._forceable, "own_drawer"
)
