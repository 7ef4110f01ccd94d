"""Sources that name several files by braces ('shards/{000..015}.tar'): brought, and all there."""

from __future__ import annotations

import os
from pathlib import Path

from tamiz.core.braces import before_braces, expanded, is_pattern
from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.urls import name_of


def files_of(source: Path | str) -> list[str]:
    """Return the files that a pattern names, as paths or URLs.

    Raises:
        WrongUse: a range goes backwards, or names too many.
    """
    try:
        return expanded(str(source))
    except ValueError as error:
        raise WrongUse.of("patterns.bad", where=name_of(source), part=error) from error


def files_below(source: Path) -> tuple[Path, list[str]]:
    """Return the folder of a pattern's files, and their names relative to it.

    Raises:
        WrongData: some of them are not there.
        WrongUse: see `files_of`.
    """
    files = files_of(source)
    lost = [one for one in files if not os.path.isfile(one)]  # noqa: PTH113 - thousands
    if lost:
        raise lost_files(name_of(source), list(map(name_of, lost)), len(files))
    folder = before_braces(str(source))
    start = len(folder) + 1 if folder or str(source).startswith("/") else 0
    root = Path(folder or ("/" if start else "."))
    return root, [one[start:] for one in files]


def lost_files(source: str, lost: list[str], total: int) -> WrongData:
    """Return the error that names the first of a pattern's files that are not there."""
    details = tuple(lost[:20])
    return WrongData.of(
        "patterns.lost", where=source, details=details, n=len(lost), total=total, first=lost[0]
    )


def exists(place: Path) -> bool:
    """Return whether something is at a place, or it is a pattern: its files are asked for later."""
    return place.exists() or is_pattern(place)
