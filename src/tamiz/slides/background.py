"""The colour of the glass of a slide, from its overview picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

_SIDE: Final = 256  # blocks along the long side: noise averages out, tissue's texture stays
_BLACK: Final = 40  # scanners' borders are darker than this in every channel
_FLAT: Final = 6.0  # levels between neighbouring blocks; glass with a gradient stays below 1
_DARKEST_GLASS: Final = 120.0
_CHROMA, _DARK_CHROMA = 32.0, 16.0  # between channels, on bright glass and below 200 levels
_PINK_CHROMA: Final = 20.0  # where green is the least: more is faint eosin
_GREEN_CHROMA: Final = 100.0  # no stain is green, so that greenish glass may be strong
_FILL: Final = 253.0  # scanners fill what they did not scan with pure white

# Optical densities, natural logarithm: ln(255 / level). Below 4 levels there is only noise.
DENSITY_BY_LEVEL: Final = np.log(np.float32(255) / np.maximum(np.arange(256, dtype=np.float32), 4))
_POWERS: Final = ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2))  # of y and x
_FIRST_REACH, _REACH = 0.12, 0.05  # density of shading that may be glass, before and after a fit


class Glass(StrEnum):
    """What the part of a slide without tissue looks like."""

    WHITE = "white"
    GREY = "grey"
    GREEN = "green"
    TINTED = "tinted"  # another colour, for example pink after a stain normalisation
    BLACK = "black"  # dark field or nothing but border: not a stained slide in bright field
    NONE = "none"  # no glass to be seen: tissue from edge to edge


@dataclass(frozen=True, slots=True)
class Background:
    """The glass of one slide.

    Attributes:
        colour: red, green, blue, each 0..255.
        spread: robust standard deviation of its grey levels (1.4826 MAD), 0..255.
        kind: its colour in a word.
        share: of the picture without black borders, 0..1.
    """

    colour: tuple[float, float, float]
    spread: float
    kind: Glass
    share: float


def estimate_background(overview: NDArray[np.uint8]) -> Background:
    """Return the colour of the glass: the brightest frequent colour that is flat and pale.

    Black borders are left aside, and pure white that a scanner filled in if there is other glass.
    Where no glass is to be seen the kind is NONE, the share 0, the colour that of white glass.

    Args:
        overview: (height, width, 1 or 3), at least 1 x 1.
    """
    blocks = small(overview)
    is_lit = blocks.max(axis=0) >= _BLACK
    if is_lit.mean() < 0.05 or _median_light(blocks) < _BLACK:
        return Background(_rounded(np.median(blocks, axis=(1, 2))), 0.0, Glass.BLACK, 1.0)
    candidates = is_pale(blocks) & is_flat(blocks)
    least = 0.004 * is_lit.sum()
    if candidates.sum() < max(least, 1):
        return Background((245.0, 245.0, 245.0), 2.0, Glass.NONE, 0.0)
    colour = _mode(blocks[:, candidates].T, int(is_lit.sum()))
    near = 12.0
    for _ in range(3):
        close = candidates & (_away(blocks, colour) <= near)
        if close.any():
            colour = np.median(blocks[:, close], axis=1).astype(np.float32)
    spread = _spread(overview, colour)
    is_glass = is_lit & (_away(blocks, colour) <= max(15.0, 4 * spread))
    share = float(is_glass.sum() / is_lit.sum())
    return Background(_rounded(colour), round(spread, 2), _kind(colour), round(share, 4))


def glass_density(overview: NDArray[np.uint8], background: Background) -> Floats:
    """Return (3, height, width), the optical density of the glass under every pixel.

    Lamps and lenses light a slide unevenly. A plane, or a parabola where glass is seen on over a
    third of the picture, is fitted three times to blocks that look like glass; nowhere does it go
    beyond what such blocks show. Too little glass to fit to: its colour everywhere.
    """
    height, width = overview.shape[:2]
    blocks = small(overview)
    seen = _densities(blocks)
    glass = _densities(np.asarray(background.colour, dtype=np.float32))[:, None, None]
    candidates = is_flat(blocks) & is_pale(blocks) & (blocks.min(axis=0) < _FILL)
    is_glass = candidates & (np.abs(seen - glass).max(axis=0) < _FIRST_REACH)
    degree = 2 if is_glass.mean() > 1 / 3 else 1
    weights, low, high = np.zeros((3, 3, 3), dtype=np.float32), glass, glass
    for _ in range(3):
        if is_glass.sum() < 100:
            return np.broadcast_to(glass, (3, height, width))
        weights = _fitted(seen, is_glass, degree)
        fitted = _surface(weights, seen.shape[1:])
        low = fitted[:, is_glass].min(axis=1)[:, None, None]
        high = fitted[:, is_glass].max(axis=1)[:, None, None]
        is_glass = candidates & (np.abs(seen - fitted).max(axis=0) < _REACH)
    surface = _surface(weights, (height, width))
    return np.clip(surface, low, high, out=surface)


def small(overview: NDArray[np.uint8]) -> Floats:
    """Return (3, rows, columns), means of square blocks, at most 256 along the long side.

    The last rows and columns that fill no block are left out.
    """
    height, width, channels = overview.shape
    side = max(1, -(-max(height, width) // _SIDE))
    rows, columns = max(1, height // side), max(1, width // side)
    inner = overview[: rows * side, : columns * side]
    down, across = inner.shape[0] // rows, inner.shape[1] // columns
    # Rows first, in whole numbers: four times faster than one mean over both axes.
    sums = np.add.reduce(inner.reshape(rows, down, -1), axis=1, dtype=np.uint32)
    planes = np.ascontiguousarray(sums.reshape(rows, -1, channels).transpose(2, 0, 1))
    blocks = planes.reshape(channels, rows, columns, across).sum(axis=3, dtype=np.float32)
    blocks /= np.float32(down * across)
    return np.repeat(blocks, 3, axis=0) if channels == 1 else blocks


def is_flat(blocks: Floats) -> Bools:
    """Return (rows, columns): whether no neighbour differs by 6 levels or more in any channel."""
    rough = np.zeros(blocks.shape[1:], dtype=bool)
    down = np.abs(np.diff(blocks, axis=1)).max(axis=0) >= _FLAT
    across = np.abs(np.diff(blocks, axis=2)).max(axis=0) >= _FLAT
    rough[:-1] |= down
    rough[1:] |= down
    rough[:, :-1] |= across
    rough[:, 1:] |= across
    return ~rough


def is_pale(blocks: Floats) -> Bools:
    """Return (rows, columns): whether a block may be glass by its colour alone."""
    darkest, brightest = blocks.min(axis=0), blocks.max(axis=0)
    is_green = blocks[1] >= brightest
    levels = blocks.mean(axis=0)
    allowed = np.where(levels < 200, np.float32(_DARK_CHROMA), np.float32(_CHROMA))
    allowed[is_green] = _GREEN_CHROMA
    is_pink = blocks[1] <= darkest
    allowed[is_pink] = np.minimum(allowed[is_pink], np.float32(_PINK_CHROMA))
    made: Bools = (levels >= _DARKEST_GLASS) & (brightest - darkest <= allowed)
    return made


def _densities(levels: Floats) -> Floats:
    made: Floats = np.log(np.float32(255) / np.maximum(levels, np.float32(4)))
    return made


def _fitted(values: Floats, is_used: Bools, degree: int) -> Floats:
    """Return (3, power of y, power of x), least squares to (3, rows, columns) where used."""
    row, column = np.nonzero(is_used)
    step = max(1, len(row) // 8000)  # a smooth surface needs no more
    row, column = row[::step], column[::step]
    y, x = _powers(values.shape[1])[row], _powers(values.shape[2])[column]
    terms = [power for power in _POWERS if sum(power) <= degree]
    design = np.stack([y[:, down] * x[:, across] for down, across in terms], axis=1)
    ridge = 1e-6 * len(row) * np.eye(len(terms))  # blocks in one row tell of no slope across
    solved = np.linalg.solve(design.T @ design + ridge, design.T @ values[:, row, column].T)
    weights = np.zeros((3, 3, 3), dtype=np.float32)
    for (down, across), weight in zip(terms, solved, strict=True):
        weights[:, down, across] = weight
    return weights


def _surface(weights: Floats, shape: tuple[int, ...]) -> Floats:
    """Return (3, height, width) of a fitted surface."""
    y, x = (_powers(length).astype(np.float32) for length in shape)
    rows = y @ weights
    # Not one product of matrices: with three terms, BLAS spends its time on starting threads.
    made: Floats = rows[:, :, 2:] * x[:, 2]
    made += rows[:, :, 1:2] * x[:, 1]
    made += rows[:, :, :1]
    return made


def _powers(length: int) -> NDArray[np.float64]:
    """Return (length, 3): 1, place, place², places from -1 to 1 along a side."""
    return np.linspace(-1, 1, length)[:, None] ** np.arange(3)


def _mode(colours: Floats, n_lit: int) -> Floats:
    """Return (3,), the colour at the brightest frequent level of (n, 3) candidates."""
    is_fill = colours.min(axis=1) >= _FILL
    if (~is_fill).sum() >= 0.05 * n_lit and _has_peak(colours[~is_fill]):
        colours = colours[~is_fill]
    levels = colours.mean(axis=1)
    counts = np.bincount(np.rint(levels).astype(np.int64), minlength=256).astype(np.float64)
    mass = np.convolve(counts, np.ones(9), mode="same")
    peaks = np.flatnonzero(mass >= max(0.15 * mass.max(), 0.002 * n_lit))
    top = int(peaks.max())
    # `mass` reaches its share a few levels above the peak itself: walk down to the summit.
    summit = top - int(np.argmax(mass[max(0, top - 12) : top + 1][::-1]))
    made: Floats = np.median(colours[np.abs(levels - summit) <= 5], axis=0).astype(np.float32)
    return made


def _has_peak(colours: Floats) -> bool:
    """Return whether (n, 3) colours gather: half of them within 12 levels of their median."""
    levels = colours.mean(axis=1)
    return bool((np.abs(levels - np.median(levels)) <= 12).mean() >= 0.5)


def _spread(overview: NDArray[np.uint8], colour: Floats) -> float:
    """Return the robust standard deviation of single pixels that are near the glass."""
    step = max(1, max(overview.shape[:2]) // 512)
    planes = np.ascontiguousarray(overview[::step, ::step].transpose(2, 0, 1))
    away = np.abs(planes.mean(axis=0, dtype=np.float32) - colour.mean())
    near = away[away <= 25]
    return float(1.4826 * np.median(near)) if near.size else 0.0


def _kind(colour: Floats) -> Glass:
    chroma = float(colour.max() - colour.min())
    if chroma > 8 and colour[1] >= colour.max():
        return Glass.GREEN
    if chroma > 12:
        return Glass.TINTED
    return Glass.WHITE if colour.mean() >= 232 else Glass.GREY


def _median_light(blocks: Floats) -> float:
    """Return the median brightest channel of the middle half of the picture."""
    _, rows, columns = blocks.shape
    middle = blocks[:, rows // 4 : rows - rows // 4, columns // 4 : columns - columns // 4]
    return float(np.median(middle.max(axis=0)))


def _away(blocks: Floats, colour: Floats) -> Floats:
    """Return (rows, columns), the largest difference to a colour in any channel, 0..255."""
    made: Floats = np.abs(blocks - colour[:, None, None]).max(axis=0)
    return made


def _rounded(colour: NDArray[np.floating]) -> tuple[float, float, float]:
    red, green, blue = (round(float(value), 1) for value in colour)
    return red, green, blue
