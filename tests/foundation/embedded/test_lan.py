"""`--lan`: the name, one's own certificate or an authority, what the terminal says, the plain page."""

from __future__ import annotations

import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError

import pytest
import zxingcpp
from PIL import Image

from voelgoed.foundation.embedded import lan as module
from voelgoed.foundation.embedded import own_address
from voelgoed.foundation.embedded.authority import new_authority
from voelgoed.foundation.embedded.failure import StartError
from voelgoed.foundation.embedded.lan import lan
from voelgoed.foundation.embedded.own_address import AddressWatch, addresses_of, checked_name, is_ours, leads_here
from voelgoed.foundation.embedded.square import HALVES, square
from voelgoed.scanning import trust_page as trust

ELSEWHERE = "198.51.100.7"  # RFC 5737: nobody's


def test_names_are_read_as_browsers_write_them() -> None:
    said = {" Gate.Example. ": "gate.example", "192.168.1.20": "192.168.1.20"}
    assert {typed: checked_name(typed) for typed in said} == said
    for bad in ("", "gate_1", "-gate", "gate example", "https://gate.example", "gate.example:8000", "a" * 64):
        with pytest.raises(StartError, match="--name is a name like"):
            checked_name(bad)
    with pytest.raises(StartError, match="on IPv4"):
        checked_name("FD00::0020")


def test_an_address_is_ours_or_it_is_not() -> None:
    assert is_ours("127.0.0.1")
    assert not is_ours(ELSEWHERE)
    assert addresses_of("localhost") == {"127.0.0.1"}
    assert not leads_here(addresses_of("localhost"))  # by which no other machine finds it
    assert not leads_here(addresses_of(ELSEWHERE))
    assert addresses_of("gate.invalid") == frozenset()


def test_an_address_that_is_lost_while_it_runs_is_said_once_and_so_is_its_return(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours, said = {"192.168.1.20"}, []
    monkeypatch.setattr(own_address, "is_ours", lambda address: address in ours)
    monkeypatch.setattr(AddressWatch, "EVERY", 0.0)
    watch = AddressWatch("192.168.1.20", "https://gate.example:8000", said.append)
    for having in ({"192.168.1.20"}, {"192.168.1.35"}, {"192.168.1.35"}, {"192.168.1.20"}, {"192.168.1.20"}):
        ours.clear()
        ours.update(having)
        watch.look()
    assert [line.partition(" (")[0].partition(":")[0] for line in said] == [
        "this machine lost its address 192.168.1.20",
        "this machine has its address 192.168.1.20 again",
    ]


def test_an_address_that_is_not_ours_any_more_stops_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"is not this machine's address any more.*fixed or reserved at the router"):
        lan(tmp_path, ELSEWHERE, 8000, None, None)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_this_machine_means_only_itself_by_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "addresses_of", lambda _name: frozenset({"127.0.1.1"}))
    assert "only to itself: at the router" in lan(tmp_path, "gatehouse", 8443, None, None).words[0]
    monkeypatch.setattr(module, "addresses_of", lambda _name: frozenset({"127.0.1.1", ELSEWHERE}))
    with pytest.raises(StartError, match="is not this machine's address any more"):
        lan(tmp_path, "gatehouse", 8443, None, None)


def test_a_local_name_that_nothing_answers_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StartError, match=r"Nothing answers to gate\.local.*Avahi, Bonjour"):
        lan(tmp_path, "gate.local", 8443, None, None)
    monkeypatch.setattr(module, "addresses_of", lambda _name: frozenset({"192.168.1.20"}))
    monkeypatch.setattr(module, "leads_here", lambda _found: True)
    assert lan(tmp_path, "gate.local", 8443, None, None).words == ()


def test_without_a_name_the_address_on_the_network_is_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "on_the_network", lambda: "127.0.0.1")
    found = lan(tmp_path, None, 8443, None, None)
    assert (found.url, found.trust_url) == ("https://127.0.0.1:8443", "http://127.0.0.1:8444/")
    monkeypatch.setattr(module, "on_the_network", lambda: None)
    with pytest.raises(StartError, match="no address on a network"):
        lan(tmp_path, None, 8443, None, None)


def test_the_terminal_says_both_addresses_as_squares_and_how_a_name_is_found(tmp_path: Path) -> None:
    found = lan(tmp_path, "gate.invalid", 8443, None, None)
    assert list(tmp_path.iterdir()) == []  # nothing is written before the folder is held
    found = found.prepared()
    said = found.told(terminal=False)
    assert "nobody here knows the name gate.invalid yet" in said[0]
    assert square("http://gate.invalid:8444/", terminal=False) in said
    assert square("https://gate.invalid:8443", terminal=False) in said
    assert any(found.fingerprint in line for line in said)


def test_a_square_of_the_terminal_is_read_by_a_camera() -> None:
    drawn = square("http://gate.example:8444/", terminal=False).splitlines()
    dark = {sign: halves for halves, sign in HALVES.items()}
    picture = Image.new("L", (len(drawn[0]), 2 * len(drawn)), 255)
    for row, line in enumerate(drawn):
        for column, sign in enumerate(line):
            for half in (0, 1):
                picture.putpixel((column, 2 * row + half), 0 if dark[sign][half] else 255)
    seen = zxingcpp.read_barcodes(picture.resize((picture.width * 6, picture.height * 6)))
    assert [one.text for one in seen] == ["http://gate.example:8444/"]


def test_ones_own_certificate_must_fit_name_and_key_and_last(tmp_path: Path) -> None:
    own = new_authority("localhost")
    cert, key = own.give(tmp_path)
    found = lan(tmp_path, "localhost", 8443, cert, key)
    assert (found.trust_url, found.prepared().fingerprint) == ("", "")
    assert ["means this machine only to itself" in line for line in found.words] == [True]
    with pytest.raises(StartError, match="belong together"):
        lan(tmp_path, "localhost", 8443, cert, None)
    with pytest.raises(StartError, match=r"is not for 127\.0\.0\.1"):
        lan(tmp_path, "127.0.0.1", 8443, cert, key)
    (tmp_path / "other").mkdir()
    with pytest.raises(StartError, match="with its key"):
        lan(tmp_path, "localhost", 8443, cert, own.give(tmp_path / "other")[1])
    for ago, words in ((390, "ends in 5 days"), (400, "phones refuse it")):
        own.give(tmp_path, datetime.now(UTC) - timedelta(days=ago))
        if ago > 397:
            with pytest.raises(StartError, match=words):
                lan(tmp_path, "localhost", 8443, cert, key)
        else:
            assert words in lan(tmp_path, "localhost", 8443, cert, key).words[1]


def test_the_plain_page_gives_the_authority_and_the_steps_and_nothing_else() -> None:
    own = new_authority("gate.example")
    server = trust.server(0, trust.files(own.der, "https://gate.example:8443", own.fingerprint))
    Thread(target=server.serve_forever, daemon=True).start()
    place = f"http://127.0.0.1:{server.server_port}"
    try:
        with urllib.request.urlopen(place + "/") as answer:
            page = answer.read().decode()
        for words in ("Android", "iPhone", "Certificate Trust Settings", own.fingerprint, "https://gate.example:8443"):
            assert words in page
        with urllib.request.urlopen(place + trust.CERTIFICATE) as answer:
            assert (answer.headers["Content-Type"], answer.read()) == ("application/x-x509-ca-cert", own.der)
        for path in ("/authority-key.pem", "/../secrets.json", "/css/../secrets.json", "/static/css/base.css"):
            with pytest.raises(HTTPError, match="404"):
                urllib.request.urlopen(place + path)
    finally:
        server.shutdown()
        server.server_close()


def test_a_name_that_comes_back_is_trusted_still(tmp_path: Path) -> None:
    first, other = (
        lan(tmp_path, name, 8000, None, None).prepared().fingerprint for name in ("gate.invalid", "door.invalid")
    )
    assert first != other
    assert lan(tmp_path, "gate.invalid", 8000, None, None).prepared().fingerprint == first


def test_a_key_that_is_not_the_authoritys_is_not_used(tmp_path: Path) -> None:
    first = lan(tmp_path, "gate.invalid", 8000, None, None).prepared()
    folder = first.cert.parent
    key = folder / "authority-key.pem"
    other = lan(tmp_path, "door.invalid", 8000, None, None).prepared()
    key.write_bytes((other.cert.parent / "authority-key.pem").read_bytes())
    assert lan(tmp_path, "gate.invalid", 8000, None, None).prepared().fingerprint != first.fingerprint


def test_own_papers_that_cannot_be_read_are_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="unencrypted, that this user may read"):
        lan(tmp_path, "gate.invalid", 8000, tmp_path / "none.pem", tmp_path / "none-key.pem")
