"""The query of a request, checked: known names, each once, each in its range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tamiz.core.language import LANGUAGES
from tamiz.service.refusals import Refusal

MOST_TOP: Final = 1000
PICTURE_PX: Final = (32, 1024)


class Query:
    """What stands behind the question mark.

    Args:
        pairs: names and values, as sent.
        known: names that may stand there; `language` always may.
    """

    def __init__(self, pairs: Sequence[tuple[str, str]], known: Sequence[str]) -> None:
        """Check the names.

        Raises:
            Refusal: 422, a name is unknown or stands twice, or there is no such language.
        """
        names = (*known, "language")
        self._values: dict[str, str] = {}
        for name, value in pairs:
            if name not in names:
                shown = name[:50]
                raise Refusal.of("service.no_query", 422, where=shown, known=", ".join(names))
            if name in self._values:
                raise Refusal.of("service.twice", 422, where=name)
            self._values[name] = value
        if "language" in self._values:
            self.choice("language", LANGUAGES)

    def text(self, name: str) -> str:
        """Return a value; '' where there is none."""
        return self._values.get(name, "")

    def choice(self, name: str, words: Sequence[str]) -> str:
        """Return one of some words, the first where none is asked for.

        Raises:
            Refusal: 422, it is another word.
        """
        value = self._values.get(name, words[0])
        if value not in words:
            raise Refusal.of("service.no_word", 422, where=name, words=", ".join(words))
        return value

    def whole(self, name: str, default: int, limits: tuple[int, int]) -> int:
        """Return a whole number.

        Raises:
            Refusal: 422, it is none, or out of range.
        """
        value = self._values.get(name, str(default))
        is_whole = value.isascii() and value.isdecimal() and len(value) <= 9
        if not is_whole or not limits[0] <= int(value) <= limits[1]:
            facts = {"low": limits[0], "high": limits[1]}
            raise Refusal.of("service.no_number", 422, where=name, **facts)
        return int(value)
