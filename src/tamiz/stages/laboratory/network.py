"""`lab network`: the arithmetic of a network, from a text, a name or a recipe."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.language import Text, text
from tamiz.core.recipe_io import load_recipe
from tamiz.data.report import (
    Block,
    Cell,
    Chart,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Series,
    Severity,
    Table,
)
from tamiz.lab.layer_text import layers_from_text, shape_from_text
from tamiz.lab.layers import (
    BYTES_PER_NUMBER,
    UNUSED,
    LayerRow,
    place_words,
    rows_of,
    shape_words,
)
from tamiz.rendering.charts import chart_png
from tamiz.stages.lab import finished

_MOST_IN_TERMINAL: Final = 24
_NO_SHAPE: Final = "-"
_BASE: Final = "base."  # where a published network stands within ours; readers know its own names
_IMAGENET: Final = 1000
_MOST_CLASSES: Final = 1_000_000
_DEFAULT_SIDE: Final = 224
# What libraries raise where an input is too small, or of a size that the network cannot take.
_MISFIT: Final = (RuntimeError, AssertionError, ValueError, IndexError, ZeroDivisionError)


@dataclass(frozen=True, slots=True)
class NamedNetwork:
    """A network that is asked for by name.

    Attributes:
        name: as in `[model] name = ...`.
        shape: (height, width, channels) of its input, a square.
        n_classes: that it tells apart.
        options: of the model.
    """

    name: str
    shape: tuple[int, int, int]
    n_classes: int = _IMAGENET
    options: tuple[tuple[str, object], ...] = ()


def network_of_layers(
    layers: str, input_size: str, *, is_strict: bool = False, out: Path | None = None
) -> Report:
    """Show a network written as text, layer by layer.

    Args:
        layers: such as 'conv 64 3 relu; pool 2; flatten; dense 10 softmax'.
        input_size: '28x28x1', or '784' for a row of numbers.
        is_strict: a stride that does not fit is an error, not a note.
        out: folder for layers.csv, parameters.png and report.html.

    Raises:
        WrongUse: a layer is not understood or does not fit its input: says which, why and what
            would fit.
    """
    shape = shape_from_text(input_size)
    rows = rows_of(layers_from_text(layers), shape)
    findings = _left_overs(rows, is_strict=is_strict)
    return _report(rows, shape, findings, out, name="")


def network_named(asked: NamedNetwork, out: Path | None = None) -> Report:
    """Show a network by name, layer by layer; its weights are neither loaded nor made.

    Args:
        asked: which, and its input.
        out: as `network_of_layers`.

    Raises:
        WrongUse: there is no such network, it reads slides or is none, an option is wrong, or it
            does not take such an input.
    """
    from tamiz.engine.layer_table import layer_rows
    from tamiz.models.registry import MODELS, InputShape
    from tamiz.steps.tables import build_options

    height, width, channels = asked.shape
    if height != width:
        raise WrongUse.of("lab_network.not_square", where="--input", side=max(height, width),
                          shape=shape_words(asked.shape))  # fmt: skip
    if not 1 <= asked.n_classes <= _MOST_CLASSES:
        raise WrongUse.of("lab_network.bad_classes", where="--classes", n=asked.n_classes)
    spec = MODELS.get(asked.name)
    if spec.reads == "slides":
        raise WrongUse.of("lab_network.reads_slides", where="--model", name=asked.name)
    if spec.learns == "at once":
        raise WrongUse.of("lab_network.no_network", where="--model", name=asked.name)
    shape = InputShape(channels, height, asked.n_classes)
    options = build_options(spec.options, dict(asked.options), "model.options")
    spec.check(shape, options)
    own = spec.preferred.size_px if spec.preferred else _DEFAULT_SIDE
    try:
        rows = layer_rows(lambda: spec.build(shape, options), asked.shape)
    except _MISFIT as error:
        reason = " ".join(str(error).split())[:160]
        raise WrongUse.of("lab_network.does_not_run", where=asked.name, reason=reason, own=own,
                          shape=shape_words(asked.shape)) from error  # fmt: skip
    return _report(rows, asked.shape, (), out, name=asked.name)


def network_of_recipe(
    path: Path, *, n_classes: int | None = None, out: Path | None = None
) -> Report:
    """Show the network that a recipe asks for, at its own size.

    Args:
        path: a recipe, or the recipe.toml of a run, which knows its classes.
        n_classes: None: those of the run.
        out: as `network_of_layers`.

    Raises:
        WrongUse: as `network_named`; or nothing says how many classes there are.
    """
    recipe = load_recipe(path)
    if n_classes is None:
        n_classes = _classes_of_run(path.absolute().parent)
    if n_classes is None:
        raise WrongUse.of("lab_network.no_classes", where=path)
    side, channels = recipe.prepare.size_px, recipe.prepare.channels
    options = tuple(recipe.model.options.items())
    asked = NamedNetwork(recipe.model.name, (side, side, channels), n_classes, options)
    return network_named(asked, out)


def _classes_of_run(folder: Path) -> int | None:
    from tamiz.data.run_folder import Run

    run = Run(folder)
    return len(run.manifest().classes()) if run.exists else None


def input_shape(words: str) -> tuple[int, int, int]:
    """Return (height, width, channels) of '224x224x3'.

    Raises:
        WrongUse: it is no such size.
    """
    shape = shape_from_text(words)
    if len(shape) != 3:
        raise WrongUse.of("lab_network.bad_input", where="--input", words=words)
    return shape


def _left_overs(rows: Sequence[LayerRow], *, is_strict: bool) -> tuple[Finding, ...]:
    """Return a note for each layer whose stride does not fit what arrives."""
    findings = []
    for number, row in enumerate(rows, start=1):
        misfit = next((one for one in row.sizes if one.left_over), None)
        if misfit is None:
            continue
        size = misfit.words.partition(" →")[0]
        if is_strict:
            where = place_words(number, row.name)
            raise WrongUse.of("lab_network.stride_misfit", where=where, size=size)
        facts = {"number": number, "words": row.name, "size": size, "n": misfit.left_over}
        findings.append(
            Finding(
                Severity.NOTE,
                text("lab_network.left_over", **facts),
                text("lab_network.left_over_advice"),
            )
        )
    return tuple(findings)


def _report(
    rows: Sequence[LayerRow],
    shape: tuple[int, ...],
    findings: tuple[Finding, ...],
    out: Path | None,
    *,
    name: str,
) -> Report:
    totals = _totals(rows)
    numbers = totals["activation_numbers"]
    start: list[Block] = [
        Paragraph(
            text(
                "lab_network.told",
                shape=shape_words(shape),
                n=totals["parameters"],
                multiply_adds=totals["multiply_adds"],
            )
        ),
        Paragraph(
            text(
                "lab_network.memory",
                weights=_size_words(totals["parameters"] * BYTES_PER_NUMBER),
                activations=_size_words(numbers * BYTES_PER_NUMBER),
                numbers=numbers,
            )
        ),
    ]
    if findings:
        start.append(Findings(findings))
    layers, sums = _layer_table(rows, totals), _sum_table(rows)
    notes = Paragraph(text("lab_network.notes"))
    chart = _chart(rows)
    is_long = len(rows) > _MOST_IN_TERMINAL
    short: list[Block] = [layers, sums, notes]
    if is_long:
        short = [_block_table(rows, totals), Paragraph(text("lab_network.all_layers", n=len(rows))),
                 notes]  # fmt: skip
    page: list[Block] = [*start, *((_block_table(rows, totals),) if is_long else ()), chart]
    title = text("lab_network.title")
    sections = (
        Section("network", title, tuple(page)),
        Section("layers", text("lab_network.layers"), (layers, notes)),
        Section("sums", text("lab_network.sums"), (sums,)),
    )
    values = {"model": name, "input": list(shape), **totals, "layers": [_plain(r) for r in rows]}
    files = {} if out is None else {"layers.csv": _csv(rows), "parameters.png": chart_png(chart)}
    return finished(Report("lab", title, sections, (*start, *short), {"lab": values}), files, out)


def _totals(rows: Sequence[LayerRow]) -> dict[str, int]:
    return {
        "parameters": sum(row.parameters for row in rows),
        "multiply_adds": sum(row.multiply_adds for row in rows),
        "activation_numbers": sum(row.numbers for row in rows),
    }


def _size_words(n_bytes: int) -> str:
    if n_bytes < 2**20:
        return f"{n_bytes / 2**10:.1f} KiB"
    return f"{n_bytes / 2**20:.1f} MiB"


def _name(row: LayerRow) -> Text | str:
    return text("lab_network.unused") if row.block == UNUSED else row.name.removeprefix(_BASE)


def _field_words(row: LayerRow) -> str:
    return shape_words(row.receptive) if row.receptive else _NO_SHAPE


def _widest(rows: Sequence[LayerRow]) -> str:
    """Return the widest field of a block: its last layer may be a shortcut that sees less."""
    fields = [row.receptive for row in rows if row.shape]
    known = [one for one in fields if one is not None]
    if not known or len(known) < len(fields):
        return _NO_SHAPE
    return shape_words((max(one[0] for one in known), max(one[1] for one in known)))


def _columns(first: str, *names: str) -> tuple[Text, ...]:
    return tuple(text(f"lab_network.column_{name}") for name in (first, *names))


def _layer_table(rows: Sequence[LayerRow], totals: dict[str, int]) -> Table:
    cells: list[tuple[Cell, ...]] = [
        (
            _name(row),
            shape_words(row.shape) or _NO_SHAPE,
            row.parameters,
            row.multiply_adds,
            _field_words(row),
            _kib(row.numbers),
        )
        for row in rows
    ]
    cells.append(_total_cells(totals))
    names = ("output", "parameters", "multiply_adds", "field", "kib")
    return Table(_columns("layer", *names), tuple(cells))


def _total_cells(totals: dict[str, int]) -> tuple[Cell, ...]:
    parameters, multiply_adds = totals["parameters"], totals["multiply_adds"]
    kib = _kib(totals["activation_numbers"])
    return (text("lab_network.total"), "", parameters, multiply_adds, "", kib)


def _kib(numbers: int) -> float:
    return numbers * BYTES_PER_NUMBER / 2**10


def _sum_table(rows: Sequence[LayerRow]) -> Table:
    """Return for each layer how its size and its parameters come about."""
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        sizes = list(dict.fromkeys(one.words for one in row.sizes))
        if sizes or row.formula:
            sums = text("lab_network.equals", formula=row.formula, n=row.parameters)
            cells.append((_name(row), "; ".join(sizes), sums if row.formula else ""))
    caption = text("lab_network.sums_caption")
    return Table(_columns("layer", "size", "formula"), tuple(cells), caption)


def _block_table(rows: Sequence[LayerRow], totals: dict[str, int]) -> Table:
    """Return the layers gathered by the first parts of their names, in at most 24 rows."""
    blocks = _blocks(rows)
    cells: list[tuple[Cell, ...]] = []
    for name, some in blocks:
        last = next((row for row in reversed(some) if row.shape), some[-1])
        sums = _totals(some)
        cells.append(
            (
                text("lab_network.unused") if name == UNUSED else f"{name} ({len(some)})",
                shape_words(last.shape) or _NO_SHAPE,
                sums["parameters"],
                sums["multiply_adds"],
                _widest(some),
                _kib(sums["activation_numbers"]),
            )
        )
    cells.append(_total_cells(totals))
    names = ("output", "parameters", "multiply_adds", "field", "kib")
    return Table(_columns("block", *names), tuple(cells))


def _blocks(rows: Sequence[LayerRow]) -> list[tuple[str, list[LayerRow]]]:
    """Return neighbouring layers gathered as finely as fits into a terminal."""
    made: list[tuple[str, list[LayerRow]]] = []
    for depth in range(1, 12):
        found: list[tuple[str, list[LayerRow]]] = []
        for row in rows:
            parts = row.block.removeprefix(_BASE).split(".")
            name = ".".join(parts[:depth]) or row.name
            if not found or found[-1][0] != name:
                found.append((name, []))
            found[-1][1].append(row)
        if made and (len(found) > _MOST_IN_TERMINAL or len(found) == len(made)):
            if len(found) > _MOST_IN_TERMINAL:
                break
            continue
        made = found
    return made


def _chart(rows: Sequence[LayerRow]) -> Chart:
    """Return a bar of parameters for each layer, or block, that has some."""
    if len(rows) > _MOST_IN_TERMINAL:
        pairs = [(name, _totals(some)["parameters"]) for name, some in _blocks(rows)]
    else:
        pairs = [
            (f"{n} {row.name.removeprefix(_BASE)}", row.parameters)
            for n, row in enumerate(rows, start=1)
        ]
    kept = [(name, n) for name, n in pairs if n]
    most = max((n for _, n in kept), default=0)
    unit = next(one for one in (1_000_000, 1000, 1) if most >= 5 * one or one == 1)
    names, counts = tuple(name for name, _ in kept), tuple(n / unit for _, n in kept)
    label = text(f"lab_network.parameters_{unit}")
    series = (Series(label, names, counts),)
    return Chart("bar", label, text("lab_network.column_layer"), label, series)


def _plain(row: LayerRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "output": list(row.shape),
        "parameters": row.parameters,
        "formula": row.formula,
        "multiply_adds": row.multiply_adds,
        "receptive_field": list(row.receptive) if row.receptive else None,
        "sizes": [one.words for one in row.sizes],
        "activation_bytes": row.numbers * BYTES_PER_NUMBER,
    }


def _csv(rows: Sequence[LayerRow]) -> bytes:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["layer", "output", "parameters", "multiply_adds", "receptive_field",
                     "activation_bytes", "size", "formula"])  # fmt: skip
    for row in rows:
        sizes = "; ".join(dict.fromkeys(one.words for one in row.sizes))
        writer.writerow([row.name, shape_words(row.shape), row.parameters, row.multiply_adds,
                         shape_words(row.receptive or ()), row.numbers * BYTES_PER_NUMBER,
                         sizes, row.formula])  # fmt: skip
    return lines.getvalue().encode("utf-8")
