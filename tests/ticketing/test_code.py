"""Codes: 153 signs that a cheap camera and any keyboard wedge read, and that nobody else can make."""

from __future__ import annotations

import io
from uuid import UUID, uuid4

import segno
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from voelgoed.ticketing.code import LENGTH, Content, read, sign

KEY = Ed25519PrivateKey.generate()
PRIVATE, PUBLIC = KEY.private_bytes_raw(), KEY.public_key().public_bytes_raw()

contents = st.builds(
    Content,
    key_number=st.integers(1, 2**32 - 1),
    ticket_id=st.uuids(),
    code_version=st.integers(1, 255),
    type_number=st.integers(1, 255),
    days_mask=st.integers(1, 2**16 - 1),
    bodies=st.integers(1, 200),
    issued_minute=st.integers(0, 2**32 - 1),
)


def content(ticket_id: UUID | None = None) -> Content:
    """Return what an ordinary ticket's code says."""
    return Content(7, ticket_id or uuid4(), 1, 1, 1, 1, 3_600_000)


@given(contents)
def test_what_is_signed_is_read_again(said: Content) -> None:
    code = sign(said, PRIVATE)
    found = read(code)
    assert found is not None
    assert (len(code), found.content, found.genuine(PUBLIC)) == (LENGTH, said, True)


def test_it_is_an_alphanumeric_symbol_of_version_6_at_level_m_that_a_camera_reads() -> None:
    code = sign(content(), PRIVATE)
    symbol = segno.make(code, error="m", boost_error=False)
    assert (symbol.designator, symbol.mode) == ("6-M", "alphanumeric")
    picture = io.BytesIO()
    symbol.save(picture, kind="png", scale=4)
    assert zxingcpp.read_barcode(Image.open(picture)).text == code


def test_a_wedge_may_change_the_case() -> None:
    found = read(sign(content(), PRIVATE).lower())
    assert found is not None
    assert found.genuine(PUBLIC)


@given(contents, st.integers(4, LENGTH - 1), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_one_changed_sign_is_no_code_or_a_forgery(said: Content, at: int, sign_: str) -> None:
    code = sign(said, PRIVATE)
    changed = code[:at] + sign_ + code[at + 1 :]
    found = read(changed)
    assert changed == code or found is None or not found.genuine(PUBLIC)


def test_another_key_opens_nothing() -> None:
    found = read(sign(content(), PRIVATE))
    assert found is not None
    assert not found.genuine(Ed25519PrivateKey.generate().public_key().public_bytes_raw())


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_without_a_failure(typed: str) -> None:
    found = read(typed)
    assert found is None or len(typed.strip()) == LENGTH
