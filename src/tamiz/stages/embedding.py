"""From slides to bags: every slide's tiles described, once for all runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
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
from tamiz.stages.sharing import check_shared
from tamiz.stages.slides.sources import opened
from tamiz.stages.slides.tiling import Tiles, tile_slide
from tamiz.steps.apply import prepare_image, steps_to_tables
from tamiz.workers.current import in_order, is_elsewhere
from tamiz.workers.registry import Wishes

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
    told = track(
        _cached(rows.root, pairs, how),
        on_event,
        stage="train",
        text=text("mil.embedding"),
        total=len(pairs),
    )
    made = list(told)
    values = [bag.values for bag in made]
    return Bags.stacked(values, [path for path, _ in pairs], n_features=width), made


def bag_of(root: Path, path: str, how: Embedding, *, threads: int = 0) -> Bag:
    """Return the bag of one slide, its blocks decoded by so many threads; nothing is cached.

    Raises:
        UnreadableItem: it cannot be read, lies in an archive, or does not say its spacing.
    """
    with reading(path), opened(root, path, how.policy, threads=threads) as slide:
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


def _cached(root: Path, pairs: Sequence[tuple[str, str]], how: Embedding) -> Iterator[Bag]:
    """Yield the bags of slides, (path, content) each, from the cache where they are in it."""
    wishes = Wishes(n_threads=_SLIDES_AT_ONCE, what="mil")
    if not is_elsewhere():
        yield from in_order(partial(_bag_of_pair, root=root, how=how), pairs, wishes)
        return
    # The cache is this user's on this machine: workers read none and write none.
    places = [_place_of(content, how) for _, content in pairs]
    todo = [path for (path, _), place in zip(pairs, places, strict=True) if not place.is_file()]
    check_shared(root, todo)
    made = in_order(partial(_bag_at, root=root.absolute(), how=how), todo, wishes)
    wanted = set(todo)
    for (path, _), place in zip(pairs, places, strict=True):
        if path in wanted:
            bag = next(made)
            _keep(bag, place)
            yield bag
        else:
            yield _load(place) or bag_of(root, path, how)


def _bag_at(path: str, root: Path, how: Embedding) -> Bag:
    return bag_of(root, path, how, threads=1)


def _bag_of_pair(pair: tuple[str, str], root: Path, how: Embedding) -> Bag:
    path, content = pair
    place = _place_of(content, how)
    found = _load(place)
    if found is not None:
        return found
    made = bag_of(root, path, how)
    _keep(made, place)
    return made


def _place_of(content: str, how: Embedding) -> Path:
    return cache_folder() / "bags" / f"{how.key(content)}.safetensors"


def _keep(bag: Bag, place: Path) -> None:
    with suppress(MachineTrouble, WrongUse):  # a full or read-only cache is no reason to stop
        _save(bag, place)


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
