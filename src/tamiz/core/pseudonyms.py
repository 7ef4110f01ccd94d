"""Keyed pseudonyms: the same person has the same name in every set, and nobody can turn it back.

All values are HMAC-SHA-256 of a secret key, a kind and the original. The key is a file of its
own, readable by its owner alone; whoever has it can find out who a guessed name became.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.files import explain_os_error, explain_read_error

KEY_BYTES: Final = 32
MAX_SHIFT_DAYS: Final = 365
_ENVIRONMENT: Final = "TAMIZ_KEY_FILE"
_PREFIX: Final = "TZ"
_LENGTH: Final = 16


def default_key_path() -> Path:
    """Return where the key lies: $TAMIZ_KEY_FILE, or `tamiz/pseudonyms.key` in the user's config.

    The config folder is $XDG_CONFIG_HOME or `~/.config`.
    """
    named = os.environ.get(_ENVIRONMENT)
    if named:
        return Path(named).expanduser()
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "tamiz" / "pseudonyms.key"


class Pseudonyms:
    """What originals become under one key; may be pickled and sent to a worker process."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def load(cls, path: Path | None = None) -> Pseudonyms:
        """Return those of the key in `path` (default: `default_key_path()`), made when missing.

        Raises:
            WrongData: the file holds no key of 32 bytes in hexadecimal digits.
            WrongUse: it cannot be read or made, or others may read it.
        """
        place = path or default_key_path()
        with contextlib.suppress(FileExistsError):
            _make(place)
        try:
            mode = place.stat().st_mode
            words = place.read_text(encoding="ascii", errors="replace").strip()
        except OSError as error:
            raise explain_read_error(error, place) from error
        if mode & 0o077:
            raise WrongUse.of("pseudonyms.open_to_others", where=place, mode=f"{mode & 0o777:o}")
        try:
            key = bytes.fromhex(words)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise WrongData.of("pseudonyms.no_key", where=place)
        return cls(key)

    def name(self, kind: str, original: str) -> str:
        """Return 'TZ' and 16 hexadecimal digits for an original of a kind ('patient', ...)."""
        return _PREFIX + self._digest(kind, original).hex()[:_LENGTH]

    def uid(self, original: str) -> str:
        """Return a UID ('2.25.' and a 128-bit number, PS3.5 B.2) for a UID."""
        number = bytearray(self._digest("uid", original)[:16])
        number[6] = (number[6] & 0x0F) | 0x40  # a UUID of version 4, variant 1
        number[8] = (number[8] & 0x3F) | 0x80
        return f"2.25.{int.from_bytes(number, 'big')}"

    def shift_days(self, patient: str) -> int:
        """Return by how many days all dates of a patient move: -365 to -1, always the same."""
        drawn = int.from_bytes(self._digest("shift", patient)[:8], "big")
        return -1 - drawn % MAX_SHIFT_DAYS

    def _digest(self, kind: str, original: str) -> bytes:
        words = f"{kind}\0{original}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, words, hashlib.sha256).digest()


def is_pseudonym(value: str) -> bool:
    """Return whether a value looks like what `Pseudonyms.name` gives."""
    digits = value.removeprefix(_PREFIX)
    return (
        value.startswith(_PREFIX)
        and len(digits) == _LENGTH
        and all(c in "0123456789abcdef" for c in digits)
    )


def _make(place: Path) -> None:
    """Write a new key that its owner alone may read; an existing one is left as it is.

    It appears whole under its name or not at all, whoever else makes one at the same moment.
    """
    if place.exists():
        return
    part = place.with_name(f".{place.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, secrets.token_bytes(KEY_BYTES).hex().encode() + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        try:
            os.link(part, place)
        finally:
            part.unlink()
    except FileExistsError:
        raise
    except OSError as error:
        raise explain_os_error(error, place) from error
