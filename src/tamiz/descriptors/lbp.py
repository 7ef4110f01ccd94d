"""Local binary patterns: which of eight neighbours on a circle are at least as bright."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.fields import option
from tamiz.descriptors.counts import counts_of, shares_of
from tamiz.descriptors.limits import check_whole_numbers
from tamiz.descriptors.planes import as_grey
from tamiz.descriptors.registry import DESCRIPTORS

_N: Final = 8  # neighbours
_N_CLASSES: Final = _N + 2
_UNSURE: Final = 2e-4  # grey levels; float32 errs by less than half of it
_DIAGONALS: Final = {-1: ((3, -1), (5, 1)), 1: ((1, -1), (7, 1))}  # across: neighbour, down


@DESCRIPTORS.add("lbp")
@dataclass(frozen=True, slots=True)
class Lbp:
    """Shares of the ten uniform patterns at each radius; unchanged by quarter turns and mirrors.

    Class b (0 to 8): b of the eight neighbours in one arc are at least as bright as the pixel;
    class 9: bright and dark neighbours alternate more than twice. Equal to scikit-image's
    `local_binary_pattern(grey, 8, radius, method="uniform")`, pixel by pixel: bilinear between
    pixels, black outside the tile.

    Source: Ojala, Pietikäinen, Mäenpää, "Multiresolution gray-scale and rotation invariant texture
    classification with local binary patterns", IEEE TPAMI 24 (2002) 971-987.

    Attributes:
        radii: in pixels, whole numbers from 1 to 16.

    Raises:
        WrongUse: there is no radius, one twice, or one outside its limits.
    """

    reads_colour: ClassVar[bool] = False
    radii: list[int] = option([1, 2])

    def __post_init__(self) -> None:
        check_whole_numbers("lbp.radii", self.radii, 1, 16)

    def names(self) -> tuple[str, ...]:
        """Return 'lbp_r1_0' and so on."""
        return tuple(f"lbp_r{radius}_{one}" for radius in self.radii for one in range(_N_CLASSES))

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, 10 * radii)."""
        grey = as_grey(tiles)
        made = [
            shares_of(_fold(counts_of(patterns_of(grey, radius), 1 << _N))) for radius in self.radii
        ]
        return np.concatenate(made, axis=1)


def patterns_of(grey: NDArray[np.uint8], radius: int) -> NDArray[np.uint8]:
    """Return which neighbours are at least as bright as each pixel: bit p for neighbour p.

    Neighbour 0 is to the right; they go on against the clock, 45 degrees apart.

    Args:
        grey: (n, height, width).
        radius: of the circle, in pixels.
    """
    n, height, width = grey.shape
    inside = np.s_[:, radius : radius + height, radius : radius + width]
    padded = np.zeros((n, height + 2 * radius, width + 2 * radius), dtype=np.uint8)
    padded[inside] = grey
    line = _Line(padded.ravel(), padded.shape[1:], radius)
    made = np.zeros(padded.shape, dtype=np.uint8)
    bits = made.ravel()[line.start : line.stop]  # a view: `made` fills with it
    for neighbour, down, across in ((0, 0, 1), (2, -1, 0), (4, 0, -1), (6, 1, 0)):
        _set_bit(bits, neighbour, line.beside(down * radius, across * radius) >= line.beside(0, 0))
    _diagonal_bits(bits, line)
    return made[inside]


@dataclass(frozen=True, slots=True)
class _Line:
    """Tiles with a black margin as one line of pixels, so that every shift is a plain slice.

    Attributes:
        pixels: all rows of all tiles, one after the other.
        size: height and width of a tile, with both margins.
        radius: width of the margin.
    """

    pixels: NDArray[np.uint8]
    size: tuple[int, ...]
    radius: int

    @property
    def pitch(self) -> int:
        """Return how far the pixel below is."""
        return self.size[1]

    @property
    def start(self) -> int:
        """Return the place of the first pixel that is not margin; a shift before it stays in."""
        return self.radius * (self.pitch + 1)

    @property
    def stop(self) -> int:
        """Return the place behind the last pixel that is not margin."""
        return len(self.pixels) - self.start

    def beside(self, down: int, across: int) -> NDArray[np.uint8]:
        """Return the pixels from `start` to `stop`, each replaced by its neighbour."""
        step = down * self.pitch + across
        return self.pixels[self.start + step : self.stop + step]


def _diagonal_bits(bits: NDArray[np.uint8], line: _Line) -> None:
    """Add the bits of the four neighbours between pixels.

    float32 decides all but the nearly equal ones; those few are settled as scikit-image does it.
    """
    reach = _reach(line.radius)
    whole, part = int(reach), np.float32(reach - int(reach))
    margin, length = line.radius, len(line.pixels) - 2 * line.radius
    bright = line.pixels.astype(np.float32)
    centre = bright[line.start : line.stop]
    near, far = bright * (1 - part), bright * part
    for across in (-1, 1):
        begin, beyond = margin + across * whole, margin + across * (whole + 1)
        row = near[begin : begin + length] + far[beyond : beyond + length]
        nearer, further = row * (1 - part), row * part  # their first is the margin's last pixel
        for neighbour, down in _DIAGONALS[across]:
            begin = line.start - margin + down * whole * line.pitch
            beyond = begin + down * line.pitch
            apart = nearer[begin : begin + len(bits)] + further[beyond : beyond + len(bits)]
            apart -= centre
            is_bright = apart >= 0
            is_unsure = np.abs(apart, out=apart) < _UNSURE
            _settle(is_bright, is_unsure, line, (down, across))
            _set_bit(bits, neighbour, is_bright)


def _settle(
    is_bright: NDArray[np.bool_],
    is_unsure: NDArray[np.bool_],
    line: _Line,
    towards: tuple[int, int],
) -> None:
    """Correct `is_bright` where it is unsure, by scikit-image's own arithmetic in float64.

    Its fractions are those of (row + offset), so they differ in the last bits from row to row, and
    decide where the neighbours on both sides balance exactly. Where all are equal, float64 always
    finds them at least as bright.

    Args:
        is_bright: the line from `start` to `stop`, changed in place.
        is_unsure: the same, changed in place.
        line: the pixels.
        towards: -1 or 1 down and across.
    """
    reach, (down, across) = _reach(line.radius), towards
    downs = sorted((down * int(reach), down * (int(reach) + 1)))
    acrosses = sorted((across * int(reach), across * (int(reach) + 1)))
    corners = [line.beside(y, x) for y in downs for x in acrosses]
    centre = line.beside(0, 0)
    is_flat = corners[0] == centre
    for corner in corners[1:]:
        is_flat &= corner == centre
    is_bright |= is_flat
    is_unsure &= ~is_flat
    at = np.flatnonzero(is_unsure)
    if not len(at):
        return
    rows, columns = np.divmod(at + line.start, line.pitch)
    rows %= line.size[0]
    y, x = rows - line.radius + down * reach, columns - line.radius + across * reach
    y_part, x_part = y - np.floor(y), x - np.floor(x)
    a, b, c, d = (corner[at].astype(np.float64) for corner in corners)
    top = (1 - x_part) * a + x_part * b
    bottom = (1 - x_part) * c + x_part * d
    is_bright[at] = (1 - y_part) * top + y_part * bottom - centre[at] >= 0


def _reach(radius: int) -> float:
    """Return how far a diagonal neighbour lies down and across; five digits, as scikit-image."""
    return round(radius * math.sin(math.pi / 4), 5)


def _set_bit(made: NDArray[np.uint8], neighbour: int, is_set: NDArray[np.bool_]) -> None:
    made |= is_set.view(np.uint8) * np.uint8(1 << neighbour)


def _classes() -> NDArray[np.intp]:
    """Return (256,): the class of each pattern."""
    made = np.full(1 << _N, _N + 1, dtype=np.intp)
    for pattern in range(1 << _N):
        bits = [pattern >> place & 1 for place in range(_N)]
        changes = sum(bits[place] != bits[place - 1] for place in range(_N))
        if changes <= 2:
            made[pattern] = sum(bits)
    return made


def _fold(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    made = np.zeros((_N_CLASSES, len(counts)), dtype=np.int64)
    np.add.at(made, _CLASSES, counts.T)
    return made.T


_CLASSES: Final = _classes()
