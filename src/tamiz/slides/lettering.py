"""Words and colour bars beside pictures: dark ink on white, in a font that has every letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Bytes = NDArray[np.uint8]

WHITE: Final = (255, 255, 255)
INK: Final = (25, 29, 33)
_LINE: Final = (91, 101, 112)


@dataclass(frozen=True, slots=True)
class Bar:
    """What is written at a colour bar.

    Attributes:
        label: what the colours mean.
        ticks: (position 0..1, words), from low to high; words may have two lines.
    """

    label: str
    ticks: tuple[tuple[float, str], ...]


def font_of(size_px: int) -> FreeTypeFont:
    """Return DejaVu Sans, which matplotlib brings: Pillow's own font has no µ and no accents."""
    import matplotlib as mpl
    import PIL.ImageFont

    path = f"{mpl.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
    return PIL.ImageFont.truetype(path, size_px)


def colour_table(name: str) -> Bytes:
    """Return (256, 3), a colour map of matplotlib from low to high."""
    import matplotlib as mpl

    made: Bytes = mpl.colormaps[name](np.arange(256), bytes=True)[:, :3]
    return made


def capital(words: str) -> str:
    """Return words that begin with a capital."""
    return words[:1].upper() + words[1:]


def bar_piece(ramp: Bytes, bar: Bar, font: FreeTypeFont, width: int) -> Bytes:
    """Return a colour bar with its label above and its ticks below, wider where words need it."""
    words = [drawn(one, font, is_centred=True) for _, one in bar.ticks]
    widest = max(one.shape[1] for one in words)
    gap, thick = round(font.size / 3), round(1.2 * font.size)
    n_px = max(width - widest, round(1.15 * widest * max(1, len(words) - 1)), 6 * font.size)
    full = n_px + widest  # half a tick's words reach beyond each end
    label = drawn(wrapped(bar.label, font, full), font)
    below = np.full((thick + gap + max(one.shape[0] for one in words), full, 3), 255, np.uint8)
    start = widest // 2
    below[:thick, start : start + n_px] = ramp[:, np.arange(n_px) * ramp.shape[1] // n_px]
    mark = max(1, round(font.size / 12))
    for (position, _), one in zip(bar.ticks, words, strict=True):
        at = start + round(position * (n_px - 1))
        begin = min(max(0, at - mark // 2), full - mark)
        below[thick : thick + gap - 1, begin : begin + mark] = _LINE
        left = min(max(0, at - one.shape[1] // 2), full - one.shape[1])
        below[thick + gap : thick + gap + one.shape[0], left : left + one.shape[1]] = one
    return joined([label, below], axis=0, gap=gap)


def wrapped(words: str, font: FreeTypeFont, width: float) -> str:
    """Return words in lines of at most `width` px, where no single word is wider."""
    made = ""
    for word in words.split(" "):
        longer = f"{made} {word}" if made else word
        is_fitting = font.getlength(longer.rpartition("\n")[2]) <= width
        made = longer if is_fitting or not made else f"{made}\n{word}"
    return made


def drawn(words: str, font: FreeTypeFont, *, is_centred: bool = False) -> Bytes:
    """Return words, one line or several, as dark ink on white."""
    import PIL.Image
    import PIL.ImageDraw

    lines = words.split("\n")
    width = max(1, *(int(np.ceil(font.getlength(line))) for line in lines))
    step = round(1.25 * font.size)
    canvas = PIL.Image.new("RGB", (width, step * len(lines)), WHITE)
    pen = PIL.ImageDraw.Draw(canvas)
    for row, line in enumerate(lines):
        x = (width - font.getlength(line)) / 2 if is_centred else 0
        pen.text((x, row * step), line, fill=INK, font=font)
    return np.asarray(canvas)


def joined(pieces: Sequence[Bytes], *, axis: Literal[0, 1], gap: int) -> Bytes:
    """Return pieces on white, one below the other (axis 0) or side by side, from the upper left."""
    shape = [max(piece.shape[0] for piece in pieces), max(piece.shape[1] for piece in pieces), 3]
    shape[axis] = sum(piece.shape[axis] for piece in pieces) + gap * (len(pieces) - 1)
    made = np.full(shape, 255, dtype=np.uint8)
    at = [0, 0]
    for piece in pieces:
        made[at[0] : at[0] + piece.shape[0], at[1] : at[1] + piece.shape[1]] = piece
        at[axis] += piece.shape[axis] + gap
    return made
