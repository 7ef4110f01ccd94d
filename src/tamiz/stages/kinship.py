"""Which rows show the same thing: found once, kept in the run, used by clean, audit and split."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from tamiz.core.errors import UnreadableItem
from tamiz.core.events import OnEvent, progress_of
from tamiz.core.language import text
from tamiz.core.recipe import CleanOptions
from tamiz.data.clusters import clusters
from tamiz.data.evidence import Pairs
from tamiz.data.manifest import Manifest
from tamiz.data.parquet import read_table, write_table
from tamiz.data.run_folder import Run
from tamiz.data.sketches import Sketches
from tamiz.formats.reader import Reader

_SAME = 0.995  # likeness from which two pictures are compared pixel by pixel
_MOST_COMPARED = 2000
_BURSTS_FROM_PX = 40  # smaller pictures are alike too easily, and numbered like frames too often


def find_kin(
    rows: Manifest, sketches: Sketches, reader: Reader, options: CleanOptions, on_event: OnEvent
) -> Pairs:
    """Return near-duplicates and bursts among the rows.

    Pairs that look the same are decoded: where every pixel agrees they are of the kinship
    'same pixels' (up to 2,000 pairs are compared).
    """
    from tamiz.checks.bursts import find_bursts
    from tamiz.likeness.search import find_pairs

    if not options.near_duplicates:
        return Pairs.none()
    native = np.minimum(sketches.figures["width_px"], sketches.figures["height_px"])
    told = progress_of(on_event, stage="clean", text=text("clean.searching"))
    near = find_pairs(sketches.grey, native, on_progress=told)
    near = _with_same_pixels(near, rows, reader)
    names = [
        path if not frame and short >= _BURSTS_FROM_PX else ""
        for (path, frame), short in zip(rows.rows("path", "frame"), native, strict=True)
    ]
    return _joined(near, find_bursts(names, sketches.grey))


def save_kin(pairs: Pairs, rows: Manifest, path: Path) -> None:
    """Write the pairs with their item ids, so that they outlive the order of the rows."""
    items = np.array(rows.column("item"), dtype=object)
    columns = {
        "first": items[pairs.first].tolist(),
        "second": items[pairs.second].tolist(),
        "kinship": list(pairs.kinship),
        "score": pairs.score.tolist(),
    }
    schema = {"first": pl.String, "second": pl.String, "kinship": pl.String, "score": pl.Float32}
    write_table(pl.DataFrame(columns, schema=schema), path)


def load_kin(run: Run, rows: Manifest, options: CleanOptions) -> Pairs:
    """Return the pairs among these rows that are alike enough, by position; none before `clean`."""
    path = kin_path(run)
    if not options.near_duplicates or not path.is_file():
        return Pairs.none()
    table, _ = read_table(path)
    table = table.filter(pl.col("score") >= options.min_likeness)
    place = {item: at for at, item in enumerate(rows.column("item"))}
    found = [
        (place[first], place[second], kinship, score)
        for first, second, kinship, score in table.iter_rows()
        if first in place and second in place
    ]
    if not found:
        return Pairs.none()
    first, second, kinship, score = zip(*found, strict=True)
    return Pairs(
        np.array(first, dtype=np.int64),
        np.array(second, dtype=np.int64),
        tuple(kinship),
        np.array(score, dtype=np.float32),
    )


def kin_of(run: Run, rows: Manifest, options: CleanOptions) -> list[tuple[int, ...]]:
    """Return the sets of rows that show nearly the same picture, by position."""
    pairs = load_kin(run, rows, options)
    return clusters(pairs, len(rows)) if len(pairs) else []


def kin_path(run: Run) -> Path:
    """Return where the pairs lie."""
    return run.folder / "pairs.parquet"


def _with_same_pixels(pairs: Pairs, rows: Manifest, reader: Reader) -> Pairs:
    places = list(rows.rows("path", "frame", "width_px", "height_px"))
    kinship = list(pairs.kinship)
    candidates = np.nonzero(pairs.score >= _SAME)[0]
    for at in candidates[:_MOST_COMPARED]:
        one, other = places[pairs.first[at]], places[pairs.second[at]]
        if kinship[at] == "re-encoded" and one[2:] == other[2:]:
            kinship[at] = "same pixels" if _is_same(reader, one, other) else kinship[at]
    return Pairs(pairs.first, pairs.second, tuple(kinship), pairs.score)


def _is_same(reader: Reader, one: tuple[str, int], other: tuple[str, int]) -> bool:
    try:
        first, second = (reader.read(path, frame).pixels for path, frame, *_ in (one, other))
    except UnreadableItem:  # it could be read a moment ago; `check` will say so next time
        return False
    return bool(first.shape == second.shape and (first == second).all())


def _joined(near: Pairs, bursts: Pairs) -> Pairs:
    """Return both; a pair that is near-identical already is not named a burst again."""
    known = set(zip(near.first.tolist(), near.second.tolist(), strict=True))
    new = [
        at
        for at, pair in enumerate(zip(bursts.first.tolist(), bursts.second.tolist(), strict=True))
        if pair not in known
    ]
    return Pairs(
        np.concatenate([near.first, bursts.first[new]]),
        np.concatenate([near.second, bursts.second[new]]),
        (*near.kinship, *(bursts.kinship[at] for at in new)),
        np.concatenate([near.score, bursts.score[new]]),
    )
