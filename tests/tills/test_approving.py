"""A void above the clerk's limit, approved by a manager's PIN on the clerk's own page."""

from __future__ import annotations

from tests.checkout.programme import Sold, put_on, sell
from tests.personas import Personas
from tests.tills.people import give_pin
from voelgoed.foundation.tenancy import rows
from voelgoed.ticketing.ticket import TicketVoid


def test_a_void_above_the_limit_is_approved_on_the_same_page(personas: Personas) -> None:
    give_pin(personas.home, "manager", "101", "135790")
    with personas.home.scope("box_office"):
        ticket_id = sell(put_on(Sold(price_cents=23_000)), 1)[0].id
    clerk, path = personas.client("box_office"), f"/home/tickets/{ticket_id}/void"
    asked = clerk.post(path, data={"reason": "wrong day"})
    assert asked.status_code == 403
    assert "Above your limit" in asked.text
    assert 'name="staff_number"' in asked.text
    assert 'value="wrong day"' in asked.text
    wrong = clerk.post(path, data={"reason": "wrong day", "staff_number": "101", "pin": "000000"})
    assert (wrong.status_code, "000000" in wrong.text) == (403, False)
    with personas.home.scope():
        assert rows(TicketVoid).count() == 0
    done = clerk.post(path, data={"reason": "wrong day", "staff_number": "101", "pin": "135790"})
    assert done.status_code == 303
    with personas.home.scope():
        assert rows(TicketVoid).one().actor == "box_office of home, approved by manager of home"


def test_five_wrong_approvals_lock_the_pin_though_each_was_refused(personas: Personas) -> None:
    give_pin(personas.home, "manager", "101", "135790")
    with personas.home.scope("box_office"):
        ticket_id = sell(put_on(Sold(price_cents=23_000)), 1)[0].id
    clerk, path = personas.client("box_office"), f"/home/tickets/{ticket_id}/void"
    said = {"reason": "wrong day", "staff_number": "101"}
    statuses = [clerk.post(path, data=said | {"pin": f"00000{n}"}).status_code for n in range(6)]
    assert statuses == [403] * 5 + [429]
    assert clerk.post(path, data=said | {"pin": "135790"}).status_code == 429
    with personas.home.scope():
        assert rows(TicketVoid).count() == 0
