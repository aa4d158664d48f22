"""Where a secret could have gone: what is there as text, place by place."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread

import psycopg
from pypdf import PdfReader
from redis import Redis

from tests.faults.stack import Stack

EACH_COLUMN = """
SELECT format('%I.%I', c.table_name, c.column_name), c.table_name, c.column_name, c.data_type
  FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
 WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
   AND c.data_type IN ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY')
"""


def of_tables(stack: Stack) -> dict[str, str]:
    """Return column → all that stands in it; bytes as they are where they are readable, and in hexadecimal."""
    said: dict[str, str] = {}
    with psycopg.connect(stack.database.url("postgres"), autocommit=True) as connection:
        for name, table, column, kind in connection.execute(EACH_COLUMN).fetchall():
            rows = connection.execute(f'SELECT "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL').fetchall()
            words = [row[0] for row in rows]
            if kind == "bytea":
                words += [bytes.fromhex(word.removeprefix("\\x")).decode("latin-1") for word in words]
            said[f"table {name}"] = "\n".join(words)
    return said


def of_cache(stack: Stack) -> dict[str, str]:
    """Return what the cache holds, keys and values."""
    redis = Redis.from_url(stack.valkey.url)
    said = []
    for key in redis.scan_iter():
        said.append(key.decode(errors="replace"))
        said.append(str(redis.dump(key)))
        if redis.type(key) == b"hash":
            said.append(str(redis.hgetall(key)))
    return {"cache": "\n".join(said)}


@contextmanager
def overheard(stack: Stack) -> Iterator[list[str]]:
    """Hear every command that the cache is given until the block ends: jobs on their way, news, keys, answers."""
    heard: list[str] = []
    redis = Redis.from_url(stack.valkey.url, socket_timeout=None)
    over = "the test hears no more"

    def listen() -> None:
        with redis.monitor() as monitor:
            heard.append("listening")
            for said in monitor.listen():
                heard.append(said["command"])
                if over in said["command"]:
                    return

    listener = Thread(target=listen, daemon=True)
    listener.start()
    while not heard:
        Redis.from_url(stack.valkey.url).ping()
    yield heard
    Redis.from_url(stack.valkey.url).publish("test", over)
    listener.join(20)
    assert not listener.is_alive()


def readable(content: bytes, kind: str) -> str:
    """Return what somebody reads in a file: sheets and PDFs are opened."""
    if kind.startswith("application/pdf"):
        reader = PdfReader(io.BytesIO(content))
        return f"{reader.metadata} " + "\n".join(page.extract_text() for page in reader.pages)
    if "spreadsheetml" in kind:
        with zipfile.ZipFile(io.BytesIO(content)) as sheet:
            return "\n".join(sheet.read(name).decode(errors="replace") for name in sheet.namelist())
    return content.decode(errors="replace")


def found(secrets: Mapping[str, str], said: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (secret's name, place) for each secret that stands somewhere, alone or inside of something longer.

    A PIN is six digits, which amounts and times have too: of short ones only a word of its own counts.
    """
    return [
        (name, place)
        for name, secret in secrets.items()
        for spelling in spellings(secret)
        for place, text in said.items()
        if _in(spelling, text)
    ]


def spellings(secret: str) -> set[str]:
    """Return how a secret may be written: as it is, and as bytes are shown."""
    return {secret} | ({secret.encode().hex()} if len(secret) > SHORT else set())


SHORT = 8


def _in(secret: str, text: str) -> bool:
    if len(secret) > SHORT:
        return secret in text
    return re.search(rf"(?<![\w.:-]){re.escape(secret)}(?![\w:-])", text) is not None
