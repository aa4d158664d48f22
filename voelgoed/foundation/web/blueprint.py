"""Blueprints whose every route declares who may call it, and runs inside the boundary."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response
from werkzeug.routing import BaseConverter

from voelgoed.foundation.tenancy.organization import RESERVED
from voelgoed.foundation.web.answer import Answer
from voelgoed.foundation.web.boundary import View, serve_page

Decorator = Callable[[View], View]


class Slug(BaseConverter):
    """The first word of an organization's addresses; what cannot be one is not even looked up."""

    regex = rf"(?!(?:{'|'.join(RESERVED)})$)[a-z0-9][a-z0-9-]{{1,39}}"


class Pages(Blueprint):
    """Pages of an organization, under `/<slug>`: the scope is open, the visitor authorised, one commit at the end."""

    prefix = "/<slug:slug>"

    def get(self, rule: str, *, allow: str, **options: Any) -> Decorator:  # type: ignore[override]
        """Declare a page; `allow` is a deed, SIGNED_IN or PUBLIC."""
        return self._route("GET", rule, allow, options)

    def post(self, rule: str, *, allow: str, **options: Any) -> Decorator:  # type: ignore[override]
        """Declare a deed."""
        return self._route("POST", rule, allow, options)

    def delete(self, rule: str, *, allow: str, **options: Any) -> Decorator:  # type: ignore[override]
        """Declare a deed that takes something away."""
        return self._route("DELETE", rule, allow, options)

    def _route(self, method: str, rule: str, allow: str, options: dict[str, Any]) -> Decorator:
        def declare(view: View) -> View:
            served = self._served(view, allow)
            served.allow = allow  # type: ignore[attr-defined]
            endpoint = options.pop("endpoint", view.__name__)
            self.add_url_rule(self.prefix + rule, endpoint=endpoint, view_func=served, methods=[method], **options)
            return view

        return declare

    def _served(self, view: View, allow: str) -> Callable[..., Response]:
        @wraps(view)
        def served(slug: str, **arguments: Any) -> Response:
            return serve_page(view, allow, slug, arguments)

        return served


class DoorPages(Pages):
    """Global pages under `/-`: nobody's organization is known; they speak to the door and commit nothing else."""

    prefix = "/-"

    def _served(self, view: View, allow: str) -> Callable[..., Response]:
        @wraps(view)
        def served(**arguments: Any) -> Response:
            answer: Answer = view(**arguments)
            return answer.render()

        return served
