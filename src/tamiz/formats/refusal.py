"""Why a file is refused: every fault of content becomes one UnreadableItem with a reason."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tamiz.core.errors import UnreadableItem
from tamiz.core.language import say
from tamiz.formats.sniff import describe, is_plain_text

_KEY_BY_KIND: Final = {
    FileNotFoundError: "formats.missing",
    NotADirectoryError: "formats.missing",
    PermissionError: "formats.no_permission",
    MemoryError: "formats.memory",
}
_TRUNCATION_WORDS: Final = re.compile(
    r"truncated|unexpected end|ended before|premature|not enough (image )?data|short read",
    re.IGNORECASE,
)


class Refusal(Exception):
    """A decoder refuses a file; the message is the reason, in the user's words."""


def refuse(key: str, **values: object) -> Refusal:
    """Return the refusal whose words stand in the catalogue under `formats.<key>`."""
    return Refusal(say(f"formats.{key}", **values))


def content_in_words(head: bytes) -> str | None:
    """Return what a file that is no image begins like ('PDF', 'plain text'); None: unknown."""
    return describe(head) or (say("formats.plain_text") if is_plain_text(head) else None)


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn whatever goes wrong inside into `UnreadableItem(name, reason)`.

    One of the two places where a broad `except` is allowed: decoders raise some thirty kinds of
    exception on damaged files, and each is recorded with its item.
    """
    try:
        yield
    except UnreadableItem:
        raise
    except Exception as error:
        raise UnreadableItem(name, reason_of(error)) from error


def reason_of(error: Exception) -> str:
    """Return in few words why a decoder failed."""
    if isinstance(error, Refusal):
        return str(error)
    message = " ".join(str(error).split())
    for kind, key in _KEY_BY_KIND.items():
        if isinstance(error, kind):
            return say(key)
    if _is_truncation(error, message):
        return say("formats.truncated")
    if "MAX_TEXT" in message:
        return say("formats.text_bomb")
    return say("formats.damaged", detail=message or type(error).__name__)


def _is_truncation(error: Exception, message: str) -> bool:
    if isinstance(error, (EOFError, struct.error)):
        return True
    return isinstance(error, (OSError, ValueError, SyntaxError, RuntimeError)) and bool(
        _TRUNCATION_WORDS.search(message)
    )
