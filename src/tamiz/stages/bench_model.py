"""`bench-model`: how fast models answer on this machine, and how much memory they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.language import Text, text
from tamiz.data.report import (
    Block,
    Cell,
    Estimate,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Severity,
    Table,
)
from tamiz.models.onnx_file import threads_here
from tamiz.stages.asked_models import AskedModel, asked_model
from tamiz.stages.model_memory import peak_mib
from tamiz.stages.model_timing import CONFIDENCE, Call, estimate_of, timed

STAGE: Final = "bench-model"
_EQUAL: Final = 1e-3
_N_COMPARED: Final = 16
_N_PROCESSES: Final = 3


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """What is measured.

    Attributes:
        batch: images at once for the throughput.
        blocks: timed blocks of each model.
        side_px: of the square decoded images.
        threads: to compute with; 0: as many as cores.
    """

    batch: int = 16
    blocks: int = 12
    side_px: int = 256
    threads: int = 0

    def check(self) -> None:
        """Raise `WrongUse` where a number is too low."""
        for name, least in (("batch", 1), ("blocks", 3), ("side_px", 1), ("threads", 0)):
            if getattr(self, name) < least:
                flag = f"--{name.removesuffix('_px').replace('_', '-')}"
                found = getattr(self, name)
                raise WrongUse.of("bench_model.too_low", where=flag, found=found, least=least)


@dataclass(frozen=True, slots=True)
class _Figures:
    model: AskedModel
    latency_ms: Estimate
    throughput: Estimate
    memory_mib: Estimate
    latency_ratio: Estimate | None
    throughput_ratio: Estimate | None
    dp: float = 0.0


def bench_model(
    models: Sequence[Path | str],
    options: BenchOptions | None = None,
    on_event: OnEvent = ignore,
) -> Report:
    """Return speed and peak memory of models, measured in turn, with intervals over blocks.

    The last model is what the others are compared with. Before anything is timed all are asked
    about the same images, and where answers differ by 0.001 or more the report says so.

    Args:
        models: ONNX files of `export`, folders of models or runs.
        options: what is measured.
        on_event: told about progress.

    Raises:
        WrongUse: a model is not there, or a number is too low.
        WrongData: a model is damaged, or the models do not know the same classes.
        MachineTrouble: a process that measured memory died.
    """
    options = options or BenchOptions()
    options.check()
    threads = options.threads or threads_here()
    on_event(Event(STAGE, "start"))
    asked = [asked_model(Path(one), threads) for one in models]
    for one in asked[1:]:
        if one.bundle.classes != asked[0].bundle.classes:
            raise WrongUse.of("bench_model.other_classes", where=one.name, first=asked[0].name)
    images = _images(asked[0], options.side_px, max(_N_COMPARED, options.batch))
    wanted = asked[-1].ask(images[:_N_COMPARED])
    dp = [float(np.abs(one.ask(images[:_N_COMPARED]) - wanted).max()) for one in asked]
    made = _measured(asked, images, options, threads, on_event)
    made = [replace(one, dp=worst) for one, worst in zip(made, dp, strict=True)]
    on_event(Event(STAGE, "end"))
    return _report(made, options, threads)


def _images(model: AskedModel, side_px: int, n: int) -> NDArray[Any]:
    """Return (n, side, side, channels) drawn images; speed does not depend on what they show."""
    rng = np.random.default_rng(0)
    if model.bundle.policy.window == "values":
        return rng.integers(-1000, 1000, (n, side_px, side_px, 1)).astype(np.float32)
    return rng.integers(0, 256, (n, side_px, side_px, 3), dtype=np.uint8)


def _measured(
    asked: Sequence[AskedModel],
    images: NDArray[Any],
    options: BenchOptions,
    threads: int,
    on_event: OnEvent,
) -> list[_Figures]:
    keys = [str(number) for number in range(len(asked))]
    sized = {}
    for n in (1, options.batch):
        on_event(Event(STAGE, "note", text("bench_model.timing", n=n)))
        calls = {key: _call(one, images[:n]) for key, one in zip(keys, asked, strict=True)}
        sized[n] = timed(calls, options.blocks)
    on_event(Event(STAGE, "note", text("bench_model.memory")))
    memory: list[list[float]] = [[] for _ in asked]
    for _ in range(_N_PROCESSES):
        for found, one in zip(memory, asked, strict=True):
            found.append(peak_mib(one.name, options.side_px, options.batch, threads))
    single, many, last = sized[1], sized[options.batch], keys[-1]
    return [
        _Figures(
            model,
            single.of(key, 1000.0),
            many.rate(key, options.batch),
            estimate_of(np.log(peak), 1),
            None if key == last else single.ratio(key, last),
            None if key == last else many.ratio(key, last),
        )
        for key, model, peak in zip(keys, asked, memory, strict=True)
    ]


def _call(model: AskedModel, images: NDArray[Any]) -> Call:
    return lambda: model.ask(images)


def _report(figures: Sequence[_Figures], options: BenchOptions, threads: int) -> Report:
    title = text("bench_model.title")
    speed: list[tuple[Cell, ...]] = []
    room: list[tuple[Cell, ...]] = []
    ratios: list[tuple[Cell, ...]] = []
    for one, name in zip(figures, _short_names(figures), strict=True):
        speed.append((name, one.model.backend, one.latency_ms, one.throughput))
        room.append((name, one.memory_mib, one.model.n_bytes / 2**20))
        if one.latency_ratio is not None:
            ratios.append((name, one.latency_ratio, one.throughput_ratio, one.dp))
    n, caption = options.batch, _caption(options, threads)
    blocks: list[Block] = [
        *_equality(figures),
        _table(("model", "backend", "latency", "throughput"), speed, caption, n),
        _table(("model", "peak_memory", "size"), room, text("bench_model.room"), n),
    ]
    if ratios:
        against = text("bench_model.against", name=figures[-1].model.name)
        names = ("model", "latency_ratio", "throughput_ratio", "dp")
        blocks.append(_table(names, ratios, against, n))
    values = {"models": [_plain(one) for one in figures], "threads": threads}
    sections = (Section(STAGE, title, tuple(blocks)),)
    return Report(STAGE, title, sections, tuple(blocks), {STAGE: values})


def _table(names: Sequence[str], rows: Sequence[tuple[Cell, ...]], caption: Text, n: int) -> Table:
    columns = tuple(text(f"bench_model.{name}", n=n) for name in names)
    return Table(columns, tuple(rows), caption)


def _short_names(figures: Sequence[_Figures]) -> list[str]:
    """Return the ends of the paths that tell the models apart."""
    parts = [Path(one.model.name).parts for one in figures]
    for n in range(1, max(map(len, parts)) + 1):
        names = ["/".join(one[-n:]) for one in parts]
        if len(set(names)) == len(names):
            return names
    return [one.model.name for one in figures]


def _equality(figures: Sequence[_Figures]) -> list[Block]:
    """Return whether all models give the same answers."""
    if len(figures) < 2:
        return []
    worst = max(one.dp for one in figures)
    if worst < _EQUAL:
        return [Paragraph(text("bench_model.equal", dp=worst, n=_N_COMPARED))]
    items = tuple(f"{one.model.name}: {one.dp:.2g}" for one in figures if one.dp >= _EQUAL)
    what, advice = text("bench_model.unequal", dp=worst), text("bench_model.unequal_advice")
    return [Findings((Finding(Severity.WARNING, what, advice, items=items),))]


def _caption(options: BenchOptions, threads: int) -> Text:
    return text(
        "bench_model.caption",
        side=options.side_px,
        threads=threads,
        blocks=options.blocks,
        processes=_N_PROCESSES,
        confidence=CONFIDENCE,
    )


def _plain(one: _Figures) -> dict[str, Any]:
    made: dict[str, Any] = {
        "model": one.model.name,
        "backend": one.model.backend,
        "identity": one.model.identity,
        "bytes": one.model.n_bytes,
        "largest_dp": one.dp,
    }
    for name in ("latency_ms", "throughput", "memory_mib", "latency_ratio", "throughput_ratio"):
        found: Estimate | None = getattr(one, name)
        if found is not None:
            made[name] = {"value": found.value, "low": found.low, "high": found.high, "n": found.n}
    return made
