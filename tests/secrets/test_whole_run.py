"""After a whole run no secret and no card's number is in a log, row, job, message, page, mail, file or trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from tests.conftest import roomy_folder
from tests.faults.stack import Stack, processors_of, stacked
from tests.foundation.embedded.living import until
from tests.foundation.mail_server import post_office
from tests.secrets.evening import Evening
from tests.secrets.places import found, of_cache, of_tables, overheard, readable

MOST_PAGES = 60
WHERE_THE_BANK_IS = "table payer_page."
"""The payer's own address at their bank holds what opens it, and is kept for nothing else."""
THEIR_OWN = "simulator"
"""The processor's side: what it keeps is not ours."""
DONE = "SELECT count(*) FROM outbox_row WHERE done_at IS NULL AND due_at <= now() + interval '5 s'"

pytestmark = pytest.mark.deep


@dataclass
class Afterwards:
    """A run that was played, and what is left of it."""

    stack: Stack
    evening: Evening
    wire: list[str]
    mails: dict[str, str]

    def logs(self) -> dict[str, str]:
        return {f"log {name}": said for name, said in self.stack.logs().items() if not name.startswith(THEIR_OWN)}

    def files(self) -> dict[str, str]:
        """Return what was fetched to be kept elsewhere."""
        kept = (".csv", ".xlsx", "/ledger/files/")
        return {name: said for name, said in self.pages().items() if name.endswith(kept) or kept[-1] in name}

    def pages(self) -> dict[str, str]:
        return {name: said for one in self.evening.browsers for name, said in one.shown.items()}

    def ours(self) -> dict[str, str]:
        """Return all that we keep or say, but to those who look: logs, rows, jobs on their way, what the cache has."""
        rows = {name: said for name, said in of_tables(self.stack).items() if not name.startswith(WHERE_THE_BANK_IS)}
        return {**self.logs(), **rows, **of_cache(self.stack), "on the way to the cache": "\n".join(self.wire)}


@pytest.fixture(scope="module")
def afterwards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Afterwards]:
    with (
        roomy_folder(tmp_path_factory.mktemp("secrets")) as folder,
        post_office() as post,
        stacked(Path(folder), MAIL_URL=post.url) as stack,
        overheard(stack) as wire,
    ):
        processors = processors_of(stack)
        evening = Evening(stack, processors)
        evening.play()
        until(lambda: _waiting(stack) == 0, 60)
        for owner in evening.browsers[:1]:
            owner.wander("/home/ledger/files", 10)
            owner.wander("/home/mails", 10)
        processors.http.close()
        mails = {
            f"mail {number} {part.get_content_type()}": readable(part.get_payload(decode=True), part.get_content_type())
            for number, mail in enumerate(post.arrived) for part in mail.walk() if not part.is_multipart()
        }  # fmt: skip
        yield Afterwards(stack, evening, wire, mails)


def _waiting(stack: Stack) -> int:
    with psycopg.connect(stack.database.url("postgres"), autocommit=True) as connection:
        return int(connection.execute(DONE).fetchone()[0])  # type: ignore[index]


def test_no_secret_is_kept_or_said(afterwards: Afterwards) -> None:
    said = {**afterwards.ours(), **afterwards.pages(), **afterwards.mails}
    assert found(afterwards.evening.secrets, said) == []
    assert found(afterwards.evening.codes | afterwards.evening.ways, {**afterwards.ours(), **afterwards.files()}) == []
    _was_whole(afterwards, said)
    _controls(afterwards)


def _was_whole(afterwards: Afterwards, said: dict[str, str]) -> None:
    """The run had all that is looked through: each kind of secret, place and file."""
    names = afterwards.evening.secrets
    for kind in ("password", "PIN", "key", "token", "cookie", "code", "card", "signing", "message"):
        assert any(kind in name for name in names), kind
    assert all(len(secret) >= 6 for secret in names.values())
    assert {"log web.log", "log worker.log", "log pg/log", "log valkey/log"} <= set(said)
    assert "gateway_account" in said["table audit_entry.object"]
    assert "charges" in said["on the way to the cache"]
    assert len(afterwards.evening.visited) >= MOST_PAGES, sorted(afterwards.evening.visited)
    assert len(afterwards.files()) >= 8
    assert any("pdf" in name for name in afterwards.mails)
    assert all(code.startswith("VG1.") for code in afterwards.evening.codes.values())


def _controls(afterwards: Afterwards) -> None:
    """Negative control: a line of a log, a row, a job, a page with a secret in it is each seen."""
    evening, stack = afterwards.evening, afterwards.stack
    key, pin, card = (evening.secrets[one] for one in ("stripe's key", "PIN", "card number"))
    with (stack.folder / "worker.log").open("a") as log:
        log.write(f"charging with {key}\n")
    with psycopg.connect(stack.database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE gateway_account SET secret_sealed = %s", (card.encode(),))
        connection.execute("UPDATE outbox_row SET payload = jsonb_build_object('pin', %s::text)", (pin,))
    Redis.from_url(stack.valkey.url).hset("rq:job:x", "data", evening.secrets["password"])
    evening.browsers[0].shown["a file.csv"] = f"Cash;{evening.secrets['API token']};1"
    seen = set(found(evening.secrets, {**afterwards.ours(), **afterwards.files()}))
    assert seen >= {
        ("stripe's key", "log worker.log"), ("card number", "table gateway_account.secret_sealed"),
        ("PIN", "table outbox_row.payload"), ("password", "cache"), ("API token", "a file.csv"),
    }  # fmt: skip
