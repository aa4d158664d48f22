"""The journal's pages: filters in the address, paging by key, from an entry to its sale and back, files."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

from tests.checkout.programme import Sold, put_on, sell
from tests.conftest import World
from tests.reports.test_trail import words_of
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.ledger.chart import BANK, WRITTEN_OFF
from voelgoed.ledger.entry import Account, JournalEntry
from voelgoed.ledger.post import Line, post
from voelgoed.ledger.trading_day import trading_day
from voelgoed.reports import journal
from voelgoed.tills.shift import Shift


@dataclass
class Books:
    """A house with one sale of the box office and an entry by hand of five days ago, one of them a trap."""

    world: World
    sale: UUID
    manual: UUID

    def client(self, role: str = "accountant") -> FlaskClient:
        return self.world.personas.client(role)

    def get(self, path: str, role: str = "accountant", status: int = 200) -> str:
        answer = self.client(role).get(f"/home{path}")
        assert answer.status_code == status, path
        return str(answer.text)

    def account(self, code: str) -> UUID:
        with self.world.personas.home.scope():
            return rows(Account).filter_by(code=code).first().id  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def books(world: World) -> Books:
    home = world.personas.home
    with home.scope("box_office"):
        programme = put_on(Sold(price_cents=23000))
        sell(programme)
        checkout = rows(Checkout).one()
    with home.scope("accountant"):
        entry = post(
            "manual", programme.event, [Line(BANK, 700), Line(WRITTEN_OFF, -700)], currency="ZAR",
            timezone="Africa/Johannesburg", words="=HYPERLINK(1)", at=now() - timedelta(days=5),
        )  # fmt: skip
        commit()
    return Books(world, checkout.id, entry.id)


def test_the_journal_shows_entries_with_their_lines(books: Books) -> None:
    page = words_of(books.get("/ledger"))
    assert "Sale" in page
    assert "1000 Cash, Till 3 R230.00" in page
    assert "2100-1500 VAT at 15 % R30.00" in page
    assert page.index("R230.00") < page.index("R200.00")
    assert "=HYPERLINK(1)" in page


@pytest.mark.parametrize(
    ("asked", "sale", "manual"),
    [
        ("q=hyperlink", False, True), ("kind=sale", True, False), ("amount=230", True, False),
        ("amount=7", False, True),
        ("q=%25", False, False), ("q=nobody", False, False), ("q=accountant", False, True),
    ],
)  # fmt: skip
def test_filters_stand_in_the_address(books: Books, asked: str, sale: bool, manual: bool) -> None:
    page = books.get(f"/ledger?{asked}")
    assert ("R230.00" in page, "HYPERLINK" in page) == (sale, manual)
    file = books.get(f"/ledger/journal.csv?{asked}")
    assert ("230.00" in file, "HYPERLINK" in file) == (sale, manual)


def test_filters_by_account_day_shift_and_source(books: Books) -> None:
    day = trading_day(now() - timedelta(days=5), "Africa/Johannesburg")
    shift = books.world.personas.home.shifts["box_office"]
    for asked in (f"account={books.account('1000')}", f"since={day + timedelta(1)}", f"shift={shift}",
                  f"source={books.sale}"):  # fmt: skip
        page = books.get(f"/ledger?{asked}")
        assert "R230.00" in page, asked
        assert "HYPERLINK" not in page, asked
    for asked in (f"account={books.account('1200')}", f"until={day}", f"until={day}&amount=7"):
        page = books.get(f"/ledger?{asked}")
        assert "R230.00" not in page, asked
        assert "HYPERLINK" in page, asked
    assert "Nothing fits" in books.get(f"/ledger?until={day - timedelta(1)}")


def test_from_an_entry_to_its_sale_payment_and_shift_and_back(books: Books) -> None:
    with books.world.personas.home.scope():
        entry = rows(JournalEntry).filter_by(kind="sale").one()
    page = books.get(f"/ledger/entries/{entry.id}")
    assert f"/home/sales/{books.sale}" in page
    assert "Cash R230.00" in words_of(page)
    assert "box_office of home, Till 3" in words_of(page)
    assert f"/home/ledger?source={books.sale}" in page
    assert f"/home/ledger?shift={entry.shift_id}" in page
    assert str(entry.id) in books.get(f"/ledger?source={books.sale}")


def test_older_entries_are_reached_by_a_key(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "PER_PAGE", 1)
    first = books.get("/ledger")
    assert ("R230.00" in first, "HYPERLINK" in first) == (True, False)
    following = re.search(r'href="(/home/ledger\?[^"]*before=[^"]+)"', first)
    assert following
    second = books.client().get(following[1].replace("&amp;", "&")).text
    assert ("R230.00" in second, "HYPERLINK" in second) == (False, True)
    assert "before=" not in second


def test_the_files_hold_every_line_and_no_formula(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "PER_CHUNK", 1)
    answer = books.client().get("/home/ledger/journal.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="journal-home.csv"'
    lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(one["account"], one["debit"], one["credit"]) for one in lines] == [
        ("1200", "7.00", ""), ("5200", "", "7.00"),
        ("1000", "230.00", ""), ("2100-1500", "", "30.00"), ("4000-1500", "", "200.00"),
    ]  # fmt: skip
    assert lines[0]["words"] == "'=HYPERLINK(1)"
    book = ZipFile(io.BytesIO(books.client().get("/home/ledger/journal.xlsx").data))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<t>=HYPERLINK(1)</t>" in sheet
    assert "<v>230.00</v>" in sheet


def test_a_stream_holds_no_connection_between_its_pieces(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "PER_CHUNK", 1)
    answer = books.client().get("/home/ledger/journal.csv", buffered=False)
    pieces = iter(answer.response)
    next(pieces), next(pieces)
    assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert b"".join(pieces).count(b"\n") == 3


def test_a_clerk_sees_own_closed_shifts_only(books: Books) -> None:
    home = books.world.personas.home
    assert "R230.00" not in books.get("/ledger", "box_office")
    with home.scope():
        entry = rows(JournalEntry).filter_by(kind="sale").one()
        shift = rows(Shift).get(home.shifts["box_office"])
        shift.closed_at = now()
        commit()
    try:
        assert "R230.00" in books.get("/ledger", "box_office")
        assert "HYPERLINK" not in books.get("/ledger", "box_office")
        assert "230.00" in books.get("/ledger/journal.csv", "box_office")
        assert books.get(f"/ledger/entries/{entry.id}", "box_office")
        books.get(f"/ledger/entries/{books.manual}", "box_office", 404)
    finally:
        with home.scope():
            rows(Shift).get(shift.id).closed_at = None
            commit()


def test_without_the_limit_the_clerk_would_see_it(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "own_shifts", lambda _who: JournalEntry.id.is_not(None))
    assert "HYPERLINK" in books.get("/ledger", "box_office")


@pytest.mark.parametrize("path", ["", "/journal.csv", "/journal.xlsx"])
def test_outsiders_and_lesser_roles(books: Books, path: str) -> None:
    assert books.world.personas.outsider().get(f"/home/ledger{path}").status_code == 404
    assert b"HYPERLINK" not in books.world.personas.outsider().get(f"/abroad/ledger{path}").data
    books.get(f"/ledger{path}", "gate_supervisor", 403)
    for role in ("owner", "manager", "auditor"):
        assert books.client(role).get(f"/home/ledger{path}").status_code == 200


def test_anothers_entry_is_not_found(books: Books) -> None:
    for path in (f"/abroad/ledger/entries/{books.manual}", f"/home/ledger/entries/{books.manual}"):
        assert books.world.personas.outsider().get(path).status_code == 404


@pytest.mark.parametrize("asked", ["account=x", "since=soon", "amount=-1", "day=1", "nonsense=1", "kind=" + "x" * 99])
def test_an_odd_address_is_a_clear_refusal(books: Books, asked: str) -> None:
    books.get(f"/ledger?{asked}", status=422)
    books.get(f"/ledger/journal.csv?{asked}", status=422)


def test_an_empty_journal_says_how_it_begins(books: Books) -> None:
    assert "Nothing is booked yet" in books.world.personas.outsider().get("/abroad/ledger").text
    answer: Any = books.world.personas.outsider().get("/abroad/ledger/journal.csv")
    assert answer.data.decode("utf-8-sig").count("\n") == 1
