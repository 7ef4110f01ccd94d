"""The languages that users read, and the one door to every text: `say` and `Text`."""

from __future__ import annotations

import importlib
import locale
import os
import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Final

LANGUAGES: Final = ("en", "es")
_NARROW_SPACE: Final = "\u202f"

_chosen = {"language": "en"}
# One reader's language, where a process has several readers (the service, the web app).
_of_reader: ContextVar[str | None] = ContextVar("language", default=None)


def set_language(language: str) -> None:
    """Choose the language of every text made from now on in this process.

    Raises:
        ValueError: the language is not one of `LANGUAGES`.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
    _chosen["language"] = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make texts in this language inside, in this thread or task alone.

    Raises:
        ValueError: the language is not one of `LANGUAGES`.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
    before = _of_reader.set(language)
    try:
        yield
    finally:
        _of_reader.reset(before)


def current_language() -> str:
    """Return the language in use, 'en' or 'es'."""
    return _of_reader.get() or _chosen["language"]


def language_of_header(accepted: str) -> str:
    """Return 'es' or 'en', whichever an Accept-Language header of HTTP prefers.

    Spanish only where it is named before English (RFC 9110, 12.5.4, with its weights).
    """
    weights = {"en": 0.0, "es": 0.0}
    for part in accepted[:500].split(","):
        name, _, rest = part.strip().lower().partition(";")
        language = name.partition("-")[0]
        if language in weights:
            weights[language] = max(weights[language], _weight(rest))
    return "es" if weights["es"] > weights["en"] else "en"


def _weight(words: str) -> float:
    try:
        return float(words.strip().removeprefix("q=")) if words.strip() else 1.0
    except ValueError:
        return 0.0


def language_from_environment() -> str:
    """Return the language that TAMIZ_LANG or the locale asks for; English when neither does."""
    asked = os.environ.get("TAMIZ_LANG", "")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        asked = asked or os.environ.get(name, "")
    if not asked:
        asked = locale.getlocale()[0] or ""
    return "es" if asked.lower().startswith(("es", "spanish")) else "en"


class _LocalFormatter(string.Formatter):
    """`str.format`, but `{n:,}` groups thousands as the language does, and words follow a count.

    `{n:image|images}` is the first word where n is one and the second for any other count.
    """

    def format_field(self, value: object, format_spec: str) -> str:
        one, bar, several = format_spec.partition("|")
        if bar:
            return one if str(value) == "1" else several
        made = str(super().format_field(value, format_spec))
        if "," in format_spec and current_language() == "es":
            made = made.replace(",", _NARROW_SPACE)
        return made


@cache
def _area(name: str) -> dict[str, tuple[str, str]]:
    module = importlib.import_module(f"tamiz.core.catalogue.{name}")
    texts: dict[str, tuple[str, str]] = module.TEXTS
    return texts


def has_text(key: str) -> bool:
    """Return whether the catalogue holds `key` ('area.name')."""
    area, _, name = key.partition(".")
    try:
        return name in _area(area)
    except ModuleNotFoundError:
        return False


def say(key: str, **values: object) -> str:
    """Return the text of `key` ('area.name') in the language in use, its {fields} filled in.

    Raises:
        KeyError: the catalogue has no such text (a fault of the program, not of a user).
    """
    area, _, name = key.partition(".")
    english, spanish = _area(area)[name]
    template = spanish if current_language() == "es" else english
    return _LocalFormatter().vformat(template, (), values)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is put into words only when somebody reads it, in that reader's language."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return say(self.key, **self.values)


def text(key: str, **values: object) -> Text:
    """Return the `Text` of `key` with its {fields}; `str()` of it gives words."""
    return Text(key, values)
