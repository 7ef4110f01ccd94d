"""Pictures of the lab: images side by side under their names, and grids of numbers as cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.formats.png_writing import encode_png
from tamiz.lab.grids import Grid
from tamiz.slides.beside import grid_of
from tamiz.slides.lettering import drawn, font_of, joined, wrapped
from tamiz.stages.lab import number_words

Bytes = NDArray[np.uint8]

_SIDE_PX: Final = 360  # long side of a picture in a panel
_FONT_PX: Final = 15
_TITLE_PX: Final = 19  # a panel of two is shrunk to half on a phone
_CELL_PX: Final = 30
_MARK: Final = (214, 84, 0)
_PALE: Final = (232, 238, 247)


@dataclass(frozen=True, slots=True)
class Titled:
    """A picture with what stands above it: uint8 (height, width) or (height, width, 3)."""

    title: str
    pixels: NDArray[Any]


def scaled(values: Grid, low: float, high: float) -> Bytes:
    """Return values as bytes: `low` and below 0, `high` and above 255."""
    span = high - low if high > low else 1.0
    return np.rint(np.clip((values - low) / span, 0, 1) * 255).astype(np.uint8)


def hue_colours(degrees: Grid, saturation: Grid) -> Bytes:
    """Return (height, width, 3): each hue as its pure colour, grey where there is none."""
    sixth = degrees / 60
    ramp = np.stack([np.abs(sixth - 3) - 1, 2 - np.abs(sixth - 2), 2 - np.abs(sixth - 4)], axis=2)
    pure = np.rint(np.clip(ramp, 0, 1) * 255).astype(np.uint8)
    return np.where(saturation[..., np.newaxis] > 0, pure, np.uint8(128))


def panel(pictures: Sequence[Titled], *, across: int) -> bytes:
    """Return a PNG of pictures under their titles, in rows of `across`, on white.

    Large ones are shrunk to 360 px, small ones enlarged by a whole factor, as pixels.
    """
    font = font_of(_TITLE_PX)
    shown = [_fitted(_coloured(one.pixels)) for one in pictures]
    width = max(*(one.shape[1] for one in shown), 8 * _TITLE_PX)
    words = [drawn(wrapped(one.title, font, width), font) for one in pictures]
    high = max(one.shape[0] for one in words)
    tall = max(one.shape[0] for one in shown)
    tiles = []
    for above, picture in zip(words, shown, strict=True):
        tile = np.full((high + tall, width, 3), 255, dtype=np.uint8)
        tile[: above.shape[0], : min(width, above.shape[1])] = above[:, :width]
        tile[high : high + picture.shape[0], : picture.shape[1]] = picture
        tiles.append(tile)
    return encode_png(_framed(grid_of(tiles, across=across, gap=_FONT_PX)))


def fitted_png(pixels: NDArray[Any]) -> bytes:
    """Return a PNG of one picture, at the size that panels have."""
    return encode_png(_fitted(_coloured(pixels)))


def _coloured(pixels: NDArray[Any]) -> Bytes:
    plain = pixels[..., np.newaxis] if pixels.ndim == 2 else pixels
    return np.ascontiguousarray(np.repeat(plain, 3, axis=2) if plain.shape[2] == 1 else plain)


def _fitted(pixels: Bytes) -> Bytes:
    import PIL.Image

    long = max(pixels.shape[:2])
    if long <= _SIDE_PX:
        factor = _SIDE_PX // long
        return pixels.repeat(factor, axis=0).repeat(factor, axis=1)
    size = [max(1, round(side * _SIDE_PX / long)) for side in (pixels.shape[1], pixels.shape[0])]
    picture = PIL.Image.fromarray(pixels).resize((size[0], size[1]), PIL.Image.Resampling.LANCZOS)
    return np.asarray(picture)


def _framed(pixels: Bytes) -> Bytes:
    edge = (_FONT_PX, _FONT_PX)
    return np.pad(pixels, (edge, edge, (0, 0)), constant_values=255)


@dataclass(frozen=True, slots=True)
class Cells:
    """A grid of numbers as cells.

    Attributes:
        title: above it.
        values: (rows, columns).
        marked: (top, left, height, width) of a frame in colour; None: none.
        pale: how many rows and columns at the edges are zeros of the padding: (before, after)
            down, (before, after) across.
    """

    title: str
    values: Grid
    marked: tuple[int, int, int, int] | None = None
    pale: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))


def cells_png(grids: Sequence[Cells], signs: Sequence[str]) -> bytes:
    """Return a PNG of grids side by side with signs ('*', '=') between them."""
    font = font_of(_FONT_PX)
    pieces: list[Bytes] = []
    drawings = [_cells(one) for one in grids]
    tallest = max(one.shape[0] for one in drawings)
    for number, piece in enumerate(drawings):
        pieces.append(piece)
        if number < len(signs):
            sign = drawn(signs[number], font)
            above = (tallest + 2 * _FONT_PX - sign.shape[0]) // 2
            pieces.append(np.pad(sign, ((above, 0), (0, 0), (0, 0)), constant_values=255))
    return encode_png(_framed(joined(pieces, axis=1, gap=_FONT_PX)))


def _cells(grid: Cells) -> Bytes:
    """Return one grid under its title."""
    import PIL.Image
    import PIL.ImageDraw

    font = font_of(_FONT_PX)
    words = [[number_words(value) for value in row] for row in grid.values]
    longest = max(font.getlength(one) for row in words for one in row)
    wide, high = max(_CELL_PX, int(longest) + 12), _CELL_PX
    n_rows, n_columns = grid.values.shape
    canvas = PIL.Image.new("RGB", (n_columns * wide + 3, n_rows * high + 3), (255, 255, 255))
    pen = PIL.ImageDraw.Draw(canvas)
    for (row, column), _ in np.ndenumerate(grid.values):
        x, y = column * wide + 1, row * high + 1
        is_pale = _is_edge(row, n_rows, grid.pale[0]) or _is_edge(column, n_columns, grid.pale[1])
        fill = _PALE if is_pale else (255, 255, 255)
        pen.rectangle((x, y, x + wide, y + high), fill=fill, outline=(150, 158, 168))
        word = words[row][column]
        left = x + (wide - font.getlength(word)) / 2
        pen.text((left, y + (high - 1.25 * _FONT_PX) / 2), word, fill=(25, 29, 33), font=font)
    if grid.marked is not None:
        top, start, tall, across = grid.marked
        corner = (start * wide + 1, top * high + 1)
        end = ((start + across) * wide + 1, (top + tall) * high + 1)
        pen.rectangle((*corner, *end), outline=_MARK, width=3)
    title = drawn(wrapped(grid.title, font, max(canvas.width, 9 * _FONT_PX)), font)
    return joined([title, np.asarray(canvas)], axis=0, gap=4)


def _is_edge(at: int, n: int, zeros: tuple[int, int]) -> bool:
    return at < zeros[0] or at >= n - zeros[1]
