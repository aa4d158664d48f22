"""The request boundary: load → authorise → act → flush → render → commit, for every page and call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from flask import Response, current_app, g, redirect, request, url_for
from werkzeug.exceptions import NotFound

from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import Actor, Scope, scope
from voelgoed.foundation.tenancy.announce import announce_again
from voelgoed.foundation.web.answer import Answer, Json, Later, Stream
from voelgoed.foundation.web.identity import PUBLIC, SELF, SIGNED_IN, Bearer, Identity, bearer, finder_of
from voelgoed.foundation.web.problem import Problem, wants_json

View = Callable[..., Answer]
VisitorFinder = Callable[[str], tuple[Identity | None, bool]]
OrganizationFinder = Callable[[str], Any]

T = TypeVar("T")
_finders: dict[str, Any] = {}


def find_visitors_by(visitor: VisitorFinder, organization: OrganizationFinder) -> None:
    """Register how a page's visitor is found: slug → (identity or None, somebody has signed in at all).

    `organization` answers slug → (id, name, timezone) or None, for pages that are public.
    """
    _finders.update(visitor=visitor, organization=organization)


def visitor_of(slug: str) -> Identity | None:
    """Return who the request's sign-in is in an organization, asked anew; None when it is nobody there."""
    found: Identity | None = _finders["visitor"](slug)[0]
    return found


def serve_page(view: View, allow: str, slug: str, arguments: dict[str, Any]) -> Response:
    """Serve one page of an organization."""
    found, signed_in = _finders["visitor"](slug)
    if found is None and allow == PUBLIC:
        return _serve_public(view, slug, arguments)
    if found is None:
        if signed_in:
            raise NotFound
        if wants_json():
            raise Problem(401, "sign_in_first", detail="Your sign-in has ended. Sign in again; nothing was lost.")
        return redirect(url_for("door.sign_in", next=_local_path()), 303)  # type: ignore[return-value]
    g.identity = found
    with scope(found.organization_id, found.actor, request=g.get("request_id")):
        _authorise(found, allow)
        return _finish(view(**arguments), found.organization_id, found.actor)


def _local_path() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def _serve_public(view: View, slug: str, arguments: dict[str, Any]) -> Response:
    organization = _finders["organization"](slug)
    if organization is None:
        raise NotFound
    anonymous = Actor("anonymous", None, "somebody at the door")
    g.organization = organization
    with scope(organization.id, anonymous, request=g.get("request_id")):
        return _finish(view(**arguments), organization.id, anonymous)


def serve_call(view: View, allow: str, arguments: dict[str, Any]) -> Response:
    """Serve one call of the API: the token's claimed organization is opened, then the token is found inside it."""
    if allow == PUBLIC:
        return view(**arguments).render()
    token = bearer()
    with scope(token.organization_id, Actor("anonymous", None, "a token"), request=g.get("request_id")) as opened:
        if allow == SELF:
            return _finish(view(**arguments), token.organization_id, opened.actor)
        found = _let_in(token, opened, allow)
        return _finish(view(**arguments), token.organization_id, found.actor)


def serve_in_scope(view: Callable[[], Answer], allow: str, token: Bearer) -> Json:
    """Serve a call that answers with a value, at once or later; the express lane's way."""
    with scope(token.organization_id, Actor("anonymous", None, "a token"), request=g.get("request_id")) as opened:
        if allow != SELF:
            _let_in(token, opened, allow)
        answer = view()
        if isinstance(answer, Later):
            answer = _later(answer, token.organization_id, opened.actor, lambda settled: settled)
        elif db.session.registry.has() and db.session().in_transaction():
            _keep()
        if not isinstance(answer, Json):
            raise TypeError("what the express lane sends is JSON")
        return answer


def _let_in(token: Bearer, opened: Scope, allow: str) -> Identity:
    """Have whoever a token speaks for act from here on; raises Problem 401 or 403."""
    finder = finder_of(token.kind)
    found = finder(token) if finder else None
    if found is None:
        raise Problem(401, "unauthorized", "That token opens nothing", headers={"WWW-Authenticate": "Bearer"})
    g.identity = found
    opened.actor = found.actor
    announce_again()
    _authorise(found, allow)
    return found


def _keep() -> None:
    """Commit what the view did, if it left anything to commit."""
    try:
        db.session.flush()
    except BaseException:
        rollback()
        raise
    commit()


def _authorise(found: Identity, allow: str) -> None:
    if allow not in (PUBLIC, SIGNED_IN) and not found.may(allow):
        raise Problem(403, "not_your_role", detail="Your role does not include this. Ask a manager.")


def _finish(answer: Answer, organization_id: Any, actor: Actor) -> Response:
    if isinstance(answer, Later):
        return _later(answer, organization_id, actor, lambda settled: settled.render())
    if isinstance(answer, Stream):
        commit()
        return answer.within(_each_piece(organization_id, actor))
    try:
        db.session.flush()
        response = answer.render()
    except BaseException:
        rollback()
        raise
    commit()
    return response


def _later(later: Later, organization_id: Any, actor: Actor, end: Callable[[Answer], T]) -> T:
    """Commit, wait with empty hands, then make of the answer what `end` makes of it, in a fresh scope."""
    commit()
    db.session.remove()
    with _outside():
        then = later.then()
    with scope(organization_id, actor, request=g.get("request_id")):
        ended = end(then if isinstance(then, Answer) else then())
        if db.session.registry.has():
            commit()
    return ended


def _each_piece(organization_id: Any, actor: Actor) -> Callable[[], AbstractContextManager[None]]:
    """Return what opens a scope for one piece of a stream, when the request itself is over."""
    app, asked = current_app._get_current_object(), g.get("request_id")  # type: ignore[attr-defined]

    @contextmanager
    def scoped() -> Iterator[None]:
        with app.app_context(), scope(organization_id, actor, request=asked):
            yield

    return scoped


@contextmanager
def _outside() -> Iterator[None]:
    from voelgoed.foundation.tenancy import no_scope

    with no_scope():
        yield
