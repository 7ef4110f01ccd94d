"""Near-duplicates among very many pictures: re-encoded, resized, brightened, mirrored, cropped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.data.evidence import Pairs
from tamiz.likeness.candidates import Found, find_candidates, windows
from tamiz.likeness.fitting import agreement, cut, detail, details, fit, mirrored

MIN_LIKENESS: Final = 0.96
# Small pictures on an empty ground (28 px clothes and digits) agree in their outlines alone:
SMALL_PX: Final = 40
MIN_LIKENESS_SMALL: Final = 0.99
MIN_NATIVE_PX: Final = 16  # below, too little is to be seen
MIN_DETAIL: Final = 0.5  # grey levels; below, a picture is as good as blank
_CHUNK: Final = 512
_THREADS: Final = 2
Numbers = NDArray[np.float32]


def find_pairs(
    grey: NDArray[np.uint8],
    native_px: NDArray[np.float32],
    *,
    seed: int = 0,
    on_progress: Callable[[int, int], None] | None = None,
) -> Pairs:
    """Return the pairs of pictures that show the same thing.

    Each picture is asked for its nearest few (by `candidates`, no all-pairs comparison); each
    candidate is laid upon it as exactly as its thumbnail allows, and the correlation of their
    details must reach `MIN_LIKENESS`. Of originals below 40 px it must reach 0.99, and crops are
    not looked for: so small a piece is like many others. Equal thumbnails are chained, the first
    with each other.

    Args:
        grey: (n, side, side) whole pictures stretched to a square; side 32 or 64.
        native_px: (n,) the short side of the originals. Those below 16 px are compared for
            equality only, as are pictures without detail.
        seed: for the cells of the search.
        on_progress: told (done, 100): candidates are the first half, laying them upon each other
            the second.

    Returns:
        Pairs of rows of the kinships 're-encoded', 'flipped' and 'cropped' (of a flipped and
        cropped copy: 'cropped'), sorted by rows. Same input, same pairs.
    """
    tell = on_progress or (lambda _done, _total: None)
    rows, chained = _distinct(grey)
    has_detail = detail(grey[rows]) >= MIN_DETAIL
    rows = rows[has_detail & (native_px[rows] >= MIN_NATIVE_PX)]
    chained = chained[detail(grey[chained[:, 0]]) >= MIN_DETAIL] if len(chained) else chained
    found, likeness = _alike(grey[rows], native_px[rows] < SMALL_PX, seed, tell)
    return _as_pairs(rows, found, likeness, chained)


def _alike(
    grey: NDArray[np.uint8],
    is_small: NDArray[np.bool_],
    seed: int,
    tell: Callable[[int, int], None],
) -> tuple[Found, Numbers]:
    """Return the candidates that agree, and how well."""
    if len(grey) < 2:
        return Found.none(), np.zeros(0, dtype=np.float32)
    has_pieces = not bool(is_small.all())

    def told(done: int, total: int) -> None:
        tell(50 * done // total, 100)

    found = find_candidates(grey, has_pieces=has_pieces, seed=seed, on_progress=told)
    is_piece_of_small = (is_small[found.row] | is_small[found.other]) & (found.window > 0)
    found = found.take(np.nonzero(~is_piece_of_small)[0])
    is_strict = is_small[found.row] | is_small[found.other]
    likeness = _likeness(grey, found, lambda done, total: tell(50 + 50 * done // total, 100))
    tell(100, 100)
    good = np.nonzero(likeness >= np.where(is_strict, MIN_LIKENESS_SMALL, MIN_LIKENESS))[0]
    return found.take(good), likeness[good]


def _distinct(grey: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first row of each different thumbnail, and (first, again) of the equal ones."""
    first_by_bytes: dict[bytes, int] = {}
    chained = []
    for row, pixels in enumerate(grey):
        first = first_by_bytes.setdefault(hashlib.sha256(pixels).digest(), row)
        if first != row:
            chained.append((first, row))
    rows = np.array(sorted(first_by_bytes.values()), dtype=np.int64)
    return rows, np.array(chained, dtype=np.int64).reshape(-1, 2)


def _likeness(grey: NDArray[np.uint8], found: Found, tell: Callable[[int, int], None]) -> Numbers:
    """Return (m,): how well each candidate agrees once it is fitted."""
    places = np.array([(w.x, w.width, w.y, w.height) for w in windows()], dtype=np.float32)
    made = np.empty(len(found), dtype=np.float32)

    def work(start: int) -> None:
        part = slice(start, start + _CHUNK)
        rows, at = np.unique(found.row[part], return_inverse=True)  # each is asked many times
        asked = grey[rows].astype(np.float32)
        others, flip = grey[found.other[part]].astype(np.float32), found.flip[part]
        is_piece = found.window[part] > 0
        if is_piece.any():
            asking = mirrored(asked[at[is_piece]], flip[is_piece])
            where = places[found.window[part][is_piece]]
            others[is_piece] = cut(others[is_piece], fit(asking, others[is_piece], where))
        made[part] = agreement(mirrored(details(asked)[at], flip), details(others))

    with ThreadPoolExecutor(_THREADS, thread_name_prefix="tamiz-likeness") as pool:
        starts = range(0, len(found), _CHUNK)
        for done, _ in enumerate(pool.map(work, starts), start=1):
            tell(done, len(starts))
    return made


def _as_pairs(
    rows: NDArray[np.int64], found: Found, likeness: Numbers, chained: NDArray[np.int64]
) -> Pairs:
    """Return each pair once, with the simplest kinship that explains it."""
    one, other = rows[found.row], rows[found.other]
    kinship = np.where(found.window > 0, 2, np.where(found.flip > 0, 1, 0))
    first = np.concatenate([np.minimum(one, other), chained[:, 0]])
    second = np.concatenate([np.maximum(one, other), chained[:, 1]])
    kinds = np.concatenate([kinship, np.zeros(len(chained), dtype=kinship.dtype)])
    scores = np.concatenate([likeness, np.ones(len(chained), dtype=np.float32)])
    order = np.lexsort((-scores, kinds, second, first))
    first, second, kinds, scores = first[order], second[order], kinds[order], scores[order]
    is_new = np.ones(len(first), dtype=np.bool_)
    is_new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    names = ("re-encoded", "flipped", "cropped")
    return Pairs(
        first[is_new],
        second[is_new],
        tuple(names[kind] for kind in kinds[is_new]),
        np.clip(scores[is_new], 0.0, 1.0),
    )
