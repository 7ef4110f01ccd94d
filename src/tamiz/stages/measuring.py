"""Sketches of all images that decode: measured once with all cores, kept, and taken up again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tamiz.checks.measures import Measured, measure_all
from tamiz.core.errors import TamizError, UnreadableItem
from tamiz.core.events import OnEvent, track
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.data.contracts import Policy
from tamiz.data.image import Image
from tamiz.data.ledger import Fate
from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.data.sketches import COLOUR_SIDE, FIGURES, Sketches
from tamiz.formats.files import locate
from tamiz.formats.headers import HeaderFacts, scan
from tamiz.formats.reader import Reader, policy_from
from tamiz.stages.sharing import check_shared
from tamiz.workers.current import in_order
from tamiz.workers.local import n_cores
from tamiz.workers.registry import Wishes

_CHUNK: Final = 64
_MAX_THREADS: Final = 8
_WAITS_BYTES: Final = 2**16  # of pixels: up to here images wait to be measured together
_SMALL, _LARGE = 32, 64
_LARGE_FROM_PX = 56
NO_PIXELS: Final = (Fate.MISSING.value, Fate.UNREADABLE.value)
_Job = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """The rows of a run that can be decoded, and their sketches.

    Attributes:
        rows: the manifest's rows that have pixels, whatever else their fate.
        sketches: aligned with `rows`.
    """

    rows: Manifest
    sketches: Sketches


def sketches_of(recipe: Recipe, run: Run, on_event: OnEvent, *, most: int | None = None) -> Seen:
    """Return the sketches of every row that decodes; what was measured before is not read again.

    Stopping in the middle (KeyboardInterrupt) keeps what is done.

    Args:
        recipe: says how files are read.
        run: whose rows.
        on_event: told about progress.
        most: of more rows, so many that are drawn by their ids: the same rows each time. A look
            takes 5 kB of memory.
    """
    manifest = run.manifest()
    fates = manifest.series("fate")
    at = (fates.is_null() | ~fates.is_in(NO_PIXELS)).arg_true().to_numpy()
    if most is not None and len(at) > most:
        at = _drawn(manifest, at, most)
    rows = manifest.take(at)
    path = run.folder / "cache" / "sketches.npz"
    side = _side_for(rows)
    policy = policy_from(recipe.data)
    sketches, todo = _known(path, rows, side, policy)
    if todo:
        with Reader(rows.root, policy) as reader:
            try:
                _measure(rows, todo, sketches, reader, on_event)
            finally:
                done = np.isfinite(sketches.figures["brightness"])
                sketches.take(np.nonzero(done)[0]).save(path)
    return Seen(rows, sketches)


def _drawn(manifest: Manifest, at: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return the rows with the lowest ids, in their order: ids are hashes, so it is a fair draw."""
    ids = manifest.series("item").gather(at).str.to_integer(base=16, dtype=pl.UInt64).to_numpy()
    made: NDArray[np.int64] = np.sort(at[np.argsort(ids, kind="stable")[:most]])
    return made


def sketches_among(recipe: Recipe, run: Run, rows: Manifest, on_event: OnEvent) -> Sketches:
    """Return the sketches of these rows alone: those that the run keeps, the others measured now.

    No other row is read, and nothing is written.
    """
    side, policy = _side_for(rows), policy_from(recipe.data)
    sketches, todo = _known(run.folder / "cache" / "sketches.npz", rows, side, policy)
    if todo:
        with Reader(rows.root, policy) as reader:
            _measure(rows, todo, sketches, reader, on_event)
    return sketches


def _side_for(rows: Manifest) -> int:
    if not len(rows):
        return _LARGE
    short = [min(size) for size in rows.rows("width_px", "height_px")]
    return _LARGE if float(np.median(short)) >= _LARGE_FROM_PX else _SMALL


def _known(path: Path, rows: Manifest, side: int, policy: Policy) -> tuple[Sketches, list[int]]:
    """Return sketches with what the cache knows filled in, and the rows that are to be measured.

    The cache is by content: an item whose bytes changed has another content hash, and `check`
    then wrote another one into the manifest.
    """
    n = len(rows)
    keys = list(_keys(rows, policy))
    sketches = Sketches(
        tuple(keys),
        {name: np.full(n, np.nan, dtype=np.float32) for name in FIGURES},
        np.zeros((n, side, side), dtype=np.uint8),
        np.zeros((n, COLOUR_SIDE, COLOUR_SIDE, 3), dtype=np.uint8),
    )
    try:
        old = Sketches.load(path)
    except TamizError:
        return sketches, list(range(n))
    if old.side_px != side:
        return sketches, list(range(n))
    place = {item: at for at, item in enumerate(old.items)}
    known = [at for at, key in enumerate(keys) if key in place]
    source = [place[keys[at]] for at in known]
    sketches.grey[known], sketches.colour[known] = old.grey[source], old.colour[source]
    for name in FIGURES:
        sketches.figures[name][known] = old.figures[name][source]
    is_known = set(known)
    return sketches, [at for at in range(n) if at not in is_known]


def _keys(rows: Manifest, policy: Policy) -> Iterator[str]:
    """Yield a key of each row's pixels: of its item, its content, and how it is read."""
    how = hashlib.sha256(repr(policy).encode()).hexdigest()[:4]
    for item, content in rows.rows("item", "content_sha256"):
        yield f"{item[:8]}{(content or '')[:8]}{how}"


def _measure(
    rows: Manifest, todo: Sequence[int], sketches: Sketches, reader: Reader, on_event: OnEvent
) -> None:
    places = list(rows.rows("path", "frame"))
    sizes = list(rows.rows("width_px", "height_px", "bits"))
    headers = _Headers(reader.root)
    jobs = [(at, *places[at]) for at in todo]
    chunks = [jobs[start : start + _CHUNK] for start in range(0, len(jobs), _CHUNK)]
    check_shared(reader.root, [path for _, path, _ in jobs])
    wishes = Wishes(n_threads=min(_MAX_THREADS, n_cores()), what="explore")
    work = partial(_measure_chunk, reader=reader, side=sketches.side_px, headers=headers)
    told = track(
        (one for many in in_order(work, chunks, wishes) for one in many),
        on_event,
        stage="explore",
        text=text("explore.measuring"),
        total=len(jobs),
    )
    for at, measured, header in told:
        if measured is not None:
            _put(sketches, at, measured, sizes[at], header)


def _measure_chunk(
    chunk: Sequence[_Job], reader: Reader, side: int, headers: _Headers
) -> list[tuple[int, Measured | None, HeaderFacts | None]]:
    seen: list[Image | Measured | None] = []
    for _, path, frame in chunk:
        try:
            image = reader.look(path, frame)
        except UnreadableItem:  # `check` read it; it will say so when it is run again
            seen.append(None)
            continue
        waits = image.pixels.nbytes <= _WAITS_BYTES  # the overviews of 64 slides fill 800 MB
        seen.append(image if waits else measure_all([image], side)[0])
    waiting = iter(measure_all([one for one in seen if isinstance(one, Image)], side))
    return [
        (at, next(waiting) if isinstance(one, Image) else one, headers.of(path))
        for (at, path, _), one in zip(chunk, seen, strict=True)
    ]


class _Headers:
    """Header facts of files on disk; nothing for members of archives and arrays."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._last: tuple[str, HeaderFacts | None] = ("", None)

    def of(self, path: str) -> HeaderFacts | None:
        if "!/" in path:
            return None
        last_path, facts = self._last  # an array's images share one path
        if path != last_path:
            try:
                facts = scan(locate(self._root, path))
            except UnreadableItem:
                facts = None
            self._last = (path, facts)
        return facts


def _put(
    sketches: Sketches,
    at: int,
    measured: Measured,
    size: tuple[int, int, int],
    header: HeaderFacts | None,
) -> None:
    sketches.grey[at], sketches.colour[at] = measured.grey, measured.colour
    for name, value in measured.figures.items():
        sketches.figures[name][at] = value
    figures: dict[str, NDArray[np.float32]] = dict(sketches.figures)
    figures["width_px"][at], figures["height_px"][at], figures["bits"][at] = size
    if header is not None:
        figures["file_bytes"][at] = header.n_bytes
        if header.jpeg_table is not None:
            figures["jpeg_table"][at] = header.jpeg_table
        if header.dpi is not None:
            figures["dpi"][at] = header.dpi[0]
        if header.um_per_px is not None:
            figures["um_per_px"][at] = header.um_per_px
