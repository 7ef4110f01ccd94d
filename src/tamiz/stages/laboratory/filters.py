"""`lab filter` and `lab convolve`: a kernel sliding over an image or over a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from tamiz.core.errors import WrongUse
from tamiz.core.language import text
from tamiz.data.report import Block, Code, Paragraph, Picture, Pictures, Report, Section, Table
from tamiz.formats.png_writing import encode_png
from tamiz.lab.colours import GREYS
from tamiz.lab.convolving import Fit, Place, Sliding, fits_of, padded, places_of, slide
from tamiz.lab.grids import Grid, grid_from_text
from tamiz.lab.kernels import KERNELS, flipped, kernel_named
from tamiz.lab.layers import shape_words
from tamiz.stages.lab import (
    finished,
    grid_code,
    grid_lines,
    number_words,
    numbers_at,
    photo_at,
    side_by_side,
)
from tamiz.stages.laboratory.panels import Cells, Titled, cells_png, panel, scaled

SMALL: Final = 12  # grids of at most so many rows and columns are shown as numbers
_FIRST: Final = 2  # places whose products a terminal shows
_MOST_PLACES: Final = 400
EXAMPLE: Final = """60 113 56 139 85; 73 121 54 84 128; 131 99 70 129 127; 80 57 115 69 134;
104 126 123 95 130"""
_EXAMPLE_KERNEL: Final = "sharpen"


@dataclass(frozen=True, slots=True)
class FilterHow:
    """How an image is filtered.

    Attributes:
        kernel: a name or its numbers.
        padding: 'valid', 'same' or how many zeros on every side.
        stride: step in both directions.
        is_grey: the image is made grey first (Rec. 601); else each channel is filtered by itself.
    """

    kernel: str = _EXAMPLE_KERNEL
    padding: str = "same"
    stride: int = 1
    is_grey: bool = False

    @property
    def sliding(self) -> Sliding:
        """Return padding and stride, checked.

        Raises:
            WrongUse: one of them is wrong.
        """
        return Sliding(self.padding, self.stride)


def filter_photo(photo: Path, how: FilterHow, out: Path | None = None) -> Report:
    """Filter an image and show the result: numbers where it is small, else pictures.

    Args:
        photo: an image file.
        how: kernel, padding, stride.
        out: folder for filter.png, filtered.png (0..255, clipped), filtered-scaled.png (the whole
            range) and report.html.

    Raises:
        WrongUse: no such file or kernel, a bad stride, or a kernel larger than the image.
        UnreadableItem: the image does not decode.
    """
    kernel, sliding = kernel_named(how.kernel), how.sliding
    shown = photo_at(photo)
    planes = [GREYS["rec601"].convert(shown.rgb)] if how.is_grey and not shown.is_grey else [
        shown.pixels[..., at].astype(np.float64) for at in range(shown.pixels.shape[2])
    ]  # fmt: skip
    blocks: list[Block] = shown.told()
    if len(planes) > 1:
        blocks.append(Paragraph(text("lab_filters.by_channel", n=len(planes))))
    return _filtered(planes, kernel, sliding, blocks, out)


def filter_numbers(numbers: str, how: FilterHow, out: Path | None = None) -> Report:
    """Filter a grid of numbers; `numbers` as text or the name of a .csv file.

    Args, files and errors as `filter_photo`; result.csv is written as well.
    """
    kernel, sliding = kernel_named(how.kernel), how.sliding
    grid = numbers_at(numbers)
    told = text("lab_filters.numbers_given", size=shape_words(grid.shape))
    blocks: list[Block] = [Paragraph(told)]
    return _filtered([grid], kernel, sliding, blocks, out, is_table=True)


def _filtered(
    planes: list[Grid],
    kernel: Grid,
    how: Sliding,
    blocks: list[Block],
    out: Path | None,
    *,
    is_table: bool = False,
) -> Report:
    """Return the report on all channels."""
    fits = fits_of(planes[0].shape, kernel, how)
    made = np.stack([slide(plane, kernel, how) for plane in planes], axis=2)
    before = np.stack(planes, axis=2)
    low, high = float(made.min()), float(made.max())
    outside = float(np.mean((made < 0) | (made > 255)))
    blocks += [grid_code(kernel, text("lab_filters.kernel")), *_size_blocks(fits, kernel, how)]
    if len(planes) == 1 and max(*before.shape, *made.shape) <= SMALL:
        blocks.append(grid_code(planes[0], text("lab_filters.input")))
        blocks.append(grid_code(made[..., 0], text("lab_filters.result")))
    facts = {"low": number_words(low), "high": number_words(high), "share": outside}
    blocks.append(
        Paragraph(text(f"lab_filters.range_{'outside' if outside else 'inside'}", **facts))
    )
    clipped, whole = scaled(made, 0, 255), scaled(made, low, high)
    titles = (
        text("lab_filters.before"),
        text("lab_filters.clipped"),
        text("lab_filters.whole_range", **facts),
    )
    pictures = zip(titles, (scaled(before, 0, 255), clipped, whole), strict=True)
    together = panel([Titled(str(title), one) for title, one in pictures], across=2)
    files = {
        "filter.png": together,
        "filtered.png": encode_png(clipped),
        "filtered-scaled.png": encode_png(whole),
    }
    if is_table:
        files["result.csv"] = _csv(made[..., 0])
    title = text("lab_filters.filter_title")
    values: dict[str, Any] = {
        "kernel": kernel.tolist(),
        "padding": how.padding,
        "stride": how.stride,
        "size": list(made.shape),
        "min": low,
        "max": high,
        "outside_0_255": outside,
    }
    if max(made.shape[:2]) <= SMALL:
        values["result"] = made[..., 0].tolist() if len(planes) == 1 else made.tolist()
    page = (*blocks, Pictures((Picture(together),)), Paragraph(text("lab_filters.correlation")))
    section = Section("filter", title, page)
    report = Report("lab", title, (section,), tuple(blocks), {"lab": values})
    return finished(report, files, out)


def _csv(grid: Grid) -> bytes:
    """Return a table of numbers, each with all its digits."""
    rows = (",".join(repr(float(value)) for value in row) for row in grid)
    return ("\n".join(rows) + "\n").encode()


def _size_blocks(fits: tuple[Fit, Fit], kernel: Grid, how: Sliding) -> list[Block]:
    """Return the arithmetic of the result's size, and what does not come out even."""
    facts = {"down": fits[0].words, "across": fits[1].words}
    blocks: list[Block] = [Paragraph(text("lab_filters.size", **facts))]
    if how.padding == "same" and any(side % 2 == 0 for side in kernel.shape):
        blocks.append(Paragraph(text("lab_filters.even_same")))
    left = max(one.left_over for one in fits)
    if left:
        blocks.append(Paragraph(text("lab_filters.left_over", n=left)))
    return blocks


@dataclass(frozen=True, slots=True)
class ConvolveHow:
    """What is shown of a convolution by hand.

    Attributes:
        numbers: the input as text or a .csv file; empty: the worked example's.
        kernel: a name or its numbers.
        padding: of the steps that are shown; results are always shown without and with zeros.
        stride: step in both directions.
        shows_all: all steps in the terminal, not only the first ones.
    """

    numbers: str = ""
    kernel: str = _EXAMPLE_KERNEL
    padding: str = "valid"
    stride: int = 1
    shows_all: bool = False


def convolve(how: ConvolveHow, out: Path | None = None) -> Report:
    """Show a convolution number by number: windows, products, sums and the whole result.

    Args:
        how: what is shown.
        out: folder for steps.png, one picture for each way of padding, result-valid.csv,
            result-same.csv and report.html.

    Raises:
        WrongUse: no numbers, no such kernel, a bad stride, a kernel larger than the input, or an
            input too large to go through number by number.
    """
    grid = numbers_at(how.numbers) if how.numbers else grid_from_text(EXAMPLE, "--example")
    kernel, sliding = kernel_named(how.kernel), Sliding(how.padding, how.stride)
    fits = fits_of(grid.shape, kernel, sliding)
    n_places = fits[0].out * fits[1].out
    if n_places > _MOST_PLACES:
        raise WrongUse.of("lab_filters.many_places", where="--numbers", n=n_places,
                          most=_MOST_PLACES)  # fmt: skip
    steps = [_step(one, kernel, sliding) for one in places_of(grid, kernel, sliding)]
    start: list[Block] = [
        Paragraph(text("lab_filters.correlation")),
        grid_code(grid, text("lab_filters.input")),
        grid_code(kernel, text("lab_filters.kernel")),
    ]
    results, values, files = _results(grid, kernel, how.stride)
    files = {"steps.png": _first_step_png(grid, kernel, sliding), **files}
    turned = _turned(grid, kernel, sliding)
    shown = steps if how.shows_all else steps[:_FIRST]
    more: list[Block] = []
    if len(shown) < len(steps):
        more = [Paragraph(text("lab_filters.more_steps", n=len(steps) - len(shown)))]
    title = text("lab_filters.convolve_title")
    pictures = Pictures((Picture(files["steps.png"], text("lab_filters.first_step")),))
    sections = (
        Section("input", text("lab_filters.given"), (*start, pictures)),
        Section("steps", text("lab_filters.steps_title", padding=how.padding), tuple(steps)),
        Section("result", text("lab_filters.result"), (*results, *turned)),
    )
    summary = (*start, *shown, *more, *results, *turned)
    return finished(Report("lab", title, sections, summary, {"lab": values}), files, out)


def _step(place: Place, kernel: Grid, how: Sliding) -> Block:
    """Return one place: the window times the kernel, the products, their sum."""
    parts = [grid_lines(place.window), grid_lines(kernel), grid_lines(place.products)]
    total = number_words(place.total)
    top, left = place.row * how.stride + 1, place.column * how.stride + 1
    facts = {
        "row": place.row + 1,
        "column": place.column + 1,
        "top": top,
        "low": top + kernel.shape[0] - 1,
        "left": left,
        "right": left + kernel.shape[1] - 1,
    }
    key = "lab_filters.place" if how.padding == "valid" else "lab_filters.place_padded"
    return Code(side_by_side([*parts, [total]], ["×", "=", "→"]), text(key, **facts))


def _results(
    grid: Grid, kernel: Grid, stride: int
) -> tuple[list[Block], dict[str, Any], dict[str, bytes]]:
    """Return the whole result without and with zeros around the input."""
    blocks: list[Block] = []
    values: dict[str, Any] = {"input": grid.tolist(), "kernel": kernel.tolist(), "stride": stride}
    files = {}
    for padding in ("valid", "same"):
        how = Sliding(padding, stride)
        if padding == "valid" and not _is_fitting(grid, kernel):
            blocks.append(Paragraph(text("lab_filters.no_valid")))
            continue
        made = slide(grid, kernel, how)
        fits = fits_of(grid.shape, kernel, how)
        blocks += [grid_code(made, text(f"lab_filters.result_{padding}"))]
        blocks += _size_blocks(fits, kernel, how)
        values[padding] = made.tolist()
        files[f"result-{padding}.csv"] = _csv(made)
        files[f"result-{padding}.png"] = _grids_png(grid, kernel, how, made)
    return blocks, values, files


def _is_fitting(grid: Grid, kernel: Grid) -> bool:
    return all(n >= f for n, f in zip(grid.shape, kernel.shape, strict=True))


def _turned(grid: Grid, kernel: Grid, how: Sliding) -> list[Block]:
    """Return what a true convolution gives, or that it gives the same."""
    other = flipped(kernel)
    if np.array_equal(other, kernel):
        return [Paragraph(text("lab_filters.same_turned"))]
    made = slide(grid, other, how)
    return [
        Paragraph(text("lab_filters.turned")),
        grid_code(other, text("lab_filters.kernel_turned")),
        grid_code(made, text("lab_filters.result_turned", padding=how.padding)),
    ]


def _grids_png(grid: Grid, kernel: Grid, how: Sliding, made: Grid) -> bytes:
    """Return a PNG: input, kernel and result, the first window marked."""
    zeros = (how.zeros(kernel.shape[0]), how.zeros(kernel.shape[1]))
    wide = padded(grid, kernel, how)
    cells = [
        Cells(str(text("lab_filters.input")), wide, (0, 0, *kernel.shape), zeros),
        Cells(str(text("lab_filters.kernel")), kernel),
        Cells(str(text("lab_filters.result")), made, (0, 0, 1, 1)),
    ]
    return cells_png(cells, ["×", "="])


def _first_step_png(grid: Grid, kernel: Grid, how: Sliding) -> bytes:
    """Return a PNG: the input with the first window marked, window x kernel = products."""
    first = places_of(grid, kernel, how, most=1)[0]
    zeros = (how.zeros(kernel.shape[0]), how.zeros(kernel.shape[1]))
    total = str(text("lab_filters.sum"))
    cells = [
        Cells(str(text("lab_filters.input")), padded(grid, kernel, how),
              (0, 0, *kernel.shape), zeros),
        Cells(str(text("lab_filters.window")), first.window),
        Cells(str(text("lab_filters.kernel")), kernel),
        Cells(str(text("lab_filters.products")), first.products),
        Cells(total, np.array([[first.total]])),
    ]  # fmt: skip
    return cells_png(cells, ["→", "×", "=", "→"])


def kernels() -> Report:
    """Return all named kernels, their numbers and what they do."""
    rows = tuple(
        (
            name,
            numbers,
            text(f"lab_filters.kernel_{name.replace('-', '_')}"),
        )
        for name, numbers in KERNELS.items()
    )
    columns = tuple(text(f"lab_filters.{name}") for name in ("name", "kernel", "does"))
    title = text("lab_filters.kernels_title")
    table = Table(columns, rows)
    values = {"lab": {name: kernel_named(name).tolist() for name in KERNELS}}
    return Report("lab", title, (Section("kernels", title, (table,)),), (table,), values)
