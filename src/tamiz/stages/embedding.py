"""From slides to bags: every slide's tiles described, once for all runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.cache import cache_folder
from tamiz.core.errors import MachineTrouble, WrongUse
from tamiz.core.events import OnEvent, ignore, track
from tamiz.core.files import make_folder, write_bytes
from tamiz.core.language import text
from tamiz.data.contracts import Policy, Step
from tamiz.data.image import Image
from tamiz.data.manifest import Manifest
from tamiz.data.tiling import Tiling
from tamiz.descriptors.tiles import VERSION, describe, names_of
from tamiz.formats.refusal import reading
from tamiz.formats.slide import Slide
from tamiz.stages.slide_sources import opened
from tamiz.stages.tiling import Tiles, tile_slide
from tamiz.steps.apply import prepare_image, steps_to_tables

if TYPE_CHECKING:
    from tamiz.engine.bags import Bags

SEED: Final = 0  # of the choice of tiles: a slide gives the same ones in every run
_BATCH: Final = 32
_SLIDES_AT_ONCE: Final = 2


@dataclass(frozen=True, slots=True)
class Embedding:
    """How a slide becomes a bag.

    Attributes:
        tiling: which tiles.
        names: of the descriptors.
        steps: what is done to a tile before it is described (stain normalisation).
        policy: how files become pixels.
    """

    tiling: Tiling
    names: tuple[str, ...]
    steps: tuple[Step, ...]
    policy: Policy

    def key(self, content: str) -> str:
        """Return the name under which the bag of a slide with this content is kept."""
        told = [
            content, asdict(self.tiling), SEED, list(self.names), VERSION,
            steps_to_tables(self.steps), asdict(self.policy),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Bag:
    """One slide's tiles.

    Attributes:
        values: (n, features) float32.
        regions: (n, 4), x, y, width, height in pixels of the full resolution.
    """

    values: NDArray[np.float32]
    regions: NDArray[np.int64]


def bags_of(rows: Manifest, how: Embedding, on_event: OnEvent = ignore) -> tuple[Bags, list[Bag]]:
    """Return the bags of a manifest's slides, in its order.

    What was described before, in whatever run, is read from the user's cache.

    Raises:
        UnreadableItem: a slide cannot be read, or does not say its spacing.
    """
    from tamiz.engine.bags import Bags

    width = len(names_of(how.names))
    pairs = list(rows.rows("path", "content_sha256"))

    def one(pair: tuple[str, str]) -> Bag:
        return _cached(rows.root, *pair, how)

    pool = ThreadPoolExecutor(_SLIDES_AT_ONCE, "tamiz-embed")
    try:
        told = track(
            pool.map(one, pairs),
            on_event,
            stage="train",
            text=text("mil.embedding"),
            total=len(pairs),
        )
        made = list(told)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    values = [bag.values for bag in made]
    return Bags.stacked(values, [path for path, _ in pairs], n_features=width), made


def bag_of(root: Path, path: str, how: Embedding) -> Bag:
    """Return the bag of one slide; nothing is cached.

    Raises:
        UnreadableItem: it cannot be read, lies in an archive, or does not say its spacing.
    """
    with reading(path), opened(root, path, how.policy) as slide:
        tiles = _tiles_of(slide, path, how)
        pixels = slide.tiles(tiles.regions, how.tiling.tile_px)
        parts = [describe(batch, how.names) for batch in _batches(pixels, how.steps)]
    empty = np.zeros((0, len(names_of(how.names))), np.float32)
    return Bag(np.concatenate([empty, *parts]), tiles.regions)


def sample_of_tiles(rows: Manifest, how: Embedding, n: int) -> Iterator[Image]:
    """Yield about `n` tiles of these slides, evenly: what a step is fitted to.

    Raises:
        UnreadableItem: a slide cannot be read.
    """
    paths = rows.column("path")
    each = max(1, n // max(1, len(paths)))
    chosen = paths[:: max(1, len(paths) // n)]
    for path in chosen:
        with reading(path), opened(rows.root, path, how.policy) as slide:
            tiles = _tiles_of(slide, path, how)
            at = np.linspace(0, len(tiles.regions) - 1, min(each, len(tiles.regions)))
            regions = tiles.regions[at.round().astype(int)]
            for pixels in slide.tiles(regions, how.tiling.tile_px):
                yield Image(pixels)


def _tiles_of(slide: Slide, path: str, how: Embedding) -> Tiles:
    """Return a slide's tiles; which they are depends on its name, not on where it lies."""
    return tile_slide(slide, how.tiling, seed=SEED, name=Path(path).name)


def _batches(
    pixels: Iterator[NDArray[np.uint8]], steps: Sequence[Step]
) -> Iterator[NDArray[np.uint8]]:
    batch: list[NDArray[np.uint8]] = []
    for tile in pixels:
        batch.append(prepare_image(Image(tile), steps) if steps else tile)
        if len(batch) == _BATCH:
            yield np.stack(batch)
            batch = []
    if batch:
        yield np.stack(batch)


def _cached(root: Path, path: str, content: str, how: Embedding) -> Bag:
    place = cache_folder() / "bags" / f"{how.key(content)}.safetensors"
    found = _load(place)
    if found is not None:
        return found
    made = bag_of(root, path, how)
    try:
        _save(made, place)
    except (MachineTrouble, WrongUse):  # a full or read-only cache is no reason to stop
        return made
    return made


def _load(place: Path) -> Bag | None:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(place.read_bytes())
        return Bag(arrays["values"], arrays["regions"])
    except (OSError, SafetensorError, KeyError, ValueError):
        return None  # a cache that cannot be read is made again


def _save(bag: Bag, place: Path) -> None:
    from safetensors.numpy import save

    make_folder(place.parent)
    write_bytes(place, save({"values": bag.values, "regions": bag.regions}))
