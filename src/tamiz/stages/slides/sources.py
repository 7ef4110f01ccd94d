"""Slides as a source of other files: which they are, what is made of them is called, opening."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from tamiz.core.errors import UnreadableItem, WrongData, WrongUse
from tamiz.core.language import Text, say, text
from tamiz.core.remote_files import have_at_hand
from tamiz.core.urls import at_home, is_mirrored, on_disk
from tamiz.data.contracts import Policy
from tamiz.data.ledger import Fate
from tamiz.data.manifest import Manifest
from tamiz.formats.files import locate, split_path
from tamiz.formats.regions import place_of
from tamiz.formats.slide import Slide
from tamiz.inputs.registry import Found


def refuse_inside(out: Path, source: str, found: Found) -> None:
    """Raise when results would lie among the slides, and be read as slides the next time.

    Beside the slides that a table names they may lie: the table does not name them.

    Raises:
        WrongUse: always then.
    """
    top = on_disk(source).expanduser().resolve()
    if found.kind != "table" and out.resolve().is_relative_to(top):
        raise WrongUse.of("tiles.out_inside", where=f"--out {out}")


def slides_of(manifest: Manifest, *free: str) -> list[dict[str, Any]]:
    """Return a row for each slide that is there: 'path', 'label', 'group', 'split', and `free`.

    A slide of several frames is one slide.

    Raises:
        WrongData: a row is a part of a slide, or not one slide is there.
    """
    names = ("path", "fate", "label", "group", "given_split", *free)
    rows: dict[str, dict[str, Any]] = {}
    for cells in manifest.rows(*names):
        row = dict(zip(names, cells, strict=True))
        if place_of(row["path"]).region is not None:
            raise WrongData.of("tiles.parts", where=manifest.root, name=row["path"])
        is_lost = row.pop("fate") == Fate.MISSING.value
        row["split"] = row.pop("given_split")
        if not is_lost:
            rows.setdefault(row["path"], row)
    if not rows:
        raise WrongData.of("tiles.all_missing", where=manifest.root, n=len(manifest))
    return list(rows.values())


def missing_of(found: Found) -> list[Text]:
    """Return a line for each row whose slide is not there."""
    return [text("inputs.missing_line", line=one.line, path=one.path) for one in found.missing]


def names_of(paths: Iterable[str]) -> dict[str, str]:
    """Return path -> name of what is made of that slide, below a folder, without suffix.

    No two are alike, not even where case is ignored: of slides that differ in their suffix only
    it stays, and what is still alike gets a mark of its path.
    """
    made = {path: _stem(path) for path in paths}
    for longer in (_whole, _marked):
        n_by_name = Counter(name.casefold() for name in made.values())
        made = {
            path: longer(path) if n_by_name[name.casefold()] > 1 else name
            for path, name in made.items()
        }
    return made


def opened(root: Path, path: str, policy: Policy, *, threads: int = 0) -> Slide:
    """Return an opened slide; close it after use.

    Raises:
        UnreadableItem: it lies in an archive, or cannot be read; the reason is said.
    """
    if split_path(root, path)[1]:
        raise UnreadableItem(path, say("tiles.in_archive"))
    if is_mirrored(root):  # a slide by URL, perhaps on another machine than listed it
        root = at_home(root)
        have_at_hand(locate(root, path))
    return Slide(locate(root, path), policy, threads=threads)


def _whole(path: str) -> str:
    """Return the path as one that leads nowhere else: not to the top, not upwards."""
    return "/".join(part for part in PurePosixPath(path).parts if part not in {"/", ".."})


def _stem(path: str) -> str:
    return str(PurePosixPath(_whole(path)).with_suffix(""))


def _marked(path: str) -> str:
    return f"{_whole(path)}_{hashlib.sha256(path.encode('utf-8', 'replace')).hexdigest()[:8]}"
