"""What is noted of a source by URL beside its copy: from when it is, what could not be brought."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.files import read_json, write_json
from tamiz.core.remote_files import STATES
from tamiz.core.urls import FOLDER, name_of, top_of_urls

_NEWEST: Final = "newest_s"


def note_of(url: str) -> dict[str, Any]:
    """Return what is noted of a URL; nothing where it was never brought."""
    try:
        made: dict[str, Any] = read_json(_place_of(url))
    except (WrongData, WrongUse, MachineTrouble):
        return {}
    return made


def keep_note(url: str, aside: list[tuple[str, str]], n: int, newest_s: int) -> None:
    """Note that a URL was listed just now: what cannot be a file, how many, the newest object."""
    utc = datetime.now(UTC).isoformat(timespec="seconds")
    said = {"url": url, "utc": utc, "objects": n, "aside": aside, _NEWEST: newest_s}
    write_json(_place_of(url), said)


def note_newest(root: str, newest_s: int) -> None:
    """Note that objects at or below `root` were listed, the newest of this time."""
    before = note_of(root)
    if newest_s > before.get(_NEWEST, -1):
        write_json(_place_of(root), {**before, _NEWEST: newest_s})


@STATES.add("url")
def newest_of(root: str) -> int | None:
    """Return the time of the newest object when `root` was listed, by its server's clock, in s."""
    newest = note_of(name_of(root).rstrip("/")).get(_NEWEST)
    return newest if isinstance(newest, int) else None


def _place_of(url: str) -> Path:
    name = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return top_of_urls().with_name(f"{FOLDER}-notes") / f"{name}.json"
