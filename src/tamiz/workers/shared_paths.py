"""Whether a worker's machine sees the same files and folders as the one that asks."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from tamiz.core.errors import WrongUse

_HEAD_BYTES: Final = 4096
_FOLDER: Final = "folder"
Seen = tuple[tuple[str, str], ...]


def seen(places: Sequence[Path]) -> Seen:
    """Return each place with what lies there: '', 'folder', or a file's size and beginning."""
    return tuple((str(place), _seen_at(place)) for place in places)


def check_same(asked: Seen, found: Seen, where: str) -> None:
    """Raise when not the same lies at these places on another machine.

    Args:
        asked: what `seen` gives on the machine that asks.
        found: on the other.
        where: what the other is called.

    Raises:
        WrongUse: it names the first such place.
    """
    for (path, here), (_, there) in zip(asked, found, strict=True):
        if here != there:
            key = "path_differs" if here and there else "path_missing"
            raise WrongUse.of(f"workers.{key}", where=where, path=path)


@lru_cache(maxsize=1)
def check_seen_once(asked: Seen, where: str) -> None:
    """Raise when not the same lies at these places here; what is right is asked only once.

    Raises:
        WrongUse: as `check_same` does.
    """
    check_same(asked, seen([Path(path) for path, _ in asked]), where)


def _seen_at(place: Path) -> str:
    try:
        facts = place.stat()
        if stat.S_ISDIR(facts.st_mode):
            return _FOLDER if os.access(place, os.R_OK | os.X_OK) else ""
        if not stat.S_ISREG(facts.st_mode):
            return "other"
        with place.open("rb") as opened:
            head = opened.read(_HEAD_BYTES)
    except OSError:
        return ""
    return f"{facts.st_size} {hashlib.sha256(head).hexdigest()[:16]}"
