"""`lab pool`: pooling by numbers where the grid is small, by pictures where it is large."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.language import text
from tamiz.data.contracts import Policy
from tamiz.data.report import Block, Cell, Paragraph, Picture, Pictures, Report, Section, Table
from tamiz.formats.png_writing import encode_png
from tamiz.lab.grids import Grid
from tamiz.lab.pooling import Kind, Pooled, pool
from tamiz.stages.lab import finished, numbers_at
from tamiz.stages.laboratory.looking import one_image

STAGE: Final = "lab"
_LARGEST_TABLE: Final = 16
_PICTURE_PX: Final = 360  # from here on a page shows a picture as a figure, with its whole caption


@dataclass(frozen=True, slots=True)
class Pooling:
    """How a grid is pooled.

    Attributes:
        size: side of the window.
        stride: step; None: the window's side.
        kind: 'max' or 'mean'.
        numbers: the grid itself, '1 2; 3 4', or a table of numbers, in place of an image.
        image: which image of the source, from 1; None: the first.
    """

    size: int = 2
    stride: int | None = None
    kind: Kind = "max"
    numbers: str = ""
    image: int | None = None


def lab_pool(
    source: Path | str | None, how: Pooling | None = None, out: Path | None = None
) -> Report:
    """Show what pooling makes of numbers, or of an image channel by channel.

    Args:
        source: an image, or a source of images; None with `how.numbers`.
        how: see `Pooling`.
        out: folder for pictures and a page; None: only the report.

    Raises:
        WrongUse: neither or both of image and numbers are given, numbers have no second image, or
            the window does not fit.
        WrongData: the source holds no images.
    """
    how = how or Pooling()
    if (source is None) == (not how.numbers):
        raise WrongUse.of("lab_learnt.image_or_numbers", where="lab pool")
    if how.numbers and how.image is not None:
        raise WrongUse.of("lab_learnt.image_of_numbers", where="--image")
    if how.numbers:
        name, planes = "", numbers_at(how.numbers)[:, :, np.newaxis]
    else:
        name, image = one_image(Path(str(source)), how.image or 1, Policy())
        planes = image.pixels.astype(np.float64)
    stride = how.size if how.stride is None else how.stride
    pooled = [pool(planes[:, :, c], how.size, stride, how.kind) for c in range(planes.shape[2])]
    files: dict[str, bytes] = {}
    is_small = max(planes.shape[:2]) <= _LARGEST_TABLE
    blocks: list[Block] = [_sentence(how, stride, planes, pooled[0])]
    if is_small:
        blocks += _tables(planes, pooled, how.kind)
    if not how.numbers:
        pictures, files = _pictures(planes, pooled, how.kind)
        blocks += [Pictures((one,)) for one in pictures]
    title = text("lab_learnt.pool_title")
    values = _values(name, how, stride, planes, pooled)
    summary = tuple(one for one in blocks if not isinstance(one, Pictures))
    report = Report(
        STAGE, title, (Section("pool", title, tuple(blocks)),), summary, {STAGE: values}
    )
    return finished(report, files, out)


def _sentence(how: Pooling, stride: int, planes: Grid, one: Pooled) -> Paragraph:
    height, width, _ = planes.shape
    rows, columns = one.values.shape
    key = "pool_exact" if one.left_over == (0, 0) else "pool_left_over"
    return Paragraph(
        text(
            f"lab_learnt.{key}",
            kind=text(f"lab_learnt.kind_{how.kind}"),
            size=how.size,
            stride=stride,
            height=height,
            width=width,
            rows=rows,
            columns=columns,
            below=one.left_over[0],
            right=one.left_over[1],
        )
    )


def _tables(planes: Grid, pooled: list[Pooled], kind: Kind) -> list[Block]:
    """Return each channel before, its winners in brackets, and after."""
    made: list[Block] = []
    for channel, one in enumerate(pooled):
        won = (
            one.winners(planes.shape[:2]) > 0 if kind == "max" else np.zeros(planes.shape[:2], bool)
        )
        before = text(f"lab_learnt.before_{kind}", channel=channel + 1, all=len(pooled))
        after = text("lab_learnt.after", channel=channel + 1, all=len(pooled))
        made += [_table(planes[:, :, channel], before, won), _table(one.values, after)]
        if kind == "max":
            made.append(_winners_table(one))
    return made


def _table(grid: Grid, caption: Any, won: NDArray[np.bool_] | None = None) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for at, row in enumerate(grid):
        cells = [f"{value:g}" for value in row]
        if won is not None:
            cells = [f"[{word}]" if won[at, place] else word for place, word in enumerate(cells)]
        rows.append((str(at + 1), *cells))
    columns = ("", *(str(place + 1) for place in range(grid.shape[1])))
    return Table(columns, tuple(rows), caption)


def _winners_table(one: Pooled) -> Table:
    """Return where each value was taken from, as row and column from 1."""
    rows: list[tuple[Cell, ...]] = []
    for at in range(one.values.shape[0]):
        pairs = zip(one.winner_rows[at] + 1, one.winner_columns[at] + 1, strict=True)
        rows.append((str(at + 1), *(f"({row}, {column})" for row, column in pairs)))
    columns = ("", *(str(place + 1) for place in range(one.values.shape[1])))
    return Table(columns, tuple(rows), text("lab_learnt.winners"))


def _pictures(
    planes: Grid, pooled: list[Pooled], kind: Kind
) -> tuple[list[Picture], dict[str, bytes]]:
    """Return the image before and after, as large as each other, and where the winners stood.

    And the files of these pictures, by name.
    """
    after = np.stack([one.values for one in pooled], axis=2)
    height, width, _ = planes.shape
    size = text("lab_learnt.size_px", width=width, height=height)
    files = {"before.png": _png(planes), f"after-{kind}.png": _png(after)}
    made = [Picture(files["before.png"], size)]
    size = text("lab_learnt.size_px", width=after.shape[1], height=after.shape[0])
    made.append(Picture(files[f"after-{kind}.png"], size))
    if kind == "max":
        counts = np.stack([one.winners(planes.shape[:2]) for one in pooled], axis=2)
        places = 255.0 * counts / max(1, int(counts.max()))
        words = text("lab_learnt.winners_picture", most=int(counts.max()))
        files["winners.png"] = _png(places)
        made.append(Picture(files["winners.png"], words))
    return made, files


def _png(planes: Grid) -> bytes:
    """Return a picture of 360 px or a little more, enlarged as pixels where it is smaller."""
    pixels = np.rint(np.clip(planes, 0, 255)).astype(np.uint8)
    factor = max(1, -(-_PICTURE_PX // max(pixels.shape[:2])))
    pixels = pixels.repeat(factor, axis=0).repeat(factor, axis=1)
    return encode_png(np.ascontiguousarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels))


def _values(
    name: str, how: Pooling, stride: int, planes: Grid, pooled: list[Pooled]
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "image": name,
        "kind": how.kind,
        "size": how.size,
        "stride": stride,
        "input": list(planes.shape),
        "output": [*pooled[0].values.shape, len(pooled)],
        "left_over": list(pooled[0].left_over),
    }
    if max(planes.shape[:2]) <= _LARGEST_TABLE:
        made["values"] = [one.values.tolist() for one in pooled]
        if how.kind == "max":
            made["winners"] = [
                np.stack([one.winner_rows, one.winner_columns], axis=2).tolist() for one in pooled
            ]
    return made
