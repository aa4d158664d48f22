from typing import Any

from flask import Flask, request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Mapped

from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource, text
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Api, Form, Json, Page, Pages, Redirect, blank, place, read

pages, api = Pages("lost", __name__), Api("lost_items", __name__)


class LostItem(Resource, archivable=True):
    """A thing that somebody left behind."""

    what: Mapped[str] = text(200)


class LostItemIn(BaseModel):
    what: str = Field(min_length=1, max_length=200)


@pages.get("/lost", allow="live.read")
def index() -> Answer:
    return listing(blank())


def listing(form: Form[Any], status: int = 200) -> Answer:
    return Page("lost/index.html", status, items=rows(LostItem).order_by(LostItem.id.desc()).all(), form=form)


@pages.post("/lost", allow="gate.decide")
def create() -> Answer:
    form = read(LostItemIn, request.form)
    if not form.ok:
        return listing(form, 422)
    db.session.add(LostItem(**form.model.model_dump()))
    return Redirect("lost.index")


@api.call("GET", "/lost-items", allow="live.read", answers={200: None})
def listed() -> Answer:
    return Json({"items": [{"id": str(one.id), "what": one.what} for one in rows(LostItem).order_by(LostItem.id)]})


def install(app: Flask) -> None:
    app.register_blueprint(pages)
    app.register_blueprint(api)
    place("Lost property", "lost.index", "search", "live.read", 45)
