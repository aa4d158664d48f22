"""A school at the window: from Find to one file, by keys and on a phone."""

from tests.journeys.conftest import look
from voelgoed.foundation.tenancy import rows
from voelgoed.ticketing.ticket import Ticket


def test_a_class_is_sold_from_the_till(till, personas, programme):
    """Find, Group sale, numbers and names, price, card, papers."""
    till.keyboard.press("0")
    till.get_by_role("link", name="Group sale").click()
    till.get_by_label("Child under 12").fill("40")
    till.get_by_label("Names on the tickets").fill("Amahle Zulu\nBen Jacobs, Kind")
    till.get_by_label("School, tour or organization").fill("Laerskool Koelenhof")
    till.get_by_label("School, tour or organization").press("Enter")
    wrong = till.get_by_text("Line 2: “Kind” is no ticket type")
    wrong.wait_for()
    assert till.get_by_label("Names on the tickets").evaluate("field => field === document.activeElement")
    assert till.get_by_label("Child under 12").input_value() == "40"
    till.get_by_label("Names on the tickets").fill("Amahle Zulu\nBen Jacobs")
    till.get_by_role("button", name="Hold them").click()
    till.get_by_text("2 of 40 tickets").wait_for()
    till.set_viewport_size({"width": 390, "height": 800})
    assert look(till) == []
    slip = till.get_by_label("Card: number on the slip")
    assert slip.evaluate("field => field === document.activeElement")
    slip.fill("4711")
    slip.press("Enter")
    till.get_by_role("heading", name="Paid", exact=True).wait_for()
    assert look(till) == []
    till.get_by_role("link", name="One PDF of 40 tickets").click()
    till.get_by_text("Being drawn").or_(till.get_by_role("link", name="PDF")).first.wait_for()
    with personas.home.scope():
        mine = rows(Ticket).filter_by(event_id=programme.event_id).order_by(Ticket.number).all()
        assert (len(mine), mine[0].holder, mine[39].holder) == (40, "Amahle Zulu", "Laerskool Koelenhof")
