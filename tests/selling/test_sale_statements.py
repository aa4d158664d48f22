"""What a sale asks of the database: so many statements, and no more for many tickets than for one."""

from __future__ import annotations

from tests.checkout.programme import Sold, put_on
from tests.selling.test_selling_api import Caller
from tests.sent import sent
from voelgoed.foundation import waiting

OPENING, COMPLETING = 8, 10
"""Each with its announcement of who acts (`set_config`), without BEGIN and COMMIT. What was sold is told unread."""


def test_a_sale_takes_few_statements_and_a_group_no_more(app, personas, monkeypatch) -> None:
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 0.0)
    with personas.home.scope():
        programme = put_on(Sold(price_cents=23000, capacity=200, most=60))
    clerk = Caller(app, personas.home, "box_office")

    def sell(quantity: int) -> tuple[list[str], list[str]]:
        lines = [{"ticket_type_id": str(programme.types["Adult"]), "quantity": quantity}]
        with sent() as opening:
            opened = clerk.call(
                "POST", "/checkouts", {"event_id": str(programme.event_id), "lines": lines}, key=f"o{quantity}"
            )
        cash = {"payments": [{"gateway": "cash", "amount_cents": opened.json["total_cents"]}]}
        with sent() as completing:
            paid = clerk.call("POST", f"/checkouts/{opened.json['id']}/complete", cash, key=f"c{quantity}")
        assert (paid.status_code, len(paid.json["tickets"])) == (200, quantity)
        return opening, completing

    sell(1)  # accounts, series and key are made at the first
    one, group = sell(2), sell(50)
    assert len(one[0]) <= OPENING, len(one[0])
    assert len(one[1]) <= COMPLETING, len(one[1])
    assert [len(said) for said in group] == [len(said) for said in one]
