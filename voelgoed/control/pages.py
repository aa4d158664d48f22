"""Live, wall, and the list of events that one can watch."""

from __future__ import annotations

from uuid import UUID

from voelgoed.control.listing import events
from voelgoed.control.look import take
from voelgoed.control.parts import draw, load, picture_of, shown
from voelgoed.foundation.web import Answer, Page, Pages
from voelgoed.foundation.web.answer import File

pages = Pages("control", __name__)


@pages.get("/live", allow="live.read")
def index() -> Answer:
    """List the events, what is on first."""
    return Page("control/index.html", events=events())


@pages.get("/events/<uuid:event_id>/live", allow="live.read")
def live(event_id: UUID) -> Answer:
    """Show who is inside now."""
    event = load(event_id)
    picture = take(event)
    if picture is None:
        return Page("control/no_day.html", event=event)
    return Page("control/live.html", **shown(event, picture))


@pages.get("/events/<uuid:event_id>/live/<name>", allow="live.read")
def part(event_id: UUID, name: str) -> Answer:
    """Answer one partial anew, for a page that was away from push."""
    event = load(event_id)
    return Fragment(draw(name, event, picture_of(event)).html)


@pages.get("/events/<uuid:event_id>/wall", allow="live.read")
def wall(event_id: UUID) -> Answer:
    """Show the one number to a room full of people."""
    event = load(event_id)
    return Page("control/wall.html", **shown(event, picture_of(event)))


class Fragment(File):
    """A piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(html.encode(), "text/html")
