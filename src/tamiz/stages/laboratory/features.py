"""`lab features`: learnt kernels and the maps they make of one image, layer by layer."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.language import text
from tamiz.data.ledger import safe_cell
from tamiz.data.report import Block as ReportBlock
from tamiz.data.report import Paragraph, Picture, Pictures, Report, Section, Table
from tamiz.formats.png_writing import encode_png
from tamiz.lab.layers import shape_words
from tamiz.models.registry import MODELS
from tamiz.stages.lab import finished
from tamiz.stages.laboratory.drawing import kernels_grid, maps_grid
from tamiz.stages.laboratory.looking import network_asked, networks_of, one_image
from tamiz.stages.pictures import picture_of
from tamiz.steps.apply import prepare_image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tamiz.data.image import Image
    from tamiz.engine.explaining.maps import Block, LayerSeen
    from tamiz.models.bundle import Bundle

STAGE: Final = "lab"
_ROWS_SHOWN: Final = 24


@dataclass(frozen=True, slots=True)
class LookInside:
    """What of a network is shown.

    Attributes:
        layers: how many convolutions are drawn, evenly taken from the first to the last; or the
            names of some, in commas.
        image: which image of the source, from 1.
        weights: file of a pretrained network's weights; None: the public ones.
    """

    layers: str = "6"
    image: int = 1
    weights: Path | None = None


def lab_features(
    model: Path | str,
    source: Path | str,
    out: Path,
    how: LookInside | None = None,
    on_event: OnEvent = ignore,
) -> Report:
    """Draw what a network has learnt to look for, and what it finds in one image.

    Pictures (PNG), `layers.csv` with every layer, and `report.html` are written into `out`. Of an
    ensemble the first network is shown.

    Args:
        model: folder of a model or of its run, or the name of a pretrained network.
        source: an image, or a source of images.
        out: folder for all that is made.
        how: see `LookInside`.
        on_event: told about progress.

    Raises:
        WrongUse: there is no such model, image or layer, or the model reads slides.
        WrongData: the bundle is damaged.
    """
    how = how or LookInside()
    wanted = _wanted(how.layers)
    bundle = networks_of(network_asked(str(model), how.weights))[0]
    if MODELS.get(bundle.model).learns == "at once":
        raise WrongUse.of("lab_learnt.no_layers", where=model, name=bundle.model)
    name, image = one_image(Path(source), how.image, bundle.policy)
    inputs = prepare_image(image, bundle.steps)
    from tamiz.engine.explaining.maps import blocks_of, dense_filters, layers_at_work
    from tamiz.engine.explaining.subject import Asking, Subject, as_values

    on_event(Event(STAGE, "start"))
    net, values = Subject.of(bundle, Asking()).net, as_values(inputs[np.newaxis])
    seen = layers_at_work(net, values)
    try:
        blocks = blocks_of(net, values, wanted)
    except KeyError as error:
        known = ", ".join(one.name for one in seen if len(one.shape) == 3) or "-"
        raise WrongUse.of(
            "lab_learnt.no_such_layer", where="--layers", name=error.args[0], known=known
        ) from error
    files: dict[str, bytes] = {}
    sections = [_seen_section(name, image, inputs)]
    for number, block in enumerate(blocks, start=1):
        sections.append(_block_section(block, number, files, is_first=block.name == _first(seen)))
        on_event(Event(STAGE, "progress", text("lab_learnt.drawing"), number, len(blocks)))
    if not blocks:
        sections.append(_dense_section(dense_filters(net, values), bundle, files))
    files["layers.csv"] = _layers_csv(seen)
    on_event(Event(STAGE, "end"))
    return finished(_report(bundle, (name, seen, blocks), sections), files, out)


def _wanted(words: str) -> int | list[str]:
    """Return how many layers, or which.

    Raises:
        WrongUse: fewer than one.
    """
    names = [word.strip() for word in words.split(",") if word.strip()]
    if len(names) == 1 and re.fullmatch(r"-?[0-9]+", names[0]):
        if int(names[0]) < 1:
            raise WrongUse.of("lab_learnt.bad_length", where="--layers", value=names[0])
        return int(names[0])
    if not names:
        raise WrongUse.of("lab_learnt.bad_length", where="--layers", value=f"'{words}'")
    return names


def _first(seen: Sequence[LayerSeen]) -> str:
    return next((one.name for one in seen if one.kind == "Conv2d"), "")


def _seen_section(name: str, image: Image, inputs: NDArray[np.uint8]) -> Section:
    """Return what the network was shown."""
    grey = inputs[:, :, :1] if inputs.shape[2] == 2 else inputs[:, :, :3]
    shown = encode_png(np.ascontiguousarray(grey if grey.shape[2] > 1 else grey[:, :, 0]))
    words = text("lab_learnt.as_read", shape=shape_words(inputs.shape))
    pictures = (picture_of(image, name), Picture(shown, words))
    return Section("image", text("lab_learnt.image"), (Pictures(pictures),))


def _block_section(
    block: Block, number: int, files: dict[str, bytes], *, is_first: bool
) -> Section:
    """Return the kernels and the maps of one convolution; draw them."""
    kernels, maps = kernels_grid(block.kernels, is_colour=is_first), maps_grid(block.maps)
    n_filters, n_channels, high, wide = block.kernels.shape
    facts = {"n": len(kernels.numbers), "all": n_filters, "size": f"{high}x{wide}"}
    if (high, wide) == (1, 1):
        key = "kernels_of_one"
    else:
        key = "kernels_first" if is_first or n_channels == 1 else "kernels_deeper"
    caption = text(f"lab_learnt.{key}", n_channels=n_channels, **facts)
    place = re.sub(r"[^A-Za-z0-9]+", "-", block.name).strip("-")
    first = encode_png(kernels.pixels)
    zeros = float((block.maps == 0).mean())
    dead = int((block.maps == 0).all(axis=(1, 2)).sum())
    words = text(
        "lab_learnt.maps",
        n=len(maps.numbers),
        all=len(block.maps),
        layer=block.shown,
        size=shape_words(block.maps.shape[1:]),
        zeros=zeros,
        dead=dead,
        low=float(block.maps.min()),
        high=float(block.maps.max()),
    )
    second = encode_png(maps.pixels)
    files |= {f"kernels-{number}-{place}.png": first, f"maps-{number}-{place}.png": second}
    pictures = (Pictures((Picture(first, caption),)), Pictures((Picture(second, words),)))
    title = text("lab_learnt.layer_title", number=number, name=block.name)
    return Section(f"layer-{number}", title, pictures)


def _dense_section(
    found: tuple[str, NDArray[np.float32]], bundle: Bundle, files: dict[str, bytes]
) -> Section:
    """Return the weights of a network without convolutions, drawn as the images they read."""
    name, weights = found
    title = text("lab_learnt.dense")
    if not name:
        return Section("dense", title, (Paragraph(text("lab_learnt.nothing_to_draw")),))
    grid = kernels_grid(weights, is_colour=True)
    n = len(grid.numbers)
    is_output = len(weights) == len(bundle.classes)
    names = ", ".join(f"{at}: {bundle.classes[at]}" for at in grid.numbers) if is_output else "-"
    key = "weights_of_classes" if is_output else "weights_of_units"
    words = text(f"lab_learnt.{key}", n=n, all=len(weights), layer=name, names=names)
    files["weights.png"] = encode_png(grid.pixels)
    picture = Picture(files["weights.png"], words)
    return Section("dense", title, (Pictures((picture,)),))


def _report(
    bundle: Bundle,
    found: tuple[str, Sequence[LayerSeen], Sequence[Block]],
    sections: Sequence[Section],
) -> Report:
    name, seen, blocks = found
    title = text("lab_learnt.features_title")
    lead = Paragraph(
        text(
            "lab_learnt.features_lead",
            model=bundle.model,
            name=name,
            n_layers=len(seen),
            n=len(blocks),
        )
    )
    first = Section("network", title, (lead,))
    table = Section("layers", text("lab_learnt.layers"), (_layers_table(seen, len(seen)),))
    brief: tuple[ReportBlock, ...] = (lead, _layers_table(seen, _ROWS_SHOWN))
    values = {
        "model": bundle.model,
        "image": name,
        "layers": [{**asdict(one), "shape": list(one.shape)} for one in seen],
        "drawn": [
            {"convolution": one.name, "maps_of": one.shown, "kernels": list(one.kernels.shape)}
            for one in blocks
        ],
    }
    return Report(STAGE, title, (first, *sections, table), brief, {STAGE: values})


def _layers_table(seen: Sequence[LayerSeen], most: int) -> Table:
    """Return the layers, at most so many of them, evenly taken."""
    n = min(most, len(seen))
    at = np.linspace(0, len(seen) - 1, n).round().astype(int).tolist() if n else []
    rows = tuple(
        (
            one.name,
            one.kind,
            shape_words(one.shape),
            one.n_parameters,
            f"{one.zeros:.1%}",
            _short(one.low),
            _short(one.high),
        )
        for one in (seen[place] for place in at)
    )
    words = ("layer", "kind", "shape", "parameters", "zeros", "lowest", "highest")
    columns = tuple(text(f"lab_learnt.col_{word}") for word in words)
    caption = text("lab_learnt.layers_caption", n=n, all=len(seen))
    return Table(columns, rows, caption)


def _short(value: float) -> str:
    """Return a number with three digits, and whole ones of up to six without an exponent."""
    return f"{value:.0f}" if 1000 <= abs(value) < 1e6 else f"{value:.3g}"


def _layers_csv(seen: Sequence[LayerSeen]) -> bytes:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["layer", "kind", "shape", "parameters", "zeros", "lowest", "highest"])
    for one in seen:
        numbers = [one.n_parameters, one.zeros, one.low, one.high]
        writer.writerow([safe_cell(one.name), one.kind, shape_words(one.shape), *numbers])
    return lines.getvalue().encode()
