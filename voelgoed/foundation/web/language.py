"""In which language a page speaks: English as it is written, or a catalogue of `translations/`, read as it stands."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, request
from flask_babel import Babel, Domain, get_locale  # type: ignore[import-untyped]

FOLDER = Path(__file__).parents[2] / "translations"
ENGLISH = "en"


class Catalogues(Domain):  # type: ignore[misc]
    """The catalogues in their readable form: nothing is compiled, so nothing compiled can be stale."""

    def get_translations(self) -> Translations:
        """Return the catalogue of the language that the visitor asks for."""
        return _translations(str(get_locale() or ENGLISH))


def languages() -> list[str]:
    """Return the languages that there are, English first."""
    return [ENGLISH, *sorted(path.name for path in FOLDER.iterdir() if path.is_dir())]


def path_of(language: str) -> Path:
    """Return where a language's catalogue lies."""
    return FOLDER / language / "LC_MESSAGES/messages.po"


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return a language's words by the English ones."""
    with path_of(language).open("rb") as file:
        found = read_po(file, locale=language)
    return {str(one.id): str(one.string) for one in found if one.id and one.string and not one.fuzzy}


@cache
def _translations(language: str) -> Translations:
    if language == ENGLISH:
        return Translations()
    compiled = io.BytesIO()
    with path_of(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def _asked_for() -> str:
    return request.accept_languages.best_match(languages()) or ENGLISH


def install(app: Flask) -> None:
    """Give templates `_`."""
    Babel(app, configure_jinja=False, locale_selector=_asked_for)
    domain = Catalogues()
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(domain.gettext, domain.ngettext)  # type: ignore[attr-defined]
