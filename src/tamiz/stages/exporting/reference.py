"""The images that an exported model must answer alike: the run's own, and drawn ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import UnreadableItem, WrongData, WrongUse
from tamiz.data.contracts import Policy
from tamiz.data.image import Image, Kind
from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.formats.pixels import from_channels
from tamiz.formats.reader import Reader
from tamiz.inputs.find import find_images
from tamiz.models.bundle import Bundle
from tamiz.stages.guarding import even_sample

MOST_REFERENCE: Final = 100
MOST_CALIBRATION: Final = 100
_SIZES: Final = ((1, 1), (3, 7), (31, 1000), (64, 64), (101, 57), (480, 333))  # (height, width)


@dataclass(frozen=True, slots=True)
class Reference:
    """An image that both models are asked about.

    Attributes:
        name: in messages.
        image: decoded as tamiz decodes it.
        stored: the same with its alpha, for formats that read it.
        is_drawn: whether it is none of the user's.
    """

    name: str
    image: Image
    stored: Image
    is_drawn: bool = False


def reference_set(bundle: Bundle, run: Run | None, source: Path | None) -> list[Reference]:
    """Return up to 100 images of the user's, and drawn ones in odd sizes and modes.

    Args:
        bundle: whose policy decodes them.
        run: that trained it, where it is at hand; its validation images are taken.
        source: images to take in their place.

    Raises:
        WrongUse: the source does not exist.
        WrongData: no image of it could be read.
    """
    if source is not None:
        real = images_of(source, bundle.policy, MOST_REFERENCE)
    else:
        real = [] if run is None else list(run_images(run, bundle.policy, ("val", "train")))
    made = [Reference(name, image, image) for name, image in real]
    return made + _drawn(bundle)


def run_of(model: Path) -> Run | None:
    """Return the run that a model's folder is part of; None where it was taken elsewhere."""
    for folder in (model, model.parent):
        if (folder / "manifest.parquet").is_file() and (folder / "recipe.toml").is_file():
            return Run(folder)
    return None


def run_images(
    run: Run, policy: Policy, parts: Sequence[str], most: int = MOST_REFERENCE
) -> Iterator[tuple[str, Image]]:
    """Yield an even sample of the first part that has images here; never of the test part."""
    manifest = run.manifest()
    splits = np.array(manifest.column("split"), dtype=object)
    for part in parts:
        at = np.flatnonzero(splits == part).astype(np.int64)
        found = rows_read(manifest.take(even_sample(at, most).tolist()), policy)
        first = next(found, None)
        if first is not None:
            yield first[1:]
            yield from (one[1:] for one in found)
            return


def rows_read(rows: Manifest, policy: Policy) -> Iterator[tuple[int, str, Image]]:
    """Yield position, name and image of the rows that can be read here."""
    with Reader(rows.root, policy) as reader:
        for at, (path, frame) in enumerate(rows.rows("path", "frame")):
            try:
                yield at, f"{path}#{frame}" if frame else path, reader.read(path, frame)
            except UnreadableItem:
                continue


def images_of(source: Path, policy: Policy, most: int) -> list[tuple[str, Image]]:
    """Return an even sample of a source's images.

    Raises:
        WrongUse: the source does not exist.
        WrongData: no image of it could be read.
    """
    if not source.exists():
        raise WrongUse.of("errors.not_found", where=source)
    rows = find_images(source).manifest
    at = even_sample(np.arange(len(rows), dtype=np.int64), most)
    found = [one[1:] for one in rows_read(rows.take(at.tolist()), policy)]
    if not found:
        raise WrongData.of("export.no_images", where=source)
    return found


def _drawn(bundle: Bundle) -> list[Reference]:
    """Return images in odd sizes: grey, RGB, RGBA and 16 bits deep; or a device's values."""
    rng = np.random.default_rng(0)
    made = []
    for height, width in (*_SIZES, (bundle.size_px, bundle.size_px)):
        name = f"{width} x {height}"
        if bundle.policy.window == "values":
            values = _picture(rng, height, width, 1) * np.float32(16) - np.float32(1024)
            image = Image(np.asarray(values, dtype=np.float32), Kind.HOUNSFIELD)
            made.append(Reference(name, image, image, is_drawn=True))
            continue
        for mode, channels in (("grey", 1), ("RGB", 3), ("RGBA", 4), ("16-bit", 1)):
            pixels: NDArray[Any] = _picture(rng, height, width, channels).astype(np.uint8)
            if mode == "16-bit":
                pixels = (pixels.astype(np.uint16) << 8) | pixels[::-1]
            image = Image(from_channels(pixels, bundle.policy))
            stored = Image(pixels) if mode == "RGBA" else image
            made.append(Reference(f"{name}, {mode}", image, stored, is_drawn=True))
    return made


def _picture(
    rng: np.random.Generator, height: int, width: int, channels: int
) -> NDArray[np.float32]:
    """Return (height, width, channels) 0..255: blocks of light and dark under noise."""
    rows, columns = (np.arange(side) * 4 // max(side, 4) for side in (height, width))
    blocks = rng.uniform(40, 215, (4, 4, channels))[rows][:, columns]
    noisy = blocks + rng.normal(0, 25, (height, width, channels))
    return np.clip(np.rint(noisy), 0, 255).astype(np.float32)
