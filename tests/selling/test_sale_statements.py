"""What a sale asks of the database: so many statements, and no more for many tickets than for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

import psycopg
import pytest

from tests.checkout.programme import Sold, put_on
from tests.selling.test_selling_api import Caller
from voelgoed.foundation import waiting

OPENING, COMPLETING = 8, 12
"""Each with its announcements of who acts (`set_config`), without BEGIN and COMMIT; the second with the run's."""


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect what this thread sends to PostgreSQL, by whatever way."""
    said: list[str] = []
    here = get_ident()

    def noting(send: Callable[..., Any]) -> Callable[..., Any]:
        def noted(cursor: psycopg.Cursor[Any], query: Any, *given: Any, **more: Any) -> Any:
            if get_ident() == here:  # a push to who watches is no part of the sale
                said.append(str(query))
            return send(cursor, query, *given, **more)

        return noted

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", noting(psycopg.Cursor.execute))
        patch.setattr(psycopg.Cursor, "executemany", noting(psycopg.Cursor.executemany))
        yield said


def test_a_sale_takes_few_statements_and_a_group_no_more(app, personas, monkeypatch) -> None:
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 0.0)
    with personas.home.scope():
        programme = put_on(Sold(price_cents=23000, capacity=200, most=60))
    clerk = Caller(app, personas.home, "box_office")

    def sell(quantity: int) -> tuple[list[str], list[str]]:
        lines = [{"ticket_type_id": str(programme.types["Adult"]), "quantity": quantity}]
        with counted(monkeypatch) as opening:
            opened = clerk.call(
                "POST", "/checkouts", {"event_id": str(programme.event_id), "lines": lines}, key=f"o{quantity}"
            )
        cash = {"payments": [{"gateway": "cash", "amount_cents": opened.json["total_cents"]}]}
        with counted(monkeypatch) as completing:
            paid = clerk.call("POST", f"/checkouts/{opened.json['id']}/complete", cash, key=f"c{quantity}")
        assert (paid.status_code, len(paid.json["tickets"])) == (200, quantity)
        return opening, completing

    sell(1)  # accounts, series and key are made at the first
    one, group = sell(2), sell(50)
    assert len(one[0]) <= OPENING, len(one[0])
    assert len(one[1]) <= COMPLETING, len(one[1])
    assert [len(said) for said in group] == [len(said) for said in one]
