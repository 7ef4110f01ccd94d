"""Which pictures may show the same thing: near neighbours by an inverted file, never all pairs.

Descriptors are sorted into cells around centres found by k-means; a picture is compared with
what lies in the few cells nearest to it. With 4 sqrt(n) cells the work grows like n^1.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.likeness.descriptors import (
    N_FLIPS,
    WHOLE,
    Numbers,
    Window,
    crop_windows,
    describe,
    flipped,
)

MIN_COSINE: Final = 0.94
N_KEPT: Final = 5  # candidates of each picture, of whole pictures and of pieces each
_N_PROBED: Final = 3
_TRAINED_ON: Final = 20_000
_BLOCK: Final = 2048
_FEW: Final = 2000  # below, one cell is quicker
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates, one in each place.

    Attributes:
        row: (m,) the picture that asked.
        other: (m,) the row of the candidate.
        cosine: (m,) how alike their descriptors are.
        window: (m,) which window of the candidate; an index of `windows`.
        flip: (m,) how the picture that asked is mirrored.
    """

    row: NDArray[np.int64]
    other: NDArray[np.int64]
    cosine: Numbers
    window: NDArray[np.int16]
    flip: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.row)

    @classmethod
    def none(cls) -> Found:
        """Return no candidates."""
        rows, small = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int16)
        return cls(rows, rows, np.zeros(0, dtype=np.float32), small, small)

    def take(self, at: NDArray[np.int64]) -> Found:
        """Return the candidates at these places."""
        return Found(self.row[at], self.other[at], self.cosine[at], self.window[at], self.flip[at])

    def best_with(self, more: Found) -> Found:
        """Return the best `N_KEPT` others of each row, out of both."""
        all_of = Found(
            np.concatenate([self.row, more.row]),
            np.concatenate([self.other, more.other]),
            np.concatenate([self.cosine, more.cosine]),
            np.concatenate([self.window, more.window]),
            np.concatenate([self.flip, more.flip]),
        )
        order = np.lexsort((all_of.other, -all_of.cosine, all_of.row))
        all_of = all_of.take(order)
        pair = all_of.row * (all_of.other.max(initial=0) + 1) + all_of.other
        first = np.sort(np.unique(pair, return_index=True)[1])  # the best window of each pair
        all_of = all_of.take(first)
        starts = np.searchsorted(all_of.row, all_of.row, side="left")
        return all_of.take(np.nonzero(np.arange(len(all_of)) - starts < N_KEPT)[0])

    def worst(self, n: int) -> Numbers:
        """Return (n,): the cosine that a new candidate of each row must exceed."""
        made = np.full(n, MIN_COSINE, dtype=np.float32)
        rows, counts = np.unique(self.row, return_counts=True)
        full = np.isin(self.row, rows[counts >= N_KEPT])
        lowest = np.full(n, np.inf, dtype=np.float32)
        np.minimum.at(lowest, self.row[full], self.cosine[full])
        return np.where(np.isfinite(lowest), lowest, made).astype(np.float32)


def windows() -> tuple[Window, ...]:
    """Return the windows that candidates speak of: the whole first."""
    return (WHOLE, *crop_windows())


def find_candidates(
    grey: NDArray[np.uint8], *, has_pieces: bool, seed: int, on_progress: Progress
) -> Found:
    """Return for each picture its best candidates among whole pictures and among pieces.

    Args:
        grey: (n, side, side), no two of them equal.
        has_pieces: whether pieces of pictures are looked for too.
        seed: for the centres of the cells.
        on_progress: told (done, total).
    """
    n = len(grey)
    own = describe(grey, WHOLE)
    cells = _Cells.of(own, seed)
    queries = np.concatenate([flipped(own, flip) for flip in range(N_FLIPS)])
    asking = _Asking.of(queries, cells.nearest(queries, _N_PROBED), len(cells.centres))
    made = {True: Found.none(), False: Found.none()}
    every = windows() if has_pieces else windows()[:1]
    for number, window in enumerate(every):
        entries = own if window.is_whole else describe(grey, window)
        kept = made[window.is_whole]
        places, other, cosine = _search(asking, entries, cells.filed(entries), kept.worst(n))
        small = np.full(len(places), number, dtype=np.int16)
        flip = (places // n).astype(np.int16)
        fresh = Found(places % n, other, cosine, small, flip)
        made[window.is_whole] = kept.best_with(fresh)
        on_progress(number + 1, len(every))
    whole, pieces = made[True], made[False]
    return Found(
        np.concatenate([whole.row, pieces.row]),
        np.concatenate([whole.other, pieces.other]),
        np.concatenate([whole.cosine, pieces.cosine]),
        np.concatenate([whole.window, pieces.window]),
        np.concatenate([whole.flip, pieces.flip]),
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """Centres of cells, on the unit sphere."""

    centres: Numbers

    @classmethod
    def of(cls, descriptors: Numbers, seed: int) -> _Cells:
        """Return 4 sqrt(n) centres by a few rounds of spherical k-means on a sample."""
        n = len(descriptors)
        n_cells = 1 if n < _FEW else int(4 * np.sqrt(n))
        rng = np.random.default_rng(seed)
        at = rng.permutation(n)[:_TRAINED_ON]
        sample = descriptors[np.sort(at)]
        centres = sample[rng.permutation(len(sample))[:n_cells]].copy()
        for _ in range(4 if n_cells > 1 else 0):
            nearest = np.concatenate(
                [(part @ centres.T).argmax(axis=1) for part in _blocks(sample)]
            )
            order = np.argsort(nearest, kind="stable")
            used, starts = np.unique(nearest[order], return_index=True)
            sums = np.add.reduceat(sample[order], starts, axis=0)
            centres[used] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
        return cls(centres)

    def nearest(self, descriptors: Numbers, k: int) -> NDArray[np.int32]:
        """Return (n, k): the cells nearest to each descriptor."""
        k = min(k, len(self.centres))
        if k == len(self.centres):
            return np.tile(np.arange(k, dtype=np.int32), (len(descriptors), 1))
        made = np.empty((len(descriptors), k), dtype=np.int32)
        for start in range(0, len(descriptors), _BLOCK):
            away = -(descriptors[start : start + _BLOCK] @ self.centres.T)
            if k == 1:
                made[start : start + _BLOCK, 0] = away.argmin(axis=1)
            else:
                made[start : start + _BLOCK] = np.argpartition(away, k - 1, axis=1)[:, :k]
        return made

    def filed(self, descriptors: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows in the order of their cells, and where each cell begins and ends."""
        cell = self.nearest(descriptors, 1)[:, 0]
        order = np.argsort(cell, kind="stable")
        return order, np.searchsorted(cell[order], np.arange(len(self.centres) + 1))


def _blocks(rows: Numbers) -> Iterator[Numbers]:
    for start in range(0, len(rows), _BLOCK):
        yield rows[start : start + _BLOCK]


@dataclass(frozen=True, slots=True)
class _Asking:
    """Queries sorted by the cells that they probe.

    Attributes:
        queries: (4 n, 63): all pictures in each of the four mirrorings.
        place: (4 n k,) which query, cell by cell.
        edges: (cells + 1,) where in `place` each cell begins and ends.
    """

    queries: Numbers
    place: NDArray[np.int64]
    edges: NDArray[np.int64]

    @classmethod
    def of(cls, queries: Numbers, probed: NDArray[np.int32], n_cells: int) -> _Asking:
        """Return the queries by cell; `probed` is (queries, k)."""
        flat = probed.ravel()
        order = np.argsort(flat, kind="stable")
        edges = np.searchsorted(flat[order], np.arange(n_cells + 1))
        return cls(queries, order // probed.shape[1], edges)


def _search(
    asking: _Asking,
    entries: Numbers,
    filed: tuple[NDArray[np.int64], NDArray[np.int64]],
    to_exceed: Numbers,
) -> tuple[NDArray[np.int64], NDArray[np.int64], Numbers]:
    """Return (query, entry, cosine): the two nearest entries of each query in each probed cell.

    Only those that exceed `to_exceed` of the query's row.
    """
    n = len(entries)
    order, starts = filed
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], Numbers]] = []
    for cell in range(len(starts) - 1):
        members = order[starts[cell] : starts[cell + 1]]
        places = asking.place[asking.edges[cell] : asking.edges[cell + 1]]
        if not len(members):
            continue
        pieces = entries[members].T
        for start in range(0, len(places), _BLOCK):
            some = places[start : start + _BLOCK]
            cosine = asking.queries[some] @ pieces
            cosine[(some % n)[:, None] == members[None, :]] = -1  # nobody is a copy of itself
            at = np.arange(len(some))
            for _ in range(min(2, len(members))):
                nearest = cosine.argmax(axis=1)
                value = cosine[at, nearest]
                good = value > to_exceed[some % n]
                found.append((some[good], members[nearest[good]], value[good]))
                cosine[at, nearest] = -1
    if not found:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, np.zeros(0, dtype=np.float32)
    queries, others, values = (np.concatenate(part) for part in zip(*found, strict=True))
    return queries, others, values
