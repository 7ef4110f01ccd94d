"""What a job costs, from rates: seconds = n x rate, with the interval that the rate has.

Every stage that tamiz has was measured to grow as its number of items (`benchmarks/bench_growth.py`
and `bench_manifest.py`), so one rate per stage is enough; what a process needs to start is one
constant. A rate is a mean over separately timed items or batches, its interval Student's t at 95 %.
"""

from __future__ import annotations

import json
import math
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from tamiz.core.errors import WrongUse
from tamiz.metrics.intervals import student_t
from tamiz.stages.explore import MOST_SEEN

BUILT_IN: Final = Path(__file__).with_name("rates.json")
KINDS: Final = ("images", "slices", "slides")
STAGES: Final = {
    "images": ("index", "check", "explore", "split", "prepare", "train", "predict"),
    "slices": ("index", "check", "explore", "split", "prepare", "train", "predict"),
    "slides": ("index", "prepare", "tiles", "describe"),
}
BESIDE: Final = {"images": ("describe",), "slices": ("describe",), "slides": ()}  # in no total
_COUNT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([kKmMgG]?)")
_TIMES: Final = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}
_MOST: Final = 10**12
_WIDE: Final = 4.0  # times the smallest area that the largest must be, for a line of its own


@dataclass(frozen=True, slots=True)
class Rate:
    """What one item costs: a mean with its 95 % interval; without one where n is below 3."""

    value: float
    low: float | None
    high: float | None
    n: int

    @classmethod
    def of(cls, measured: Sequence[float]) -> Self:
        """Return the mean of separate measurements; nothing is below 0."""
        n, value = len(measured), statistics.fmean(measured)
        if n < 3:
            return cls(value, None, None, n)
        half = student_t(0.975, n - 1) * statistics.stdev(measured) / math.sqrt(n)
        return cls(value, max(0.0, value - half), value + half, n)

    def times(self, factor: float) -> Self:
        """Return the rate of so many items, or of items so many times as large."""
        low = None if self.low is None else factor * self.low
        high = None if self.high is None else factor * self.high
        return type(self)(factor * self.value, low, high, self.n)


def together(rates: Sequence[Rate]) -> Rate:
    """Return the sum of rates that were measured apart: half-widths add as squares do.

    Without an interval where one of them has none; n is the smallest.
    """
    value, n = sum(one.value for one in rates), min(one.n for one in rates)
    halves = [_half_of(one) for one in rates]
    if any(half is None for half in halves):
        return Rate(value, None, None, n)
    half = math.sqrt(sum((one or 0.0) ** 2 for one in halves))
    return Rate(value, max(0.0, value - half), value + half, n)


def _half_of(rate: Rate) -> float | None:
    return None if rate.high is None else rate.high - rate.value


@dataclass(frozen=True, slots=True)
class Line:
    """Seconds of a slide by its area: `fixed` + `slope` x megapixels, with the line's scatter.

    Attributes:
        fixed: seconds, never below 0.
        slope: seconds for each megapixel, never below 0.
        slope_half: half the width of the slope's 95 % interval; None where there is none.
        n: slides.
    """

    fixed: float
    slope: float
    slope_half: float | None
    n: int

    @classmethod
    def through(cls, megapixels: Sequence[float], seconds: Sequence[float]) -> Self:
        """Return the line of least squares; one through zero where areas differ too little."""
        x, y = np.asarray(megapixels), np.asarray(seconds)
        n, is_wide = len(x), len(x) >= 3 and x.max() >= _WIDE * x.min()
        slope, fixed = np.polyfit(x, y, 1) if is_wide else (y.sum() / x.sum(), 0.0)
        if fixed < 0 or slope < 0:
            slope, fixed = y.sum() / x.sum(), 0.0
        left = y - fixed - slope * x
        free = n - (2 if is_wide else 1)
        centred = ((x - x.mean()) ** 2).sum() if is_wide else (x**2).sum()
        half = None
        if n >= 3 and free >= 1:
            half = student_t(0.975, free) * float(np.sqrt((left**2).sum() / free / centred))
        return cls(float(fixed), float(slope), half, n)

    def at(self, megapixels: float) -> Rate:
        """Return the seconds of a slide of this area; the interval is that of the slope."""
        value = self.fixed + self.slope * megapixels
        if self.slope_half is None:
            return Rate(value, None, None, self.n)
        half = self.slope_half * megapixels
        return Rate(value, max(0.0, value - half), value + half, self.n)


@dataclass(frozen=True, slots=True)
class KindRates:
    """The rates of one kind of item.

    Attributes:
        seconds: stage -> on one core, for each item; of 'train' for each epoch.
        source_bytes: of an item's file.
        cache_bytes: of what is kept of it: prepared pixels, or a slide's picture and numbers.
        megapixels: of an item; of slides at full resolution.
        tiles: of a slide; 1 for all else.
        of_area: stage -> seconds of a slide by its area.
    """

    seconds: Mapping[str, Rate]
    source_bytes: Rate
    cache_bytes: Rate
    megapixels: Rate
    tiles: Rate
    of_area: Mapping[str, Line] = field(default_factory=dict)

    def larger(self, factor: float) -> Self:
        """Return the rates of slides with so many times the area; what `index` takes stays."""
        area = factor * self.megapixels.value
        seconds = {**self.seconds, **{name: line.at(area) for name, line in self.of_area.items()}}
        return type(self)(
            seconds,
            self.source_bytes.times(factor),
            self.cache_bytes.times(factor),
            self.megapixels.times(factor),
            self.tiles.times(factor),
        )


@dataclass(frozen=True, slots=True)
class Rates:
    """Measured rates, and where they are from.

    Attributes:
        kinds: 'images', 'slices' and 'slides', those that were measured.
        rows: of the manifest: `split_s`, `disk_bytes` and `memory_bytes` for each row.
        start_s: of a process, before it does anything.
        model: the network whose steps were timed, and `size_px`, the side of its input.
        machine: in words, and `date`.
    """

    kinds: Mapping[str, KindRates]
    rows: Mapping[str, Rate]
    start_s: float
    model: str
    size_px: int
    machine: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path = BUILT_IN) -> Self:
        """Return the rates that `save` wrote; those in the package were measured by us."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        kinds = {name: _kind(one) for name, one in stored.pop("kinds").items()}
        rows = {name: Rate(**one) for name, one in stored.pop("rows").items()}
        return cls(kinds=kinds, rows=rows, **stored)

    def to_table(self) -> dict[str, Any]:
        """Return the rates as JSON holds them."""
        return asdict(self)


def _kind(stored: Mapping[str, Any]) -> KindRates:
    seconds = {name: Rate(**one) for name, one in stored["seconds"].items()}
    names = ("source_bytes", "cache_bytes", "megapixels", "tiles")
    source, cache, megapixels, tiles = (Rate(**stored[name]) for name in names)
    lines = {name: Line(**one) for name, one in stored["of_area"].items()}
    return KindRates(seconds, source, cache, megapixels, tiles, lines)


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done.

    Attributes:
        counts: kind -> number of items.
        epochs: of a training.
        workers: processes of one core each that share the work.
        euros_per_hour: of one of them; 0: no euros are told.
        euros_per_gib: for a month; 0 likewise.
        gigapixels: of a slide; 0: as those that were measured.
    """

    counts: Mapping[str, int]
    epochs: int = 10
    workers: int = 1
    euros_per_hour: float = 0.0
    euros_per_gib: float = 0.0
    gigapixels: float = 0.0

    def check(self) -> None:
        """Raise `WrongUse` when a value is out of its limits."""
        limits = (
            ("--epochs", self.epochs, 0, 10_000),
            ("--workers", self.workers, 1, 10**6),
            ("--euros-per-hour", self.euros_per_hour, 0, 10**6),
            ("--euros-per-gib", self.euros_per_gib, 0, 10**6),
            ("--gigapixels", self.gigapixels, 0, 10**3),
        )
        for flag, value, low, high in limits:
            if not low <= value <= high:
                raise WrongUse.of("cost.bad_value", where=flag, value=value, low=low, high=high)


@dataclass(frozen=True, slots=True)
class Costs:
    """What one kind of item costs.

    Attributes:
        kind: of the items.
        n: how many.
        seconds: stage -> on one core for all of them, start included.
        total: of the stages that make the whole way, those of `BESIDE` left out.
        storage: what -> bytes.
        dominant: the stage with the most seconds of `total`, and its share.
        widest: the stage whose interval makes the total's widest; None without an interval.
    """

    kind: str
    n: int
    seconds: Mapping[str, Rate]
    total: Rate
    storage: Mapping[str, Rate]
    dominant: tuple[str, float]
    widest: str | None


def count_of(words: str, where: str) -> int:
    """Return the number in '100M', '300k' or '1000'.

    Raises:
        WrongUse: it is none, or out of 1 to a million millions.
    """
    found = _COUNT.fullmatch(words.strip())
    n = round(float(found[1]) * _TIMES[found[2].lower()]) if found else 0
    if not 1 <= n <= _MOST:
        raise WrongUse.of("cost.bad_count", where=where, words=words)
    return n


def reckon(rates: Rates, job: Job, kind: str) -> Costs:
    """Return what the job's items of one kind cost.

    Raises:
        WrongUse: there are no rates of this kind.
    """
    if kind not in rates.kinds:
        raise WrongUse.of("cost.no_rates", where=f"--{kind}", kind=kind)
    n, one = job.counts[kind], rates.kinds[kind]
    if kind == "slides" and job.gigapixels:
        one = one.larger(1000 * job.gigapixels / one.megapixels.value)
    seconds = {name: rate.times(n) for name, rate in one.seconds.items()}
    if "train" in seconds:
        seconds["train"] = seconds["train"].times(job.epochs)
        seconds["split"] = rates.rows["split_s"].times(n)
        seconds["explore"] = one.seconds["explore"].times(min(n, MOST_SEEN))
    started = {name: _later(rate, rates.start_s) for name, rate in seconds.items()}
    way = [started[name] for name in STAGES[kind] if name in started]
    total = together(way)
    dominant = max(
        (name for name in STAGES[kind] if name in started), key=lambda s: seconds[s].value
    )
    halves = {name: _half_of(started[name]) for name in STAGES[kind] if name in started}
    known = {name: half for name, half in halves.items() if half is not None}
    storage = {
        "source": one.source_bytes.times(n),
        "cache": one.cache_bytes.times(n),
        "manifest": rates.rows["disk_bytes"].times(n * one.tiles.value),
    }
    share = started[dominant].value / total.value if total.value else 0.0
    widest = max(known, key=lambda s: known[s]) if total.high is not None and known else None
    return Costs(kind, n, started, total, storage, (dominant, share), widest)


def _later(rate: Rate, start_s: float) -> Rate:
    low = None if rate.low is None else rate.low + start_s
    high = None if rate.high is None else rate.high + start_s
    return Rate(rate.value + start_s, low, high, rate.n)
