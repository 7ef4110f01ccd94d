"""Grey-level co-occurrence: how often two grey levels lie at a distance in a direction."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.fields import option
from tamiz.descriptors.counts import counts_of
from tamiz.descriptors.limits import check_choices, check_whole_number, check_whole_numbers
from tamiz.descriptors.planes import as_grey
from tamiz.descriptors.registry import DESCRIPTORS

PROPERTIES: Final = (
    "dissimilarity", "homogeneity", "energy", "correlation", "contrast", "asm", "entropy",
)  # fmt: skip
Offset = tuple[int, int]  # pixels down and across
_MOST_EXACT: Final = 1 << 26  # pairs; the square is below 2^53
_MOST_BY_TWO: Final = 32  # levels; above, triples of them do not fit 16 bits


@DESCRIPTORS.add("glcm")
@dataclass(frozen=True, slots=True)
class Glcm:
    """Up to seven properties of the co-occurrence matrix at each distance (and angle).

    Dissimilarity, homogeneity, energy, correlation, contrast, ASM (angular second moment) and
    entropy (natural logarithm), as scikit-image's `graycomatrix(grey * levels // 256, ...)` and
    `graycoprops` give them; a tile of one grey, which has no correlation, gets 1 as there.

    Source: Haralick, Shanmugam, Dinstein, "Textural features for image classification", IEEE
    Transactions on Systems, Man and Cybernetics 3 (1973) 610-621.

    Attributes:
        distances: in pixels.
        angles: in degrees with the clock: 0 is the neighbour to the right, 90 the one below (as
            scikit-image's code has it; its documentation says above).
        levels: grey levels that the 256 are merged into.
        is_averaged: whether each property is the mean over the angles (then hardly changed by
            turning the tile, and not at all by quarter turns with the four default angles).
        properties: those of `PROPERTIES` that are wanted, in this order.
        is_symmetric: whether each pair counts in both directions.

    Raises:
        WrongUse: an option is outside its limits.
    """

    reads_colour: ClassVar[bool] = False
    distances: list[int] = option([1, 3])
    angles: list[int] = option([0, 45, 90, 135])
    levels: int = option(16, low=2, high=256)
    is_averaged: bool = option(True)  # noqa: FBT003
    properties: list[str] = option([*PROPERTIES])
    is_symmetric: bool = option(False)  # noqa: FBT003

    def __post_init__(self) -> None:
        check_whole_numbers("glcm.distances", self.distances, 1, 1024)
        check_whole_numbers("glcm.angles", self.angles, 0, 359)
        check_whole_number("glcm.levels", self.levels, 2, 256)
        check_choices("glcm.properties", self.properties, PROPERTIES)

    def names(self) -> tuple[str, ...]:
        """Return 'glcm_d1_contrast' or 'glcm_d1_a45_contrast' and so on."""
        ends = [""] if self.is_averaged else [f"_a{angle}" for angle in self.angles]
        places = [f"glcm_d{distance}{end}" for distance in self.distances for end in ends]
        return tuple(f"{place}_{one}" for place in places for one in self.properties)

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, properties * distances), times the number of angles unless averaged."""
        if self.levels <= _MOST_BY_TWO:
            flat = properties_of(np.stack(self._matrices(tiles), axis=1))
        else:  # large ones fill the processor's cache one by one
            flat = self._of_large_ones(tiles)
        found = flat.reshape(len(tiles), len(self.distances), len(self.angles), -1)
        if self.is_averaged:
            total = found[:, :, 0].copy()
            for angle in range(1, len(self.angles)):  # in this order whatever n is
                total += found[:, :, angle]
            found = total / len(self.angles)
        wanted = [PROPERTIES.index(one) for one in self.properties]
        if len(wanted) < len(PROPERTIES) or wanted != sorted(wanted):
            found = found[..., wanted]
        return found.reshape(len(tiles), -1)

    def matrices_of(self, tiles: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Return (n, distances, angles, levels, levels): how often level i has neighbour j."""
        shape = (len(self.distances), len(self.angles), self.levels, self.levels)
        return np.stack(self._matrices(tiles), axis=1).reshape(len(tiles), *shape)

    def _of_large_ones(self, tiles: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, matrices, 7); an entropy that is not asked for stays 0.

        Differences are counted from the pixels, of which there are fewer than cells.
        """
        merged = _merged(as_grey(tiles), self.levels)
        has_entropy = "entropy" in self.properties
        made = []
        for offset in self._offsets():
            first, second = _pairs(merged, offset)
            apart = counts_of(np.maximum(first, second) - np.minimum(first, second), self.levels)
            counts = _counts(merged, self.levels, offset)
            if self.is_symmetric:
                counts, apart = counts + counts.transpose(0, 2, 1), 2 * apart
            made.append(_properties(counts, apart, has_entropy=has_entropy))
        return np.stack(made, axis=1)

    def _offsets(self) -> list[Offset]:
        return [_offset(distance, angle) for distance in self.distances for angle in self.angles]

    def _matrices(self, tiles: NDArray[np.uint8]) -> list[NDArray[np.int64]]:
        """Return (n, levels, levels) for each distance and, within it, each angle."""
        merged = _merged(as_grey(tiles), self.levels)
        offsets = self._offsets()
        by_two = self.levels <= _MOST_BY_TWO and len(offsets) > 1
        found = _counts_by_two(merged, self.levels, offsets) if by_two else []
        found += [_counts(merged, self.levels, one) for one in offsets[len(found) :]]
        return [one + one.transpose(0, 2, 1) for one in found] if self.is_symmetric else found


def properties_of(matrices: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (..., 7) properties, in the order of `PROPERTIES`, of (..., levels, levels) counts.

    A matrix and its transpose give the same bits: sums are of whole numbers, exact in any order, or
    go over the differences or the counts by size. A matrix of zeros gives zeros and correlation 1.
    """
    levels = matrices.shape[-1]
    flat = matrices.reshape(-1, levels, levels)
    made = _properties(flat, _counts_of_differences(flat), has_entropy=True)
    return made.reshape(*matrices.shape[:-2], len(PROPERTIES))


def _properties(
    flat: NDArray[np.int64], apart: NDArray[np.int64], *, has_entropy: bool
) -> NDArray[np.float64]:
    """Return (n, 7) of (n, levels, levels) counts and (n, levels), the counts by |i - j|."""
    levels = flat.shape[-1]
    level = np.arange(levels, dtype=np.int64)
    down, across = flat.sum(axis=2), flat.sum(axis=1)
    n_pairs = np.maximum(down.sum(axis=1), 1)
    contrast = apart @ (level * level)
    made = np.empty((len(flat), len(PROPERTIES)))
    made[:, 0] = apart @ level / n_pairs
    made[:, 1] = (apart / (1.0 + level * level)).sum(axis=1) / n_pairs
    if levels <= _MOST_BY_TWO:
        made[:, 5:] = _asm_and_entropy(flat, n_pairs)
    else:
        found = zip(flat, n_pairs, strict=True)
        made[:, 5:] = [_large_ones(one, int(n), has_entropy=has_entropy) for one, n in found]
    made[:, 2] = np.sqrt(made[:, 5])
    made[:, 3] = _correlation(down, across, contrast)
    made[:, 4] = contrast / n_pairs
    return made


def _merged(grey: NDArray[np.uint8], levels: int) -> NDArray[np.uint8]:
    if levels == 256:
        return grey
    if 256 % levels == 0:
        return grey // np.uint8(256 // levels)
    wide = np.multiply(grey, levels, dtype=np.uint16)
    return (wide >> 8).astype(np.uint8)


def _counts(merged: NDArray[np.uint8], levels: int, offset: Offset) -> NDArray[np.int64]:
    """Return (n, levels, levels) for the neighbours at one offset."""
    wide = np.uint8 if levels <= 16 else np.uint16
    first, second = _pairs(merged, offset)
    codes = np.multiply(first, levels, dtype=wide)
    codes += second
    return counts_of(codes, levels**2).reshape(-1, levels, levels)


def _counts_by_two(
    merged: NDArray[np.uint8], levels: int, offsets: list[Offset]
) -> list[NDArray[np.int64]]:
    """Return the counts of `_counts` for the offsets, but for the last of an odd number.

    Counting is what takes time, so a pixel is counted with two neighbours in one go, and the
    sums over either are the two matrices. Neighbours outside the tile count as a further level.
    """
    n, height, width = merged.shape
    margin = max(abs(step) for offset in offsets for step in offset)
    padded = np.full((n, height + 2 * margin, width + 2 * margin), levels, dtype=np.uint16)
    padded[:, margin : margin + height, margin : margin + width] = merged
    one_more = levels + 1
    scaled = padded * np.uint16(one_more)
    centre = np.multiply(merged, one_more**2, dtype=np.uint16)
    made = []
    for pair in zip(offsets[::2], offsets[1::2], strict=False):
        codes = centre.copy()
        for values, (down, across) in zip((scaled, padded), pair, strict=True):
            top, left = margin + down, margin + across
            codes += values[:, top : top + height, left : left + width]
        triples = counts_of(codes, levels * one_more**2).reshape(n, levels, one_more, one_more)
        made += [triples.sum(axis=3)[..., :levels], triples.sum(axis=2)[..., :levels]]
    return made


def _offset(distance: int, angle: int) -> Offset:
    radians = math.radians(angle)
    return _rounded(math.sin(radians) * distance), _rounded(math.cos(radians) * distance)


def _pairs(
    merged: NDArray[np.uint8], offset: Offset
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the first and the second of all pairs of pixels that lie within (n, height, width)."""
    first, second = [slice(None)], [slice(None)]
    for size, step in zip(merged.shape[1:], offset, strict=True):
        length = max(size - abs(step), 0)
        first.append(slice(max(-step, 0), max(-step, 0) + length))
        second.append(slice(max(step, 0), max(step, 0) + length))
    return merged[tuple(first)], merged[tuple(second)]


def _rounded(value: float) -> int:
    """Return the nearest whole number, halves away from zero as in C."""
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


def _counts_of_differences(flat: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return (n, levels): the sums over the pairs of diagonals with |i - j| = 0, 1, ..."""
    n, levels, _ = flat.shape
    wide = np.zeros((n, levels, 2 * levels), dtype=np.int32)  # half the memory to go through
    wide[:, :, :levels] = flat[:, :, ::-1]
    # rows one shorter than they were: each slips one to the right, and diagonals become columns
    slipped = wide.reshape(n, -1)[:, : levels * (2 * levels - 1)]
    signed = slipped.reshape(n, levels, 2 * levels - 1).sum(axis=1, dtype=np.int64)
    made: NDArray[np.int64] = signed[:, levels - 1 :].copy()
    made[:, 1:] += signed[:, levels - 2 :: -1]
    return made


def _correlation(
    down: NDArray[np.int64], across: NDArray[np.int64], contrast: NDArray[np.int64]
) -> list[float]:
    """Return Pearson's correlation of i and j, 1 where either has one value only.

    In Python's whole numbers, which neither overflow nor cancel in tiles of nearly one grey. The
    sums of i j follow from those of (i - j)^2.
    """
    level = np.arange(down.shape[1], dtype=np.int64)
    sums = (down.sum(axis=1), down @ level, across @ level, down @ level**2, across @ level**2)
    made = []
    for n, i, j, ii, jj, apart in zip(*(one.tolist() for one in (*sums, contrast)), strict=True):
        spread_i, spread_j = n * ii - i * i, n * jj - j * j
        together = n * ((ii + jj - apart) // 2) - i * j
        is_one = spread_i == 0 or spread_j == 0
        made.append(1.0 if is_one else together / (math.sqrt(spread_i) * math.sqrt(spread_j)))
    return made


def _asm_and_entropy(flat: NDArray[np.int64], n_pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (n, 2) of (n, levels, levels) counts."""
    counts = np.sort(flat.reshape(len(flat), -1), axis=1)
    shares = counts / n_pairs[:, None]
    asm = np.square(counts).sum(axis=1) / np.square(n_pairs.astype(np.float64))
    entropy = -(shares * np.log(np.where(counts > 0, shares, 1.0))).sum(axis=1)
    return np.stack([asm, entropy + 0.0], axis=1)


def _large_ones(
    counts: NDArray[np.int64], n_pairs: int, *, has_entropy: bool
) -> tuple[float, float]:
    """Return the same of one large matrix; equal counts are taken together, most are small."""
    flat = counts.ravel()
    if not has_entropy and n_pairs < _MOST_EXACT:
        real = flat.astype(np.float64)  # sums of whole numbers below 2^53 are exact, and fast
        return int(real @ real) / n_pairs**2, 0.0
    if flat.max() < flat.size:
        tally = np.bincount(flat)
        tally[0] = 0
        found = np.flatnonzero(tally)
        times = tally[found]
    else:
        found = np.sort(flat[flat > 0])
        times = np.ones_like(found)
    shares = found / n_pairs
    asm = int((times * found * found).sum()) / n_pairs**2
    return asm, float(-(times * shares * np.log(shares)).sum()) + 0.0
