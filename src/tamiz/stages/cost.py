"""`cost`: seconds, bytes and euros of a job that is told by its size, from measured rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Final

from tamiz.core.errors import WrongUse
from tamiz.core.events import OnEvent, ignore
from tamiz.core.language import Text, say, text
from tamiz.data.report import (
    Block,
    Cell,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Severity,
    Table,
)
from tamiz.stages.costing.measuring import Measuring, measure_kind
from tamiz.stages.costing.model import (
    BESIDE,
    KINDS,
    STAGES,
    Costs,
    Job,
    Rate,
    Rates,
    count_of,
    reckon,
)

CHECKED: Final = 100_000  # items up to which growth was measured, see benchmarks/bench_growth.py
_MANY_FILES: Final = 10**6
_YEAR_S: Final = 365 * 86_400
_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


@dataclass(frozen=True, slots=True)
class CostOptions:
    """What is asked.

    Attributes:
        counts: kind ('images', 'slices', 'slides') -> how many, as words: '100M'.
        job: everything else of the job.
        model: the network; '' is the one of the built-in rates.
        size_px: side of its input; 0 likewise.
        seconds: about how long a SOURCE is measured.
    """

    counts: Mapping[str, str] = field(default_factory=dict)
    job: Job = Job({})
    model: str = ""
    size_px: int = 0
    seconds: float = 4.0


@dataclass(frozen=True, slots=True)
class _Measured:
    """Rates, and from how many files of how many."""

    rates: Rates
    sample: Mapping[str, int]
    found: int = 0
    source: str = ""


def cost(source: str | None, options: CostOptions, on_event: OnEvent = ignore) -> Report:
    """Return what a job costs: seconds, bytes and euros by stage, with intervals.

    Args:
        source: files to measure on this machine; None: the rates in the package.
        options: the job.
        on_event: told what is measured.

    Raises:
        WrongUse: a number cannot be understood, or nothing says how large the job is.
        WrongData: the source cannot be measured.
    """
    counts = {kind: count_of(words, f"--{kind}") for kind, words in options.counts.items()}
    if source is None and not counts:
        raise WrongUse.of("cost.nothing_asked", where="--images")
    if source is not None and len(counts) > 1:
        raise WrongUse.of("cost.two_kinds", where="SOURCE", n=len(counts))
    replace(options.job, counts=counts).check()
    measured = _built_in(options) if source is None else _own(source, counts, options, on_event)
    kinds = counts or {next(iter(measured.rates.kinds)): measured.found}
    job = replace(options.job, counts=kinds)
    made = [reckon(measured.rates, job, kind) for kind in KINDS if kind in kinds]
    return _report(made, measured, job)


def _built_in(options: CostOptions) -> _Measured:
    rates = Rates.load()
    is_other = options.model not in {"", rates.model} or options.size_px not in {0, rates.size_px}
    if is_other:
        raise WrongUse.of(
            "cost.other_model", where="--model", model=rates.model, size=rates.size_px
        )
    sample = {kind: one.source_bytes.n for kind, one in rates.kinds.items()}
    return _Measured(rates, sample)


def _own(
    source: str, counts: Mapping[str, int], options: CostOptions, on_event: OnEvent
) -> _Measured:
    """Return the rates of the user's files; what is no matter of files is the package's."""
    known = Rates.load()
    kind = next(iter(counts), "images")
    how = Measuring(options.seconds, options.model or known.model, options.size_px or known.size_px)
    made, n = measure_kind(source, kind, how, on_event)
    rates = Rates({kind: made}, known.rows, known.start_s, how.model, how.size_px)
    return _Measured(rates, {kind: made.source_bytes.n}, n, source)


def _report(made: list[Costs], measured: _Measured, job: Job) -> Report:
    sections = tuple(_section(one, measured, job) for one in made)
    summary: tuple[Block, ...] = tuple(block for one in sections for block in one.blocks)
    values = {
        "kinds": {one.kind: asdict(one) | {"euros": _euros(one.total, job)} for one in made},
        "rates": measured.rates.to_table(),
        "job": asdict(job),
    }
    return Report("cost", text("cost.title"), sections, summary, {"cost": values})


def _section(one: Costs, measured: _Measured, job: Job) -> Section:
    blocks: list[Block] = [Paragraph(_sentence(one, job))]
    if job.euros_per_hour or job.euros_per_gib:
        storage = sum(rate.value for rate in one.storage.values()) / 2**30 * job.euros_per_gib
        blocks.append(
            Paragraph(
                text(
                    "cost.euros", euros=f"{_euros(one.total, job):,.2f}", storage=f"{storage:,.2f}"
                )
            )
        )
    stage, share = one.dominant
    dominant = text("cost.dominant", stage=stage, share=share, factor=1 + share)
    blocks += [Paragraph(dominant), _seconds_table(one, job), _storage_table(one, job)]
    if one.widest is not None:
        n = one.seconds[one.widest].n
        blocks.append(Paragraph(text("cost.widest", stage=one.widest, n=n)))
    findings = _limits(one, measured.rates)
    if findings:
        blocks.append(Findings(findings))
    blocks += [Paragraph(_origin(one.kind, measured)), Paragraph(_assumed(one, measured, job))]
    return Section(one.kind, text(f"cost.section_{one.kind}", n=one.n), tuple(blocks))


def _sentence(one: Costs, job: Job) -> Text:
    facts = {
        "n": one.n,
        "kind": text(f"cost.kind_{one.kind}"),
        "hours": long_text(one.total.value),
        "workers": job.workers,
        "wall": long_text(one.total.value / job.workers),
    }
    has_interval = one.total.low is not None and one.total.high is not None
    ends = {"low": long_text(one.total.low or 0.0), "high": long_text(one.total.high or 0.0)}
    key = "sentence" if has_interval else "sentence_no_interval"
    return text(f"cost.{key}{'' if job.workers > 1 else '_alone'}", **facts, **ends)


def _seconds_table(one: Costs, job: Job) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name in (*STAGES[one.kind], *BESIDE[one.kind]):
        if name in one.seconds:
            words: Text = text(f"cost.stage_{name}", epochs=job.epochs)
            is_beside = name in BESIDE[one.kind]
            shown = text("cost.beside", stage=words) if is_beside else words
            rows.append((shown, *_cells(one.seconds[name], one.n, job)))
    rows.append((text("cost.all"), *_cells(one.total, one.n, job)))
    names = ["stage", "each", "core", "interval", "n"]
    names += ["wall"] * (job.workers > 1) + ["euros"] * bool(job.euros_per_hour)
    columns = tuple(text(f"cost.column_{name}") for name in names)
    return Table(columns, tuple(rows), text("cost.caption_seconds"))


def _cells(rate: Rate, n: int, job: Job) -> tuple[Cell, ...]:
    has_interval = rate.low is not None and rate.high is not None
    interval: Cell = text("cost.none")
    if has_interval:
        interval = f"{long_text(rate.low or 0.0)} – {long_text(rate.high or 0.0)}"
    made = [long_text(rate.value / n), long_text(rate.value), interval, str(rate.n)]
    made += [long_text(rate.value / job.workers)] * (job.workers > 1)
    made += [f"{_euros(rate, job):,.2f}"] * bool(job.euros_per_hour)
    return tuple(made)


def _storage_table(one: Costs, job: Job) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, rate in one.storage.items():
        interval: Cell = text("cost.none")
        if rate.low is not None and rate.high is not None:
            interval = f"{size_text(rate.low)} – {size_text(rate.high)}"
        month = [f"{rate.value / 2**30 * job.euros_per_gib:,.2f}"] * bool(job.euros_per_gib)
        cells = (text(f"cost.what_{name}"), size_text(rate.value), interval, str(rate.n))
        rows.append((*cells, *month))
    names = ["what", "size", "interval", "n"] + ["month"] * bool(job.euros_per_gib)
    columns = tuple(text(f"cost.column_{name}") for name in names)
    return Table(columns, tuple(rows), text("cost.caption_storage"))


def _limits(one: Costs, rates: Rates) -> tuple[Finding, ...]:
    """Return what this machine cannot hold, or what is slow, and the way."""
    have = _memory_bytes()
    each = rates.rows["memory_bytes"].value
    made = []
    n_rows = round(one.storage["manifest"].value / rates.rows["disk_bytes"].value)
    if n_rows * each > have:
        gib = {"gib": n_rows * each / 2**30, "have": have / 2**30}
        what = text("cost.memory", n=n_rows, each=each, **gib)
        most = 10 ** (len(str(int(have / each))) - 1)
        advice = text("cost.memory_advice", most=most)
        made.append(Finding(Severity.WARNING, what, advice))
    if one.n > _MANY_FILES and one.kind != "slides":
        advice = text("cost.many_files_advice")
        made.append(Finding(Severity.WARNING, text("cost.many_files", n=one.n), advice))
    cache = one.storage["cache"].value
    if one.kind != "slides" and cache > have:
        what = text("cost.cache_large", size=size_text(cache), have=have / 2**30)
        made.append(Finding(Severity.NOTE, what))
    return tuple(made)


def _origin(kind: str, measured: _Measured) -> Text:
    sample = measured.sample[kind]
    if measured.source:
        found, source = measured.found, measured.source
        return text("cost.own_rates", sample=sample, found=found, source=source)
    facts = measured.rates.machine
    return text(
        "cost.built_in_rates", sample=sample, date=facts["date"], machine=facts["processor"]
    )


def _assumed(one: Costs, measured: _Measured, job: Job) -> Text:
    rates = measured.rates
    if one.kind == "slides":
        megapixels = rates.kinds["slides"].megapixels.value
        asked = 1000 * job.gigapixels or megapixels
        facts = {"megapixels": megapixels, "asked": asked}
        return text("cost.assumptions_slides", workers=job.workers, **facts)
    net: dict[str, object] = {"model": rates.model, "size": rates.size_px}
    return text("cost.assumptions", checked=CHECKED, workers=job.workers, **net)


def _euros(rate: Rate, job: Job) -> float:
    return rate.value / 3600 * job.euros_per_hour


def _memory_bytes() -> int:
    import os

    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def long_text(seconds: float) -> str:
    """Return '3.2 s', '5.1 min', '2.7 h', '11.3 d' or '4.0 years'."""
    if seconds >= 2 * _YEAR_S:
        return say("cost.years", n=seconds / _YEAR_S)
    for unit, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:,.1f} {name}"
    return f"{seconds:.3g} s" if seconds >= 0.1 else short_text(seconds)


def short_text(seconds: float) -> str:
    """Return '3.2 s', '3.2 ms' or '3.2 µs'."""
    for unit, name in ((1.0, "s"), (1e-3, "ms")):
        if seconds >= unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds * 1e6:.3g} µs"


def size_text(n_bytes: float) -> str:
    """Return '3.2 GiB' and the like."""
    at = 0
    while n_bytes >= 1024 and at < len(_UNITS) - 1:
        n_bytes, at = n_bytes / 1024, at + 1
    return f"{n_bytes:.1f} {_UNITS[at]}" if at else f"{n_bytes:.0f} B"
