"""Rates of somebody's own files on this machine, from a small sample of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.checks.measures import measure_all
from tamiz.core.errors import UnreadableItem, WrongData
from tamiz.core.events import Event, OnEvent
from tamiz.core.language import text
from tamiz.core.recipe import DataOptions, ModelOptions, PrepareOptions, TrainOptions
from tamiz.core.seeds import position_of
from tamiz.data.image import Region
from tamiz.data.manifest import Manifest
from tamiz.data.tiling import Tiling
from tamiz.descriptors.described import Described, preset
from tamiz.formats.files import locate
from tamiz.formats.png_writing import encode_png
from tamiz.formats.reader import Reader, policy_from
from tamiz.formats.regions import place_of
from tamiz.formats.slide import Slide
from tamiz.inputs.find import find
from tamiz.stages.costing.model import KindRates, Line, Rate, together
from tamiz.stages.slides.sources import opened
from tamiz.stages.slides.tiling import tile_slide
from tamiz.steps.apply import input_steps, prepare_image

LEAST: Final = 3  # items: fewer have no interval
_MOST_ITEMS: Final = 400
_REPEATS: Final = 3  # of what is timed as a whole
_STEPS_S: Final = 0.5  # of the network's steps, each time
_LONG_S: Final = 5.0  # of finding the files: after that it is not repeated
_TILES_READ: Final = 4  # of a slide
_SCALE: Final = 0.05
_CLASSES: Final = 2
_LOOK_PX: Final = 64


@dataclass(frozen=True, slots=True)
class Measuring:
    """How a sample is measured.

    Attributes:
        seconds: about how long the items may take; the network's steps take up to an eighth of it,
            three times.
        model: the network whose steps are timed.
        size_px: side of its input.
    """

    seconds: float = 4.0
    model: str = "resnet18"
    size_px: int = 224


def measure_kind(
    source: str, kind: str, how: Measuring, on_event: OnEvent
) -> tuple[KindRates, int]:
    """Return the rates of a source's items, and how many items it has.

    The sample is drawn by a hash of the names, so the same files are drawn each time. Seconds
    are the processor's: what the disk or other programs make it wait for is not among them.

    Args:
        source: a folder, a table or a file.
        kind: 'images', 'slices' or 'slides'.
        how: see there.
        on_event: told what is measured.

    Raises:
        WrongData: nothing is there, or not one item of the sample can be read.
    """
    options = DataOptions(source=source, missing_files="keep")
    if kind == "slides":
        options = replace(options, max_megapixels=1e7, max_aspect=1e6)
    on_event(Event("cost", "progress", text("cost.measuring")))
    found, index_s = _indexed(options)
    rows = found.where(fate=None)
    order = sorted(range(len(rows)), key=lambda at: position_of(rows.column("item")[at], 0))
    drawn = rows.take(order[:_MOST_ITEMS])
    timed = _slides if kind == "slides" else _pictures
    with Reader(drawn.root, policy_from(options)) as reader:
        made = list(_within(timed(drawn, reader, how), how.seconds))
    if not made:
        raise WrongData.of("cost.nothing_read", where=source, n=min(len(rows), _MOST_ITEMS))
    facts = {name: [one[name] for one in made] for name in made[0]}
    seconds = {name: Rate.of(values) for name, values in facts.items() if name[0] != "."}
    seconds["index"] = Rate.of(index_s)
    if kind != "slides":
        on_event(Event("cost", "progress", text("cost.timing_steps", model=how.model)))
        steps = step_rates(how)
        seconds["train"] = steps[0]
        seconds["predict"] = together([seconds["prepare"], steps[1]])
    of_area = {}
    if kind == "slides":
        sizes = facts[".megapixels"]
        of_area = {
            name: Line.through(sizes, facts[name]) for name in ("prepare", "tiles", "describe")
        }
    names = (".bytes", ".cache", ".megapixels", ".tiles")
    source_bytes, cache, megapixels, tiles = (Rate.of(facts[name]) for name in names)
    return KindRates(seconds, source_bytes, cache, megapixels, tiles, of_area), len(rows)


def _indexed(options: DataOptions) -> tuple[Manifest, list[float]]:
    """Return the rows, and the seconds for each of them, several times where that is quick.

    What finding takes for a single file is taken off: that comes once, however many there are.
    """
    manifest = find(options).manifest  # also loads what is loaded once
    file = place_of(manifest.column("path")[0].partition("!/")[0]).file
    alone = DataOptions(source=locate(manifest.root, file), missing_files="keep")
    seconds: list[float] = []
    while len(seconds) < _REPEATS:
        _, whole = _timed(lambda: find(options))
        _, single = _timed(lambda: find(alone)) if len(manifest) > 1 else (None, 0.0)
        seconds.append(max(0.0, whole - single) / max(1, len(manifest) - 1))
        if sum(seconds) * len(manifest) > _LONG_S:
            break
    return manifest, seconds


def _within(items: Iterator[dict[str, float]], seconds: float) -> Iterator[dict[str, float]]:
    """Yield measurements until the time is over, at least `LEAST` of them."""
    started = time.monotonic()
    for n, one in enumerate(items, start=1):
        yield one
        if n >= LEAST and time.monotonic() - started > seconds:
            return


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.process_time()
    made = work()
    return made, time.process_time() - started


def _pictures(rows: Manifest, reader: Reader, how: Measuring) -> Iterator[dict[str, float]]:
    """Yield the seconds of each stage for one picture after the other; the first warms up."""
    prepare = PrepareOptions(size_px=how.size_px, channels=3)
    steps = input_steps(prepare)
    numbers = preset("workflow-c")
    is_warm = False
    for path, frame in rows.rows("path", "frame"):
        try:
            one = _picture(path, frame, reader, (steps, numbers))
            if not is_warm:  # what is loaded at its first use is no cost of an image
                is_warm, one = True, _picture(path, frame, reader, (steps, numbers))
        except UnreadableItem:
            continue
        one[".bytes"] = float(_size(reader.root, path))
        one[".cache"] = float(3 * how.size_px**2)
        yield one


def _picture(
    path: str, frame: int, reader: Reader, how: tuple[Sequence[Any], Described]
) -> dict[str, float]:
    steps, numbers = how
    facts, check_s = _timed(lambda: reader.examine(path, frame))
    _, explore_s = _timed(lambda: measure_all([reader.look(path, frame)], _LOOK_PX))
    image, read_s = _timed(lambda: reader.read(path, frame))
    _, prepare_s = _timed(lambda: prepare_image(image, steps))
    pixels = image.pixels.astype(np.uint8, copy=False)
    _, describe_s = _timed(lambda: numbers(pixels[None]))
    return {
        "check": check_s,
        "explore": explore_s,
        "prepare": read_s + prepare_s,
        "describe": read_s + describe_s,
        ".megapixels": facts.width_px * facts.height_px / 1e6,
        ".tiles": 1.0,
    }


def _slides(rows: Manifest, reader: Reader, _how: Measuring) -> Iterator[dict[str, float]]:
    """Yield the seconds of each stage for one slide after the other."""
    numbers = preset("workflow-c")
    for path in dict.fromkeys(rows.column("path")):
        try:
            yield _slide(path, reader, numbers) | {".bytes": float(_size(reader.root, path))}
        except UnreadableItem:
            continue


def _slide(path: str, reader: Reader, numbers: Described) -> dict[str, float]:
    with opened(reader.root, path, reader.policy, threads=1) as slide:
        width, height = slide.size_px
        size = max(1, round(width * _SCALE)), max(1, round(height * _SCALE))
        packed, prepare_s = _timed(lambda: encode_png(slide.read(size_px=size).pixels))
        spacing = Tiling() if slide.um_per_px else Tiling(downsample=2.0)
        made, tiles_s = _timed(lambda: tile_slide(slide, spacing, seed=0, name=path))
        n = len(made.regions)
        at = sorted({round(one) for one in np.linspace(0, n - 1, min(n, _TILES_READ))})
        tile_s = [_describe_s(slide, made.regions[one], numbers) for one in at]
    described_s = n * sum(tile_s) / len(tile_s) if tile_s else 0.0
    return {
        "prepare": prepare_s,
        "tiles": tiles_s,
        "describe": described_s,
        ".cache": float(len(packed) + 4 * n * len(numbers.columns())),
        ".megapixels": width * height / 1e6,
        ".tiles": float(n),
    }


def _describe_s(slide: Slide, region: NDArray[np.int64], numbers: Described) -> float:
    """Return the seconds of reading a tile and of its numbers."""
    side = Tiling().tile_px
    started = time.process_time()
    image = slide.read(Region(*map(int, region)), size_px=(side, side))
    numbers(image.pixels.astype(np.uint8, copy=False)[None])
    return time.process_time() - started


def step_rates(how: Measuring) -> tuple[Rate, Rate]:
    """Return the seconds for each image of a training step and of a forward pass, on one core."""
    from tamiz.engine.costing import cost_of
    from tamiz.models.registry import InputShape

    train = TrainOptions(device="cpu", precision="float32", threads=1, batch_size=16, epochs=1)
    shape = InputShape(3, how.size_px, _CLASSES)
    training, forward = [], []
    for _ in range(_REPEATS):
        started, spent = time.perf_counter(), time.process_time()
        one = cost_of(
            ModelOptions(how.model), train, shape, limit_s=min(_STEPS_S, how.seconds / 8)
        ).stages[-1]
        # `cost_of` looks at the clock; what other programs took of it is no cost of a step
        share = min(1.0, (time.process_time() - spent) / (time.perf_counter() - started))
        training.append(share * one.train_s)
        forward.append(share * one.val_s)
    return Rate.of(training), Rate.of(forward)


def _size(root: Path, path: str) -> int:
    """Return the bytes of an item's file; of an archive's or array's member those of the whole."""
    return Path(locate(root, place_of(path.partition("!/")[0]).file)).stat().st_size
