"""Pictures of answers: what each network got of a photo, and its classes as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import Text, say
from tamiz.formats.png_writing import encode_png
from tamiz.slides.lettering import INK, drawn, font_of, joined

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Bytes = NDArray[np.uint8]

_SIDE_PX: Final = 224
_BARS_PX: Final = 460
_FONT_PX: Final = 15
_LINE_PX: Final = 34
_BAR: Final = (158, 196, 232)
_TRACK: Final = (238, 241, 245)
_GAP: Final = 16


@dataclass(frozen=True, slots=True)
class Stored:
    """The photo as stored: what stands above it, and (height, width, 3)."""

    title: Text
    pixels: Bytes


@dataclass(frozen=True, slots=True)
class Drawn:
    """One network's answer.

    Attributes:
        title: above it.
        seen: (side, side, 3), what the network got.
        best: the most probable classes with their probabilities.
    """

    title: Text
    seen: Bytes
    best: tuple[tuple[str, float], ...]


def answers_png(stored: Stored, answers: Sequence[Drawn]) -> bytes:
    """Return a PNG: the photo as stored, then a row for each network.

    A row has what the network got on the left and bars of its classes beside it.
    """
    font = font_of(_FONT_PX)
    high, wide = stored.pixels.shape[:2]
    whole = _SIDE_PX + _GAP + _BARS_PX
    share = min(_SIDE_PX / high, whole / wide)
    size = (max(1, round(wide * share)), max(1, round(high * share)))
    rows = [_under(stored.title, _scaled(stored.pixels, size), font)]
    for one in answers:
        seen = _scaled(one.seen, (_SIDE_PX, _SIDE_PX))
        beside = joined([seen, _bars(one.best, font)], axis=1, gap=_GAP)
        rows.append(_under(one.title, beside, font))
    edge = (_GAP, _GAP)
    made = joined(rows, axis=0, gap=_GAP)
    return encode_png(np.pad(made, (edge, edge, (0, 0)), constant_values=255))


def _under(title: Text, picture: Bytes, font: FreeTypeFont) -> Bytes:
    return joined(
        [drawn(_cut(str(title), font, _SIDE_PX + _GAP + _BARS_PX), font), picture], axis=0, gap=4
    )


def _scaled(pixels: Bytes, size: tuple[int, int]) -> Bytes:
    import PIL.Image

    picture = PIL.Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(picture.resize(size, PIL.Image.Resampling.LANCZOS))


def _bars(best: Sequence[tuple[str, float]], font: FreeTypeFont) -> Bytes:
    """Return a line for each class: a bar as long as its probability, words over it."""
    import PIL.Image
    import PIL.ImageDraw

    canvas = PIL.Image.new("RGB", (_BARS_PX, _LINE_PX * len(best)), (255, 255, 255))
    pen = PIL.ImageDraw.Draw(canvas)
    for place, (name, share) in enumerate(best):
        top = place * _LINE_PX
        bottom = top + _LINE_PX - 6
        pen.rectangle((0, top, _BARS_PX - 1, bottom), fill=_TRACK)
        pen.rectangle((0, top, max(1, round(share * (_BARS_PX - 1))), bottom), fill=_BAR)
        words = _cut(say("lab_classify.drawn_line", share=share, name=name), font, _BARS_PX - 12)
        pen.text((6, top + (_LINE_PX - 6 - 1.25 * _FONT_PX) / 2), words, fill=INK, font=font)
    return np.asarray(canvas)


def _cut(words: str, font: FreeTypeFont, width: float) -> str:
    """Return words of at most `width` px; what is cut off becomes '…'."""
    if font.getlength(words) <= width:
        return words
    while words and font.getlength(f"{words}…") > width:
        words = words[:-1]
    return f"{words}…"
