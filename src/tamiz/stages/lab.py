"""`lab`: what its commands have in common: a photo, numbers in words, files and the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.files import make_folder, reading, write_bytes, write_text
from tamiz.core.language import text
from tamiz.data.contracts import Policy
from tamiz.data.report import Block, Code, Paragraph, Report, Words
from tamiz.formats.reader import Reader
from tamiz.lab.grids import Grid, grid_from_csv, grid_from_text

PAGE: Final = "report.html"
_MOST_DECIMALS: Final = 3


@dataclass(frozen=True, slots=True)
class Photo:
    """One image as the lab looks at it.

    Attributes:
        name: of its file.
        pixels: uint8 (height, width, 1 or 3).
        bits: per channel, as stored; above 8 they were scaled to 0..255.
    """

    name: str
    pixels: NDArray[np.uint8]
    bits: int

    @property
    def is_grey(self) -> bool:
        """Return whether it has one channel."""
        return bool(self.pixels.shape[2] == 1)

    @property
    def rgb(self) -> NDArray[np.uint8]:
        """Return (height, width, 3); of a grey image three equal channels."""
        return np.repeat(self.pixels, 3, axis=2) if self.is_grey else self.pixels

    def told(self) -> list[Block]:
        """Return sentences: size and channels, and what was done to deep pixels."""
        height, width, channels = self.pixels.shape
        facts = {"name": self.name, "width": width, "height": height}
        told = text("lab.photo", channels=channels, **facts)
        blocks: list[Block] = [Paragraph(text("lab.photo_grey", **facts) if self.is_grey else told)]
        if self.bits > 8:
            blocks.append(Paragraph(text("lab.deep", bits=self.bits)))
        return blocks


def photo_at(path: Path) -> Photo:
    """Return the image of a file, or of a member of an archive ('photos.zip!/a.png').

    Raises:
        WrongUse: there is no such file, or it is a folder.
        UnreadableItem: it does not decode.
        WrongData: its pixels are no display values (a CT in Hounsfield units, say).
    """
    outer, mark, inside = str(path.expanduser()).partition("!/")
    file = Path(outer)
    if not file.exists():
        raise WrongUse.of("errors.not_found", where=path)
    if file.is_dir():
        raise WrongUse.of("lab.is_folder", where=path)
    with Reader(file.absolute().parent, Policy()) as reader:
        name = f"{file.name}{mark}{inside}"
        pixels = reader.read(name).pixels
        facts = reader.facts(name)
    if pixels.dtype != np.uint8:
        raise WrongData.of("lab.not_display", where=path, dtype=str(pixels.dtype))
    return Photo(file.name, np.asarray(pixels, dtype=np.uint8), int(facts["bits"]))


def numbers_at(words: str) -> Grid:
    """Return the grid that `--numbers` gives: a .csv or .txt file, or the numbers themselves.

    Raises:
        WrongUse: no such file, or no grid of numbers.
    """
    path = Path(words).expanduser()
    if words.strip().lower().endswith((".csv", ".txt", ".tsv")):
        if not path.exists():
            raise WrongUse.of("errors.not_found", where=path)
        with reading(path):
            content = path.read_text(encoding="utf-8", errors="replace")
        return grid_from_csv(content, str(path))
    return grid_from_text(words, "--numbers")


def number_words(value: float) -> str:
    """Return a number as people write it by hand: whole ones without decimals, at most three."""
    rounded = round(float(value), _MOST_DECIMALS) + 0.0  # no "-0"
    return f"{rounded:.{_MOST_DECIMALS}f}".rstrip("0").rstrip(".")


def grid_lines(grid: Grid) -> list[str]:
    """Return the rows of a grid as lines, its columns in line."""
    words = [[number_words(value) for value in row] for row in grid]
    width = max(len(one) for row in words for one in row)
    return ["  ".join(one.rjust(width) for one in row) for row in words]


def grid_code(grid: Grid, caption: Words) -> Code:
    """Return a grid as a block."""
    return Code("\n".join(grid_lines(grid)), caption)


def side_by_side(parts: Sequence[Sequence[str]], between: Sequence[str] = ()) -> str:
    """Return columns of lines beside each other; `between` are signs at their middle rows."""
    height = max(map(len, parts))
    columns = []
    for number, lines in enumerate(parts):
        columns.append(_centred(lines, height))
        if number < len(between):
            columns.append(_centred([between[number]], height))
    return "\n".join("   ".join(row).rstrip() for row in zip(*columns, strict=True))


def _centred(lines: Sequence[str], height: int) -> list[str]:
    """Return `height` lines of one width, those given in the middle."""
    width = max(map(len, lines))
    above = (height - len(lines)) // 2
    full = [""] * above + list(lines) + [""] * (height - len(lines) - above)
    return [line.ljust(width) for line in full]


def finished(report: Report, files: Mapping[str, bytes], out: Path | None) -> Report:
    """Return the report, its files and its page written where `out` says so.

    Args:
        report: with sections for the page and a summary for the terminal.
        files: content by name.
        out: folder; None: nothing is written, and the report says how.

    Raises:
        WrongUse: the folder cannot be written to.
    """
    if out is None:
        note = Paragraph(text("lab.no_out"))
        return replace(report, summary=(*report.summary, note))
    from tamiz.rendering.html import render_html

    make_folder(out)
    for name, content in files.items():
        write_bytes(out / name, content)
    page = out / PAGE
    write_text(page, render_html(replace(report, summary=())))
    names = ", ".join((PAGE, *files))
    written = Paragraph(text("lab.written", names=names, folder=str(out)))
    values = {**report.values, "files": [str(out / name) for name in (PAGE, *files)]}
    return replace(report, summary=(*report.summary, written), values=values)
