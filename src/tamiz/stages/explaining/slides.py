"""`explain` where the model reads slides: what each tile did for the answer, as pictures."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.acquisition.remote import at_hand
from tamiz.core.errors import UnreadableItem, WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import locked, make_folder, remove_stale_parts, write_bytes, write_text
from tamiz.core.language import say, text
from tamiz.data.report import (
    Block,
    Finding,
    Findings,
    Paragraph,
    Picture,
    Pictures,
    Report,
    Section,
    Severity,
    Table,
)
from tamiz.formats.png_writing import encode_png
from tamiz.formats.refusal import reading
from tamiz.formats.slide import Slide
from tamiz.formats.slide_writing import reduced_rows, reduced_size, write_pyramid
from tamiz.inputs.find import find_images
from tamiz.slides.heatmap import figure, linear_bar, overlay, ranked, ranked_bar, spread_over
from tamiz.slides.heatmap import linear as by_value
from tamiz.stages.conversion_names import stamp_of
from tamiz.stages.embedding import Bag, Embedding, bag_of
from tamiz.stages.slides.sources import opened
from tamiz.stages.slides.training import embedding_of, slide_options

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

METHODS: Final = ("attention", "occlusion")
_OVERVIEW_PX: Final = 1600
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class ExplainSlides:
    """How slides are explained.

    Attributes:
        by: 'attention', how much each tile counted, or 'occlusion', how much the probability of
            the answer falls when a tile is hidden.
        downsample: of the pyramidal TIFF, a whole number; 0: none is written.
    """

    by: str = "attention"
    downsample: int = 8


@dataclass(frozen=True, slots=True)
class Explained:
    """One slide: its answer and what each tile did for it."""

    path: str
    predicted: str
    probability: float
    n_tiles: int
    picture: Path | None
    problem: str = ""


def explain_slides(
    bundle: Bundle,
    sources: Sequence[Path | str],
    out: Path,
    how: ExplainSlides,
    on_event: OnEvent = ignore,
) -> Report:
    """Draw what a slide model looked at: for each slide a PNG, a pyramidal TIFF and a table.

    All tiles with tissue are explained, also those that the model leaves out of large slides; the
    answer is the one of `predict`. What an interrupted call did is not done again.

    Args:
        bundle: a model of slides.
        sources: slides, folders or tables of them.
        out: folder for `<slide>.png`, `<slide>.tif` and `<slide>.csv`.
        how: by which method, at what scale.
        on_event: told about progress.

    Raises:
        WrongUse: an option is wrong.
        WrongData: a source holds no images.
    """
    _check(how)
    make_folder(out)
    with locked(out):
        remove_stale_parts(out)
        made = list(_work(bundle, sources, out, how, on_event))
    return _report(made, bundle, out, how)


def _check(how: ExplainSlides) -> None:
    if how.by not in METHODS:
        known = ", ".join(METHODS)
        raise WrongUse.of("explain.bad_method", where="--with", name=how.by, known=known)
    if how.downsample < 0:
        raise WrongUse.of("explain.bad_downsample", where="--downsample", value=how.downsample)


def _work(
    bundle: Bundle,
    sources: Sequence[Path | str],
    out: Path,
    how: ExplainSlides,
    on_event: OnEvent,
) -> Iterator[Explained]:
    embedding = embedding_of(bundle)
    names: set[str] = set()
    for source in sources:
        if not at_hand(source, on_event).exists():
            raise WrongUse.of("errors.not_found", where=source)
        found = find_images(Path(source))
        root, paths = found.manifest.root, sorted(set(found.manifest.column("path")))
        for number, path in enumerate(paths):
            on_event(Event("explain", "progress", text("explain.progress"), number, len(paths)))
            name = _free_name(path, names)
            try:
                yield _one(bundle, embedding, (root, path), out / name, how)
            except UnreadableItem as error:
                yield Explained(path, "", math.nan, 0, None, error.reason)
        on_event(Event("explain", "progress", text("explain.progress"), len(paths), len(paths)))


def _free_name(path: str, taken: set[str]) -> str:
    """Return the slide's name without suffix; with a number where another slide has it already."""
    stem = PurePosixPath(path).stem or "slide"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}_{number}", number + 1
    taken.add(name)
    return name


def _one(
    bundle: Bundle, how: Embedding, where: tuple[Path, str], out: Path, asked: ExplainSlides
) -> Explained:
    root, path = where
    told = json.dumps([bundle.identity(), path, stamp_of(root, path), asked.by, asked.downsample])
    kept = out.parent / ".done" / f"{hashlib.sha256(told.encode()).hexdigest()[:32]}.json"
    if kept.is_file() and out.with_name(f"{out.name}.png").is_file():
        facts = json.loads(kept.read_text(encoding="utf-8"))
        return Explained(path, facts[0], facts[1], facts[2], out.with_name(f"{out.name}.png"))
    every = own = bag_of(root, path, how)
    if how.tiling.most and len(own.regions) == how.tiling.most:  # there may be more
        every = bag_of(root, path, replace(how, tiling=replace(how.tiling, most=0)))
    answer, values = _asked_model(bundle, own, every, asked.by)
    with reading(path), opened(root, path, how.policy) as slide:
        picture = _draw(slide, every, values, out, asked)
    _write_table(every, values, out.with_name(f"{out.name}.csv"), asked.by)
    winner = bundle.classes[int(answer.argmax())]
    make_folder(kept.parent)
    write_text(kept, json.dumps([winner, float(answer.max()), len(values)]))
    return Explained(path, winner, float(answer.max()), len(values), picture)


def _asked_model(
    bundle: Bundle, own: Bag, every: Bag, by: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the slide's probabilities, and what each of all its tiles did for them.

    Args:
        bundle: the model.
        own: the tiles that it takes of the slide; its answer rests on these.
        every: all tiles with tissue.
        by: 'attention', summing to 1, or 'occlusion', the fall of the answer's probability.
    """
    from tamiz.engine.bags import Bags
    from tamiz.engine.mil import occlude_mil, predict_mil

    options, n = slide_options(bundle.model, bundle.options), len(bundle.classes)
    bags = Bags.stacked([own.values, every.values])
    answers, attention = predict_mil(bundle.weights, options, bags, n)
    if by == "attention":
        return answers[0], attention[1]
    falls = occlude_mil(bundle.weights, options, bags.take([1]), n)
    return answers[0], falls[:, int(answers[0].argmax())]


def _draw(
    slide: Slide, bag: Bag, values: NDArray[np.float64], out: Path, asked: ExplainSlides
) -> Path:
    """Write the PNG and the pyramid; return the PNG's path."""
    um, size = slide.um_per_px, slide.size_px
    what = say(f"heatmap.{asked.by}")
    if asked.by == "attention":
        shown, bar = ranked(values), ranked_bar(values, what) if len(values) else None
    else:
        most = float(np.abs(values).max(initial=1e-9))
        shown, bar = by_value(values, -most, most), linear_bar(values, what, -most, most)
    over = slide.thumbnail(_OVERVIEW_PX).pixels.astype(np.uint8, copy=False)
    over = over if over.shape[2] == 3 else np.repeat(over, 3, axis=2)
    place = out.with_name(f"{out.name}.png")
    if bar is None:  # no tissue: the slide as it is says so
        write_bytes(place, encode_png(over))
        return place
    heat = spread_over(bag.regions, shown, size, (over.shape[1], over.shape[0]))
    spacing = um and um * size[0] / over.shape[1]
    write_bytes(place, encode_png(figure(over, heat, um_per_px=spacing, bar=bar)))
    if asked.downsample:
        step = asked.downsample
        write_pyramid(
            out.with_name(f"{out.name}.tif"),
            _heated(slide, bag, shown, step),
            reduced_size(size, step),
            um_per_px=um and um * step,
        )
    return place


def _heated(
    slide: Slide, bag: Bag, shown: NDArray[Any], downsample: int
) -> Iterator[NDArray[np.uint8]]:
    """Yield rows of the slide at a fraction of its size, coloured where tiles lie."""
    size = reduced_size(slide.size_px, downsample)
    covered = (size[0] * downsample, size[1] * downsample)  # what is left at the edge is cut off
    for top, block in reduced_rows(slide, downsample):
        heat = spread_over(bag.regions, shown, covered, size, rows=(top, top + len(block)))
        yield overlay(block, heat)


def _write_table(bag: Bag, values: NDArray[np.float64], path: Path, by: str) -> None:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["x", "y", "width", "height", by])
    for region, value in zip(bag.regions.tolist(), values.tolist(), strict=True):
        writer.writerow([*region, repr(value)])
    write_text(path, lines.getvalue())


def _report(made: Sequence[Explained], bundle: Bundle, out: Path, how: ExplainSlides) -> Report:
    good = [one for one in made if not one.problem]
    rows = tuple((one.path, one.predicted, one.probability, one.n_tiles) for one in good[:50])
    columns = (
        text("explain.slide"),
        text("predict.class"),
        text("predict.probability"),
        text("explain.tiles"),
    )
    blocks: list[Block] = [
        Paragraph(text("explain.sentence", n=len(good), out=str(out))),
        Table(columns, rows, text("explain.caption")),
        Paragraph(text(f"explain.{how.by}")),
    ]
    bad = tuple(f"{one.path}: {one.problem}" for one in made if one.problem)
    empty = tuple(one.path for one in good if not one.n_tiles)
    findings = []
    if bad:
        what = text("explain.unreadable", n=len(bad))
        findings.append(Finding(Severity.WARNING, what, items=bad[:20]))
    if empty:
        what = text("explain.empty", n=len(empty))
        findings.append(Finding(Severity.WARNING, what, items=empty[:20]))
    if findings:
        blocks.insert(1, Findings(tuple(findings)))
    pictures = [Picture(one.picture.read_bytes(), one.path) for one in good[:_SHOWN] if one.picture]
    title = text("explain.title")
    section = Section("explain", title, (*blocks, Pictures(tuple(pictures))))
    values = {
        "model": bundle.identity(),
        "slides": [
            {
                "path": one.path,
                "predicted": one.predicted or None,
                "probability": None if one.problem else one.probability,
                "tiles": one.n_tiles,
                "problem": one.problem,
            }
            for one in made
        ],
    }
    return Report("explain", title, (section,), tuple(blocks), {"explain": values})
