"""`lab channels` and `lab grey`: what colours an image is made of, and ways to leave them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from tamiz.core.errors import WrongUse
from tamiz.core.language import say, text
from tamiz.data.report import (
    Block,
    Cell,
    Chart,
    Paragraph,
    Picture,
    Pictures,
    Report,
    Section,
    Series,
    Table,
    Words,
)
from tamiz.lab.colours import GREYS, SPACES, Channel, Space
from tamiz.lab.grids import Grid
from tamiz.stages.lab import Photo, finished, photo_at
from tamiz.stages.laboratory.panels import Titled, fitted_png, hue_colours, panel, scaled

_BINS: Final = 32
_PATCH: Final = 3  # pixels on each side of the patch whose numbers are shown


def channels(photo: Path, *, space: str = "rgb", out: Path | None = None) -> Report:
    """Show each channel of an image as a picture, with its range, mean and histogram.

    Args:
        photo: an image file.
        space: 'rgb', 'hsv', 'lab' or 'ycbcr'.
        out: folder for channels.png, a PNG of each channel, and report.html.

    Raises:
        WrongUse: there is no such file or colour space.
        UnreadableItem: the image does not decode.
    """
    asked = SPACES.get(space)
    if asked is None:
        choices = ", ".join(SPACES)
        raise WrongUse.of("lab_images.no_space", where="--space", name=space, choices=choices)
    shown = photo_at(photo)
    planes = asked.convert(shown.rgb)
    pictures = [
        Titled(_range_words(channel), _plane_picture(planes, at, asked))
        for at, channel in enumerate(asked.channels)
    ]
    together = panel([Titled(shown.name, shown.rgb), *pictures], across=2)
    files = {"channels.png": together}
    for channel, one in zip(asked.channels, pictures, strict=True):
        files[f"channel-{channel.name.strip('*').lower()}.png"] = fitted_png(one.pixels)
    blocks: list[Block] = [*shown.told(), Paragraph(text(f"lab_images.space_{space}"))]
    if shown.is_grey:
        blocks.append(Paragraph(text("lab_images.is_grey")))
    table = _channel_table(asked, planes)
    charts = [_histogram(channel, planes[..., at]) for at, channel in enumerate(asked.channels)]
    title = text("lab_images.channels_title", space=_space_name(space))
    every = (*blocks, Pictures((Picture(together),)), table, *charts)
    values = {
        channel.name: {**_figures(planes[..., at]), "histogram": _counts(channel, planes[..., at])}
        for at, channel in enumerate(asked.channels)
    }
    report = Report(
        "lab",
        title,
        (Section("channels", title, every),),
        (*blocks, table, *charts),
        {"lab": {"space": space, "channels": values}},
    )
    return finished(report, files, out)


def _space_name(space: str) -> str:
    return {"rgb": "RGB", "hsv": "HSV", "lab": "CIE L*a*b*", "ycbcr": "YCbCr"}[space]


def _range_words(channel: Channel) -> str:
    key = "lab_images.range_colours" if channel.name == "H" else "lab_images.range"
    return say(key, name=channel.name, low=channel.low, high=channel.high)


def _plane_picture(planes: Grid, at: int, space: Space) -> Any:
    """Return a channel in grey from its lowest to its highest possible value; hue in colours."""
    channel = space.channels[at]
    if channel.name == "H":
        return hue_colours(planes[..., at], planes[..., 1])
    return scaled(planes[..., at], channel.low, channel.high)


def _figures(values: Grid) -> dict[str, float]:
    return {"min": float(values.min()), "mean": float(values.mean()), "max": float(values.max())}


def _channel_table(space: Space, planes: Grid) -> Table:
    rows = []
    for at, channel in enumerate(space.channels):
        found = _figures(planes[..., at])
        meaning = text(f"lab_images.channel_{_key(channel)}")
        rows.append((channel.name, meaning, found["min"], found["mean"], found["max"]))
    columns = tuple(
        text(f"lab_images.{name}") for name in ("channel", "meaning", "min", "mean", "max")
    )
    return Table(columns, tuple(rows))


def _key(channel: Channel) -> str:
    """Return 'l_star' for 'L*', 'b' for 'B'."""
    return channel.name.replace("*", "_star").lower()


def _counts(channel: Channel, values: Grid) -> list[int]:
    counts, _ = np.histogram(values, bins=_BINS, range=(channel.low, channel.high))
    return [int(n) for n in counts]


def _histogram(channel: Channel, values: Grid) -> Chart:
    width = (channel.high - channel.low) / _BINS
    middles = tuple(channel.low + width * (at + 0.5) for at in range(_BINS))
    counts = tuple(map(float, _counts(channel, values)))
    return Chart(
        "histogram",
        text("lab_images.histogram", name=channel.name, n=_BINS),
        text("lab_images.value"),
        text("lab_images.pixels"),
        (Series(channel.name, middles, counts),),
        bin_width=width,
    )


def grey(
    photo: Path, *, by: str = "all", at: tuple[int, int] | None = None, out: Path | None = None
) -> Report:
    """Show an image in grey by one formula or by all, and the numbers of a small patch.

    Args:
        photo: an image file.
        by: 'mean', 'luma', 'rec601', 'lightness' or 'all'.
        at: (x, y) of the patch's middle pixel, from the upper left; None: the image's middle.
        out: folder for grey.png, a PNG of each grey, and report.html.

    Raises:
        WrongUse: there is no such file or formula, or the pixel lies outside.
        UnreadableItem: the image does not decode.
    """
    if by != "all" and by not in GREYS:
        choices = ", ".join((*GREYS, "all"))
        raise WrongUse.of("lab_images.no_grey", where="--by", name=by, choices=choices)
    names = list(GREYS) if by == "all" else [by]
    shown = photo_at(photo)
    planes = {name: GREYS[name].convert(shown.rgb) for name in names}
    bytes_by_name = {name: scaled(plane, 0, 255) for name, plane in planes.items()}
    pictures = [
        Titled(f"{name}: {GREYS[name].formula}", one) for name, one in bytes_by_name.items()
    ]
    together = panel([Titled(shown.name, shown.rgb), *pictures], across=2)
    files = {"grey.png": together}
    files |= {f"grey-{name}.png": fitted_png(one) for name, one in bytes_by_name.items()}
    blocks: list[Block] = [*shown.told()]
    if shown.is_grey:
        blocks.append(Paragraph(text("lab_images.is_grey_already")))
    tables = (_formula_table(planes), _patch_table(shown, planes, _middle(shown, at)))
    title = text("lab_images.grey_title")
    note = Paragraph(text("lab_images.grey_note"))
    every = (*blocks, Pictures((Picture(together),)), *tables, note)
    values = {
        name: {"formula": GREYS[name].formula, **_figures(plane)} for name, plane in planes.items()
    }
    patch = [list(row) for row in tables[1].rows]
    report = Report(
        "lab",
        title,
        (Section("grey", title, every),),
        (*blocks, *tables, note),
        {"lab": {"greys": values, "patch": patch}},
    )
    return finished(report, files, out)


def _formula_table(planes: dict[str, Grid]) -> Table:
    rows = []
    for name, plane in planes.items():
        found = _figures(plane)
        rows.append((name, GREYS[name].formula, found["min"], found["mean"], found["max"]))
    columns = tuple(text(f"lab_images.{name}") for name in ("way", "formula", "min", "mean", "max"))
    return Table(columns, tuple(rows))


def _middle(photo: Photo, at: tuple[int, int] | None) -> tuple[int, int]:
    height, width = photo.pixels.shape[:2]
    if at is None:
        return width // 2, height // 2
    if not (0 <= at[0] < width and 0 <= at[1] < height):
        raise WrongUse.of(
            "lab_images.outside", where="--at", x=at[0], y=at[1], right=width - 1, low=height - 1
        )
    return at


def _patch_table(photo: Photo, planes: dict[str, Grid], middle: tuple[int, int]) -> Table:
    """Return the numbers of up to 3 x 3 pixels, one pixel a row."""
    height, width = photo.pixels.shape[:2]
    half = _PATCH // 2
    rows: list[tuple[Cell, ...]] = []
    for y in range(max(0, middle[1] - half), min(height, middle[1] + half + 1)):
        for x in range(max(0, middle[0] - half), min(width, middle[0] + half + 1)):
            colours = (int(value) for value in photo.rgb[y, x])
            greys = (round(float(plane[y, x]), 2) for plane in planes.values())
            rows.append((f"{x}, {y}", *colours, *greys))
    columns: tuple[Words, ...] = (text("lab_images.pixel"), "R", "G", "B", *planes)
    return Table(columns, tuple(rows), text("lab_images.patch"))
