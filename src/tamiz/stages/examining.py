"""Decoding many images with all cores, once: what is known from an earlier check is reused."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import UnreadableItem, WrongData
from tamiz.core.events import OnEvent, track
from tamiz.core.language import text
from tamiz.data.contracts import Policy
from tamiz.data.manifest import Manifest
from tamiz.data.parquet import write_table
from tamiz.formats.files import locate, split_path
from tamiz.formats.reader import Examined, Reader
from tamiz.stages.sharing import check_shared
from tamiz.workers.current import in_order
from tamiz.workers.local import n_cores
from tamiz.workers.registry import Wishes

Result = Examined | str  # what was found, or why it cannot be read
Job = tuple[int, str, int]  # row, path, frame

CACHE_VERSION: Final = 3
CHUNK: Final = 32
CHECK_NOTES: Final = "check.parquet"
_SHOWN: Final = 20
MAX_THREADS: Final = 8  # each may hold an image of max_megapixels
_NAMES = tuple(one.name for one in fields(Examined))


def examine_all(
    manifest: Manifest, reader: Reader, cache_path: Path, on_event: OnEvent
) -> list[Result]:
    """Return what a full decode finds out about each row of the manifest.

    Stopping in the middle (KeyboardInterrupt) keeps what is done in the cache.
    """
    rows = list(manifest.rows("path", "frame"))
    stamps = _stamps([path for path, _ in rows], reader)
    known = _load(cache_path)
    results: list[Result | None] = [
        known.get((path, frame, stamp)) for (path, frame), stamp in zip(rows, stamps, strict=True)
    ]
    jobs = [(row, *rows[row]) for row, result in enumerate(results) if result is None]
    check_shared(reader.root, [path for _, path, _ in jobs])
    try:
        done = _examined(jobs, reader)
        told = track(done, on_event, stage="check", text=text("check.decoding"), total=len(jobs))
        for row, result in told:
            results[row] = result
    finally:
        if jobs:
            _save(cache_path, rows, stamps, results)
    return [result for result in results if result is not None]


def refuse_changed(rows: Manifest, policy: Policy, cache_folder: Path) -> None:
    """Raise when files are no longer those that `check` saw: a model would not fit its manifest.

    Size and time of each file are compared with what `check` noted; where they differ, or were
    not noted, the content is.

    Args:
        rows: with the column content_sha256 that `check` made.
        policy: how files are read.
        cache_folder: of the run, where `check` keeps its notes.

    Raises:
        WrongData: the files, the first 20 by name.
    """
    places = list(rows.rows("path", "frame", "content_sha256"))
    if all(content is None for _, _, content in places):
        return
    noted = {(path, frame): stamp for path, frame, stamp in _load(cache_folder / CHECK_NOTES)}
    with Reader(rows.root, policy) as reader:
        stamps = _stamps([path for path, _, _ in places], reader)
        changed = [
            path if not frame else f"{path}#{frame}"
            for (path, frame, content), stamp in zip(places, stamps, strict=True)
            if content
            and not _is_same_file(noted.get((path, frame), ""), stamp)
            and _content_now(reader, path, frame) != content
        ]
    if changed:
        raise WrongData.of(
            "check.changed",
            where=rows.root,
            details=tuple(changed[:_SHOWN]),
            n=len(changed),
            total=len(places),
            first=changed[0],
        )


def _is_same_file(before: str, now: str) -> bool:
    """Return whether size and time are the same; the policy, last in a stamp, does not matter."""
    return before.rpartition(":")[0] == now.rpartition(":")[0] != "gone"


def _content_now(reader: Reader, path: str, frame: int) -> str | None:
    try:
        return reader.examine(path, frame).content_sha256
    except UnreadableItem:
        return None


def _examined(jobs: Sequence[Job], reader: Reader) -> Iterator[tuple[int, Result]]:
    """Yield (row, result) in the order of the jobs."""
    chunks = [jobs[start : start + CHUNK] for start in range(0, len(jobs), CHUNK)]
    wishes = Wishes(n_threads=min(MAX_THREADS, n_cores()), what="check")
    found = in_order(partial(_examine_chunk, reader=reader), chunks, wishes)
    for chunk, results in zip(chunks, found, strict=True):
        for (row, _, _), result in zip(chunk, results, strict=True):
            yield row, result


def _examine_chunk(chunk: Sequence[Job], reader: Reader) -> list[Result]:
    made: list[Result] = []
    for _, path, frame in chunk:
        try:
            made.append(reader.examine(path, frame))
        except UnreadableItem as error:  # the one place that catches it
            made.append(error.reason)
    return made


def _stamps(paths: Sequence[str], reader: Reader) -> list[str]:
    """Return for each path the size and time of its file on disk, and the policy's hash."""
    policy = hashlib.sha256(repr((CACHE_VERSION, reader.policy)).encode()).hexdigest()[:12]
    stamp_by_file: dict[str, str] = {}
    on_disk_by_path: dict[str, str] = {}
    made = []
    for path in paths:
        if path not in on_disk_by_path:
            on_disk_by_path[path] = split_path(reader.root, path)[0]
        on_disk = on_disk_by_path[path]
        if on_disk not in stamp_by_file:
            try:
                facts = os.stat(locate(reader.root, on_disk))  # noqa: PTH116
                stamp = f"{facts.st_size}:{facts.st_mtime_ns}:{policy}"
            except OSError:
                stamp = f"gone:{policy}"
            stamp_by_file[on_disk] = stamp
        made.append(stamp_by_file[on_disk])
    return made


def _load(cache_path: Path) -> dict[tuple[str, int, str], Result]:
    """Return what is known; nothing when the cache is absent or damaged."""
    import polars as pl

    try:
        table = pl.read_parquet(cache_path)
        made: dict[tuple[str, int, str], Result] = {}
        for row in table.select("path", "frame", "stamp", *_NAMES).iter_rows():
            made[row[:3]] = Examined(*row[3:])
    except (OSError, pl.exceptions.PolarsError):
        return {}
    return made


def _save(
    cache_path: Path,
    rows: Sequence[tuple[str, int]],
    stamps: Sequence[str],
    results: Sequence[Result | None],
) -> None:
    """Keep what was decoded; what was unreadable is tried anew next time (it may be mended)."""
    import polars as pl

    good = [i for i, one in enumerate(results) if isinstance(one, Examined)]
    columns: dict[str, list[Any]] = {
        "path": [rows[i][0] for i in good],
        "frame": [rows[i][1] for i in good],
        "stamp": [stamps[i] for i in good],
        **{name: [getattr(results[i], name) for i in good] for name in _NAMES},
    }
    write_table(pl.DataFrame(columns), cache_path)
