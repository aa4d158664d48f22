"""The scan page speaks two languages: nothing in it lacks a translation, and nothing is said past the catalogue."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from voelgoed.foundation.web.language import catalogue, languages, path_of
from voelgoed.scanning.verdict import BY_NAME

HOME = Path(__file__).parents[2]
SHELLS = [HOME / f"templates/scanning/{name}.html" for name in ("scan", "check")]
SCRIPTS = [*sorted((HOME / "static/js/scan").glob("*.js")), HOME / "static/js/check.js"]
PLACE = re.compile(r"\{\w+\}")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
SAID = re.compile(r"\b(?:_|N_)\(\s*\"((?:[^\"\\\n]|\\.)*)\"")
WORDS = re.compile(r"[A-Za-z]{2,},? [A-Za-z]{2,}|^[A-Z][a-z]{2,}")
NESTED = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")
NOT_SAID = {
    "no network", "the server is busy", "no camera here", "storage is full", "the policy's last row takes everything",
    "input, textarea, select", "take over", "Refused", "Accept", "Content-Type", "Authorization", "Bearer ",
    "Enter", "BarcodeDetector", "AbortError", "VersionError", "NotAllowedError",
    "QuotaExceededError", "QRCode", "Ed25519",
}  # fmt: skip
"""What engineers and browsers read, and no person at a gate."""
NAMES = {"English", "Afrikaans", "SSSS-CCCCCC", "A-000123-47"}
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "Verdict": (3,)}


@pytest.fixture(scope="module")
def said() -> set[str]:
    """Return all that the page says, as `pybabel extract -F babel.cfg -k N_ -k Verdict:3` finds it."""
    with (HOME / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(HOME, methods, options, KEYWORDS, directory_filter=_ours)
    return {str(message) for _, _, message, _, _ in found}


def _ours(folder: str | Path) -> bool:
    return Path(folder).name in {"templates", "scanning", "voelgoed", "static", "js", "scan"}


def test_there_are_english_and_afrikaans() -> None:
    assert languages() == ["en", "af"]


@pytest.mark.parametrize("language", languages()[1:])
def test_no_word_lacks_its_translation_and_none_is_left_over(language: str, said: set[str]) -> None:
    words = catalogue(language)
    assert {one.message for one in BY_NAME.values()} <= said
    assert said - words.keys() == set()
    assert words.keys() - said == set()


@pytest.mark.parametrize("language", languages()[1:])
def test_a_translation_keeps_its_places_and_can_be_turned_back(language: str) -> None:
    words = catalogue(language)
    assert [one for one, other in words.items() if sorted(PLACE.findall(one)) != sorted(PLACE.findall(other))] == []
    assert len(set(words.values())) == len(words)


def guessed(catalogue: bytes) -> list[str]:
    """Return what a translator has not confirmed: marked fuzzy by who merged, or left empty."""
    return [str(one.id) for one in read_po(io.BytesIO(catalogue)) if one.id and (one.fuzzy or not one.string)]


@pytest.mark.parametrize("language", languages()[1:])
def test_no_translation_is_a_guess(language: str) -> None:
    assert guessed(path_of(language).read_bytes()) == []
    assert guessed(b'#, fuzzy\nmsgid "In"\nmsgstr "Uit"\n\nmsgid "Out"\nmsgstr ""\n') == ["In", "Out"]


class Spoken(HTMLParser):
    """Collects what a template says outside of its expressions."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            value for name, value in attrs if name in ("aria-label", "placeholder", "title", "alt") and value
        ]

    def handle_data(self, data: str) -> None:
        self.found.append(data.strip())


def unsaid(template: str) -> list[str]:
    """Return the words of a template that no catalogue is asked for."""
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", template, flags=re.DOTALL)
    spoken = Spoken()
    spoken.feed(bare)
    return [one for one in spoken.found if re.search(r"[A-Za-z]{2}", one) and one not in NAMES]


def unspoken(script: str) -> list[str]:
    """Return what looks like words for a person in a script, and is not asked of the catalogue."""
    bare = re.sub(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", "", script, flags=re.DOTALL)
    found = LITERAL.finditer(SAID.sub("(", bare))
    texts = [one[1] if one[1] is not None else NESTED.sub("", one[2]) for one in found]
    return [one for one in texts if WORDS.search(one) and one not in NOT_SAID]


def test_no_shell_says_anything_past_the_catalogue() -> None:
    assert [unsaid(shell.read_text()) for shell in SHELLS] == [[], []]
    assert unsaid('<p>{{ _("Hello") }} there</p><a title="A way out"></a>') == ["there", "A way out"]


def test_all_that_scripts_ask_for_is_found(said: set[str]) -> None:
    asked = {one for script in SCRIPTS for one in SAID.findall(script.read_text())}
    assert asked - said == set()  # the finder does not look into what stands in braces within a template string


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_says_anything_past_the_catalogue(script: Path) -> None:
    assert unspoken(script.read_text()) == []


def test_the_rule_sees_words_in_a_script() -> None:
    assert unspoken('say("Let nobody in"); say(_("Let all in")); x.textContent = `Still ${count} unsent here`;') == [
        "Let nobody in", "Still  unsent here",
    ]  # fmt: skip
