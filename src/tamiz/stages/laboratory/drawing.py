"""Pictures of what stands inside a network: kernels, feature maps, tables of counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import say
from tamiz.slides.beside import grid_of
from tamiz.slides.lettering import Bar, bar_piece, colour_table, drawn, font_of, joined

Bytes = NDArray[np.uint8]

MOST_TILES: Final = 64
_TILE_PX: Final = 72  # smaller ones are enlarged by a whole factor, as pixels
_LARGEST_PX: Final = 160
_MATRIX_PX: Final = 600  # long side of the picture of all 1x1 kernels
_LARGEST_DOT_PX: Final = 12  # of one weight in it
_FIGURE_PX: Final = 360  # a narrower picture is a thumbnail on a page
_ACROSS: Final = 8
_FONT_PX: Final = 12
_SHARE_SHOWN: Final = 0.999


@dataclass(frozen=True, slots=True)
class Grid:
    """A picture of many small ones.

    Attributes:
        pixels: (height, width, 3).
        numbers: which of all are shown, from 0.
        low: value of the lowest colour.
        high: value of the highest colour.
    """

    pixels: Bytes
    numbers: tuple[int, ...]
    low: float
    high: float


def kernels_grid(
    kernels: NDArray[np.float32],
    *,
    is_colour: bool,
    most: float = 0.0,
    numbers: tuple[int, ...] = (),
) -> Grid:
    """Return kernels side by side in one scale, 0 in its middle: blue below, red above.

    Args:
        kernels: (filters, channels, height, width). With `is_colour` three channels are shown as
            red, green and blue, grey being 0; else of each filter the channel with the largest
            weights. 1x1 kernels become one picture: a row per filter, a column per channel.
        is_colour: whether the channels are those of the image.
        most: where the colours end; 0: at the largest weight.
        numbers: which filters; empty: at most 64, those with the largest weights.
    """
    most = most or float(np.abs(kernels).max()) or 1.0
    if kernels.shape[2:] == (1, 1):
        whole = _diverging(kernels[:, :, 0, 0], most)
        n = kernels.shape[0]
        factor = max(1, min(_LARGEST_DOT_PX, _MATRIX_PX // max(whole.shape[:2])))
        drawn_whole = _enlarged(whole, factor)
        missing = max(0, _FIGURE_PX - drawn_whole.shape[1])
        wide = np.pad(drawn_whole, ((0, 0), (0, missing), (0, 0)), constant_values=255)
        return Grid(_with_bar(wide, most=most), tuple(range(n)), -most, most)
    numbers = numbers or strongest((kernels.astype(np.float64) ** 2).sum(axis=(1, 2, 3)))
    tiles = []
    for at in numbers:
        if is_colour and kernels.shape[1] == 3:
            tile = np.rint(127.5 + 127.5 * kernels[at].transpose(1, 2, 0) / most).astype(np.uint8)
        else:
            tile = _diverging(kernels[at, largest_channel(kernels[at])], most)
        tiles.append(_labelled(_enlarged(tile), str(at)))
    grid = grid_of(tiles, across=_ACROSS, gap=4)
    if is_colour and kernels.shape[1] == 3:
        return Grid(
            _with_words(grid, say("lab_learnt.colour_scale", most=most)), numbers, -most, most
        )
    return Grid(_with_bar(grid, most=most), numbers, -most, most)


def largest_channel(kernel: NDArray[np.float32]) -> int:
    """Return which channel of (channels, height, width) has the largest sum of squared weights."""
    return int((kernel.astype(np.float64) ** 2).sum(axis=(1, 2)).argmax())


def maps_grid(maps: NDArray[np.float32]) -> Grid:
    """Return (maps, height, width) side by side in one scale, from the lowest value to the highest.

    Of more than 64 those that vary most, in the order of their number.
    """
    numbers = strongest(maps.astype(np.float64).std(axis=(1, 2)))
    shown = maps[list(numbers)]
    low, high = float(shown.min()), float(np.quantile(shown, _SHARE_SHOWN))
    high = high if high > low else float(shown.max())
    scaled = np.zeros(shown.shape) if high <= low else np.clip((shown - low) / (high - low), 0, 1)
    table = colour_table("viridis")
    pictures = table[np.rint(255 * scaled).astype(np.uint8)]
    tiles = [_labelled(_enlarged(one), str(at)) for one, at in zip(pictures, numbers, strict=True)]
    ticks = ((0.0, f"{low:.3g}"), (1.0, f"≥ {high:.3g}" if shown.max() > high else f"{high:.3g}"))
    bar = Bar(say("lab_learnt.maps_scale"), ticks)
    return Grid(_below(grid_of(tiles, across=_ACROSS, gap=4), table, bar), numbers, low, high)


def counts_picture(table: NDArray[np.int64], names: Sequence[str], title: str) -> Bytes:
    """Return a confusion matrix: rows are true classes, shaded by their share of the row.

    Numbers stand in the cells of up to 12 classes.
    """
    n = len(names)
    cell = 34 if n <= 12 else max(4, 400 // n)
    share = table / np.maximum(1, table.sum(axis=1, keepdims=True))
    colours = colour_table("Blues")[np.rint(230 * share).astype(np.uint8)]
    pixels = colours.repeat(cell, axis=0).repeat(cell, axis=1).copy()
    if n <= 12:
        _write_counts(pixels, table, share, cell)
    font = font_of(_FONT_PX)
    if n <= 12:
        short = [name if len(name) <= 10 else f"{name[:9]}…" for name in names]
        widest = max(drawn(name, font).shape[1] for name in short)
        side = np.full((n * cell, widest + 6, 3), 255, dtype=np.uint8)
        for row, name in enumerate(short):
            word = drawn(name, font)
            top = row * cell + (cell - word.shape[0]) // 2
            side[top : top + word.shape[0], widest - word.shape[1] : widest] = word
        pixels = joined([side, pixels], axis=1, gap=0)
    return joined([drawn(title, font), pixels], axis=0, gap=6)


def strongest(strength: NDArray[np.float64], most: int = MOST_TILES) -> tuple[int, ...]:
    """Return the numbers of the largest values, at most so many, in order of their number."""
    order = np.argsort(-strength, kind="stable")[:most]
    return tuple(sorted(order.tolist()))


def _write_counts(
    pixels: Bytes, table: NDArray[np.int64], share: NDArray[np.float64], cell: int
) -> None:
    """Write each count that is not 0 into its cell, white where the cell is dark."""
    font = font_of(11)
    for (row, column), count in np.ndenumerate(table):
        if not count:
            continue
        word = drawn(str(count), font)
        if word.shape[1] > cell - 2:
            word = drawn(str(count), font_of(8))
        top = row * cell + (cell - word.shape[0]) // 2
        left = column * cell + max(0, (cell - word.shape[1]) // 2)
        place = pixels[top : top + word.shape[0], left : left + word.shape[1]]
        ink = 255 - word[: place.shape[0], : place.shape[1]].astype(np.int64)
        dark = share[row, column] > 0.5
        target = 255 if dark else 20
        place[:] = (place * (255 - ink) + target * ink) // 255


def _diverging(values: NDArray[Any], most: float) -> Bytes:
    """Return (height, width, 3): blue below 0, white at 0, red above."""
    made: Bytes = colour_table("RdBu_r")[np.rint(127.5 + 127.5 * values / most).astype(np.uint8)]
    return made


def _enlarged(pixels: Bytes, factor: int = 0) -> Bytes:
    """Return a picture enlarged as pixels to about 72 px, or reduced to at most 160 px."""
    side = max(pixels.shape[:2])
    if not factor and side > _LARGEST_PX:
        import PIL.Image

        share = _LARGEST_PX / side
        size = (max(1, round(pixels.shape[1] * share)), max(1, round(pixels.shape[0] * share)))
        picture = PIL.Image.fromarray(np.ascontiguousarray(pixels))
        return np.asarray(picture.resize(size, PIL.Image.Resampling.BOX))
    factor = factor or max(1, -(-_TILE_PX // side))
    return pixels.repeat(factor, axis=0).repeat(factor, axis=1)


def _labelled(pixels: Bytes, words: str) -> Bytes:
    return joined([pixels, drawn(words, font_of(10))], axis=0, gap=1)


def _with_bar(pixels: Bytes, *, most: float) -> Bytes:
    ticks = ((0.0, f"{-most:.3g}"), (0.5, "0"), (1.0, f"{most:.3g}"))
    return _below(pixels, colour_table("RdBu_r"), Bar(say("lab_learnt.kernel_scale"), ticks))


def _below(pixels: Bytes, table: Bytes, bar: Bar) -> Bytes:
    """Return the picture with a colour bar below it."""
    legend = bar_piece(table[np.newaxis], bar, font_of(_FONT_PX), 260)
    return _framed(joined([pixels, legend], axis=0, gap=8))


def _with_words(pixels: Bytes, words: str) -> Bytes:
    return _framed(joined([pixels, drawn(words, font_of(_FONT_PX))], axis=0, gap=8))


def _framed(pixels: Bytes) -> Bytes:
    return np.pad(pixels, ((8, 8), (8, 8), (0, 0)), constant_values=255)
