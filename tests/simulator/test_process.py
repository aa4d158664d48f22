"""The process: what it prints, what it refuses, what it keeps when it is killed, what it weighs."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import stripe

from tests.simulator.conftest import Receiver, Shop
from voelgoed.simulator import launch

HEAVY = ("sqlalchemy", "psycopg", "pydantic", "stripe", "requests", "redis", "rq", "gevent", "cryptography")


def test_a_killed_process_has_lost_nothing_that_it_answered(tmp_path: Path, receiver: Receiver) -> None:
    with launch(folder=tmp_path) as first:
        shop = Shop(first.address, receiver)
        shop.set("stripe", webhook_url=receiver.url, webhook_secret=shop.webhook_secret, retries=[60])
        receiver.answers.append(500)
        intent = shop.pay("k1")
        shop.charge("ref-1")
        shop.control("/clock", seconds=60)
        receiver.next()
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()
    with (tmp_path / "simulator.jsonl").open("ab") as journal:
        journal.write(b'[["half a line')
    with launch(folder=tmp_path) as second:
        again = Shop(second.address, receiver, like=shop)
        assert again.times("stripe") == {"charge k1": 1}
        assert again.times("paystack") == {"charge ref-1": 1}
        assert again.stripe.v1.payment_intents.retrieve(intent.id).status == "succeeded"
        assert again.stripe.v1.charges.list(params={"payment_intent": intent.id}).data[0].captured
        assert again.pay("k1").id == intent.id, "a key's answer is kept, too"
        assert again.charge("ref-1").json()["code"] == "duplicate_reference"
        body, headers = receiver.next()
        event = stripe.Webhook.construct_event(body, headers["stripe-signature"], shop.webhook_secret)
        assert event.data.object.id == intent.id, "a webhook that nobody had taken comes again"
        again.control("/reset")
        assert again.happened("stripe")["work"] == []
        assert (tmp_path / "simulator.jsonl").stat().st_size < 2_000


def test_it_says_where_it_listens_and_ends_when_told_to() -> None:
    command = [sys.executable, "-m", "voelgoed", "payment-simulator", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert "SIMULATOR" in process.stdout.readline()
        assert httpx.get(f"{address}/healthz", trust_env=False).json() == {"simulator": True}
        process.terminate()
        assert process.wait(60) == 0


def test_a_port_that_is_taken_is_said_without_a_traceback(shop: Shop) -> None:
    command = [sys.executable, "-m", "voelgoed.simulator", "--port", shop.address.rpartition(":")[2]]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert (ended.returncode, "already in use" in ended.stderr, "Traceback" in ended.stderr) == (1, True, False)


def test_it_is_light() -> None:
    code = "import sys, voelgoed.simulator.server; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in loaded if name.split(".")[0] in HEAVY] == []
    assert {name.split(".")[1] for name in loaded if name.startswith("voelgoed.")} == {"simulator"}


@pytest.mark.parametrize("path", ["/v1/payment_intents", "/transaction"])
@pytest.mark.parametrize("key", ["sk_live_abc", "rk_live_abc", "nonsense", ""])
def test_only_test_keys_open_something(shop: Shop, path: str, key: str) -> None:
    answer = shop.bare.get(path, headers={"Authorization": f"Bearer {key}"} if key else {})
    assert answer.status_code == 401
    assert ("moves no money" in answer.text) == ("_live_" in key)


def test_the_first_page_says_what_this_is_and_what_was_paid(shop: Shop) -> None:
    shop.pay("k1")
    shop.charge("a-reference")
    page = shop.bare.get("/").text
    for words in ("SIMULATOR", "No money moves", "a-reference", "ZAR 125.00", shop.stripe_key[-4:]):
        assert words in page
    assert shop.stripe_key not in page
    assert shop.stripe_key not in str(shop.bare.get("/_control/accounts").json())
