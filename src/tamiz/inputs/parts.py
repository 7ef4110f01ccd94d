"""Rows that name parts of images: columns x, y, width and height of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from tamiz.core.errors import WrongData
from tamiz.core.language import text
from tamiz.data.image import Region
from tamiz.data.report import Finding, Severity
from tamiz.formats.regions import with_region
from tamiz.inputs.cells import Cells
from tamiz.inputs.joining import Joined

COLUMNS: Final = ("x", "y", "width", "height")
_SIDE: Final = "side_px"
_SPACING: Final = "um_per_px"


def has_parts(cells: Cells) -> bool:
    """Return whether a table's rows are parts of images: all four columns are there."""
    return all(name in cells.columns for name in COLUMNS) and cells.n_rows > 0


def note_parts(cells: Cells) -> list[Finding]:
    """Return a note that rows are parts of images, where they are: nobody said so but the names."""
    if not has_parts(cells):
        return []
    what = text("inputs.parts", columns=", ".join(COLUMNS))
    return [Finding(Severity.NOTE, what)]


def with_parts(joined: Joined, cells: Cells, where: str) -> Joined:
    """Return the rows' files with the part of it that each row names.

    `side_px`, where there is such a column, is the side of the square that a part is read as.

    Raises:
        WrongData: a coordinate is no whole number, or a width or height is none above 0.
    """
    regions = regions_of(cells, where)
    sides = cells.columns.get(_SIDE)
    names: list[str | None] = []
    for row, name in enumerate(joined.names):
        side = _whole(sides, row, cells, where, _SIDE, least=1) if sides is not None else None
        names.append(None if name is None else with_region(name, regions[row], side))
    return replace(joined, names=names)


def regions_of(cells: Cells, where: str) -> list[Region]:
    """Return the part of each row, in pixels of the full resolution.

    Raises:
        WrongData: as `with_parts`.
    """
    made = []
    for row in range(cells.n_rows):
        x, y, width, height = (
            _whole(cells.columns[name], row, cells, where, name, least=int(name in COLUMNS[2:]))
            for name in COLUMNS
        )
        made.append(Region(x, y, width, height))
    return made


def columns_of(cells: Cells, kept: Sequence[int], where: str) -> dict[str, list[Any]]:
    """Return the manifest's columns of these rows: x, y, width, height and, if said, um_per_px."""
    regions = regions_of(cells, where)
    made: dict[str, list[Any]] = {
        name: [getattr(regions[row], name) for row in kept] for name in COLUMNS
    }
    spacings = cells.columns.get(_SPACING)
    if spacings is not None:
        made[_SPACING] = [_number(spacings[row]) for row in kept]
    return made


def _number(words: str) -> float | None:
    try:
        value = float(words)
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None


def _whole(
    values: Sequence[str], row: int, cells: Cells, where: str, name: str, *, least: int
) -> int:
    words, _, decimals = values[row].strip().partition(".")
    is_whole = words.isascii() and words.isdecimal() and len(words) <= 9
    # '264.0' is a whole number, as pandas writes it.
    if not is_whole or decimals.strip("0") or int(words) < least:
        told = values[row].strip()[:40]
        raise WrongData.of(
            "inputs.bad_part", where=f"{where}:{cells.lines[row]}", column=name, words=told
        )
    return int(words)
