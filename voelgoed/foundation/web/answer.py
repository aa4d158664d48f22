"""What a view returns: a value, which the boundary renders and commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from flask import Response, current_app, make_response, redirect, render_template, request, url_for


class Answer:
    """Something that can become a response; rendered inside the scope, before the commit."""

    def render(self) -> Response:
        """Make the response."""
        raise LookupError("an answer renders itself")


class Page(Answer):
    """A template with its context: `Page("catalog/venue.html", venue=venue)`."""

    def __init__(self, template: str, status: int = 200, **context: Any) -> None:
        self.template, self.status, self.context = template, status, context

    def render(self) -> Response:
        """Render the template inside the scope, so that what it loads is filtered like everything else."""
        response = make_response(render_template(self.template, **self.context), self.status)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class Redirect(Answer):
    """On to another page after a deed (303); the slug is filled in. `Redirect("catalog.venue", venue_id=…)`."""

    def __init__(self, endpoint: str, **arguments: Any) -> None:
        self.endpoint, self.arguments = endpoint, arguments

    def render(self) -> Response:
        """Redirect; htmx is told by its own header, so that it swaps the whole page."""
        slug = (request.view_args or {}).get("slug")
        arguments = {"slug": slug, **self.arguments} if slug else self.arguments
        target = url_for(self.endpoint, **arguments)
        if request.headers.get("HX-Request"):
            response = make_response("", 204)
            response.headers["HX-Redirect"] = target
            return response
        return make_response(redirect(target, 303))


@dataclass
class Json(Answer):
    """A JSON value."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def render(self) -> Response:
        """Serialize the value."""
        response = Response(self.content(), self.status, mimetype="application/json")
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.update(self.headers)
        return response

    def content(self) -> bytes:
        """Return the value as it is sent, in UTF-8."""
        return f"{current_app.json.dumps(self.body, separators=(',', ':'))}\n".encode()


@dataclass
class File(Answer):
    """Bytes with a media type, shown in the browser, or saved when `name` is given."""

    content: bytes
    mimetype: str
    name: str | None = None

    def render(self) -> Response:
        """Send the bytes."""
        response = Response(self.content, mimetype=self.mimetype)
        if self.name:
            response.headers["Content-Disposition"] = f'attachment; filename="{self.name}"'
        return response


@dataclass
class Stream(Answer):
    """A file that is sent while it is made, and commits nothing: neither all of it nor a connection is held.

    Each piece is made in a scope of its own, outside the request: an iterator that goes on from a key in each step
    reads the pieces one by one, however slowly the other side takes them. What fails midway ends the transfer short
    of its end, which the browser shows as a failed download.
    """

    pieces: Iterator[bytes]
    mimetype: str
    name: str

    def within(self, scoped: Callable[[], AbstractContextManager[Any]]) -> Response:
        """Make the response; `scoped` opens the scope of one piece."""

        def sent() -> Iterator[bytes]:
            while True:
                with scoped():
                    piece = next(self.pieces, None)
                if piece is None:
                    return
                yield piece

        headers = {"Content-Disposition": f'attachment; filename="{self.name}"', "Cache-Control": "no-store"}
        return Response(sent(), mimetype=self.mimetype, headers=headers)


@dataclass
class Later(Answer):
    """An answer that waits for a job: `then` runs after the commit, with session and connection given back.

    It is called without a scope, so that it may wait; what it returns is rendered in a fresh scope.
    """

    then: Callable[[], Answer | Callable[[], Answer]]
