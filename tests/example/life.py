"""Lives with the worked example in a process of its own, so that no other test meets its table."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from tests.example import lost_property
from tests.personas import found
from voelgoed import create_app, tables
from voelgoed.config import Config
from voelgoed.foundation import migrate, schema
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.tenancy import rows


def make_table(owner_url: str) -> None:
    """Do what the next migration does: the new table, then the guards of all."""
    tables.load()
    table, dialect = lost_property.LostItem.__table__, postgresql.dialect()
    made = [CreateTable(table), *map(CreateIndex, table.indexes)]
    with migrate._as_owner(owner_url) as connection, connection.begin():
        cursor = connection.connection.cursor()
        for statement in made:
            cursor.execute(str(statement.compile(dialect=dialect)))
        cursor.execute(schema.guards())
        cursor.execute("UPDATE schema_stamp SET hash = %s", (schema.stamp(),))


def live(config: Config) -> dict[str, Any]:
    """Use the example as people and programs do; returns what came of it."""
    app = create_app(config)
    app.testing = True
    lost_property.install(app)
    app.jinja_loader = ChoiceLoader([app.jinja_loader, FileSystemLoader(Path(__file__).with_name("templates"))])
    with app.app_context():
        personas = found(app)
        supervisor, owner = personas.client("gate_supervisor"), personas.client()
        said: dict[str, Any] = {
            "empty": "Nothing was left behind" in supervisor.get("/home/lost").text,
            "made": supervisor.post("/home/lost", data={"what": "Rooi sambreel 🌂"}).status_code,
            "wrong": supervisor.post("/home/lost", data={"what": ""}).status_code,
            "shown": "Rooi sambreel 🌂" in supervisor.get("/home/lost").text,
            "in the navigation": "Lost property" in supervisor.get("/home/").text,
            "not allowed": personas.client("box_office").get("/home/lost").status_code,
            "outsider": personas.outsider().get("/home/lost").status_code,
            "outsider's own": "sambreel" in personas.outsider().get("/abroad/lost").text,
            "trail": "Rooi sambreel" in owner.get("/home/trail?object=lost_item").text,
        }
        token = re.search(r"vgu_[\w-]+", owner.post("/home/tokens", data={"label": "t", "role": "owner"}).text)
        asked = app.test_client().get("/api/v1/lost-items", headers={"Authorization": f"Bearer {token[0]}"})
        said["api"] = [one["what"] for one in asked.json["items"]]
        said["described"] = "/api/v1/lost-items" in app.test_client().get("/api/v1/openapi.json").json["paths"]
        with personas.home.scope():
            said["actors"] = [one.actor_label for one in rows(AuditEntry).filter_by(object="lost_item")]
    return said


if __name__ == "__main__":
    urls = json.load(sys.stdin)
    make_table(urls["owner"])
    keys = {"database_url": urls["app"], "database_report_url": urls["report"], "secret_key": "s" * 40}
    print(json.dumps(live(Config(**keys, master_keys=(bytes(32),)))))
