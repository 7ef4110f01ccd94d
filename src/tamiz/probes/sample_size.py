"""How much would more data help? A learning curve of a quick classifier, and its continuation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import Text, text
from tamiz.data.evidence import Evidence
from tamiz.data.report import Block, Chart, Paragraph, Series
from tamiz.probes.quick import ridge_scores, small_pictures

N_SIZES: Final = 6
MIN_GROUPS: Final = 40  # labelled, unsealed; below, a curve says nothing
_MOST_GROUPS: Final = 8000
_HELD_OUT: Final = 0.25
_N_REPEATS: Final = 8
_N_BOOTSTRAP: Final = 400
_N_FITTED: Final = 4
Progress = Callable[[int, int], None]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """The error of a quick classifier by the number of groups that it learns from.

    Attributes:
        sizes: (s,) groups trained on.
        errors: (repeats, s) balanced error on held-out groups, 0..1.
        exponent: b of error = a n^-b; the larger, the more a doubling helps.
        now: (value, low, high) the error at the largest size.
        doubled: (value, low, high) the error to expect with twice as many groups.
        gain: (value, low, high) by how much it would fall.
    """

    sizes: tuple[int, ...]
    errors: Floats
    exponent: float
    now: tuple[float, float, float]
    doubled: tuple[float, float, float]
    gain: tuple[float, float, float]


def learning_curve(evidence: Evidence, on_progress: Progress) -> LearningCurve | Text:
    """Return the curve, or in words why there is none.

    Rows without a label and those of the sealed test part are left aside. A quarter of the
    groups is held out; of the rest, random subsets of six sizes are learnt by ridge regression on
    16 px pictures; eight repeats. The continuation is a power law (Hestness 2017, "Deep learning
    scaling is predictable") fitted on logarithms of the four largest sizes, its band the 95 %
    percentiles over resampled repeats.
    """
    labels = evidence.manifest.column("label")
    rows = np.array(
        [i for i, label in enumerate(labels) if label is not None and not evidence.sealed[i]],
        dtype=np.int64,
    )
    keys = np.array(evidence.manifest.group_keys(), dtype=np.str_)[rows]
    names, groups = np.unique(keys, return_inverse=True)
    classes, target = np.unique([labels[i] for i in rows], return_inverse=True)
    if len(classes) < 2 or len(names) < MIN_GROUPS:
        return text("sample.too_few", n=len(names), least=MIN_GROUPS)
    pictures = small_pictures(evidence.sketches.take(rows))
    if not pictures.any():
        return text("sample.no_pictures")
    rng = np.random.default_rng(evidence.seed)
    errors, sizes = [], _sizes(min(len(names), _MOST_GROUPS), len(classes))
    for repeat in range(_N_REPEATS):
        errors.append(_errors_once(pictures, target, groups, sizes, rng))
        on_progress(repeat + 1, _N_REPEATS)
    return _continued(sizes, np.array(errors), rng)


def curve_blocks(curve: LearningCurve | Text) -> tuple[Block, ...]:
    """Return the curve as a chart with what it means in words, or why there is none."""
    if isinstance(curve, Text):
        return (Paragraph(curve),)
    value, low, high = curve.gain
    words = text(
        "sample.doubling",
        n=curve.sizes[-1],
        now=100 * curve.now[0],
        points=100 * value,
        low=100 * low,
        high=100 * high,
    )
    sizes = tuple(float(size) for size in curve.sizes)
    means = curve.errors.mean(axis=0)
    least, most = np.percentile(curve.errors, [2.5, 97.5], axis=0)
    further = (sizes[-1], 2 * sizes[-1])
    series = (
        Series(text("sample.measured"), sizes, tuple(means), tuple(least), tuple(most)),
        Series(
            text("sample.expected"),
            further,
            (curve.now[0], curve.doubled[0]),
            (curve.now[1], curve.doubled[1]),
            (curve.now[2], curve.doubled[2]),
        ),
    )
    x_label, y_label = text("sample.groups"), text("sample.error")
    chart = Chart("line", text("sample.chart"), x_label, y_label, series)
    return (Paragraph(words), chart, Paragraph(text("sample.honest")))


def curve_values(curve: LearningCurve | Text) -> dict[str, object]:
    """Return the curve for scripts."""
    if isinstance(curve, Text):
        return {"note": str(curve)}
    return {
        "groups": list(curve.sizes),
        "error": curve.errors.mean(axis=0).tolist(),
        "error_if_doubled": list(curve.doubled),
        "gain": list(curve.gain),
    }


def _sizes(n_groups: int, n_classes: int) -> tuple[int, ...]:
    most = int((1 - _HELD_OUT) * n_groups)
    least = max(5 * n_classes, most // 32, 10)
    made = np.unique(np.geomspace(min(least, most // 2), most, N_SIZES).astype(int))
    return tuple(int(size) for size in made)


def _errors_once(
    pictures: NDArray[np.float32],
    target: NDArray[np.int64],
    groups: NDArray[np.int64],
    sizes: tuple[int, ...],
    rng: np.random.Generator,
) -> list[float]:
    """Return the balanced error at each size, all on the same held-out groups."""
    order = rng.permutation(int(groups.max()) + 1)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    place = rank[groups]
    n_out = min(int(_HELD_OUT * len(order)), 2000)
    is_out = place < n_out
    made = []
    for size in sizes:
        is_in = (place >= n_out) & (place < n_out + size)
        scores = ridge_scores(pictures[is_in], target[is_in], pictures[is_out], int(target.max()))
        made.append(_balanced_error(target[is_out], scores.argmax(axis=1)))
    return made


def _balanced_error(truth: NDArray[np.int64], answer: NDArray[np.int64]) -> float:
    recalls = [float((answer[truth == k] == k).mean()) for k in np.unique(truth)]
    return 1.0 - float(np.mean(recalls))


def _continued(sizes: tuple[int, ...], errors: Floats, rng: np.random.Generator) -> LearningCurve:
    logs = np.log(np.array(sizes, dtype=np.float64))
    draws = rng.integers(0, len(errors), (_N_BOOTSTRAP, len(errors)))
    means = np.concatenate([errors.mean(axis=0)[None], errors[draws].mean(axis=1)])
    last = slice(-_N_FITTED, None)  # the beginning of a curve is steeper than what follows
    slopes, _ = np.polyfit(logs[last], np.log(np.clip(means, 1e-4, 1.0)).T[last], 1)
    slopes = np.minimum(slopes, 0.0)  # more data do not hurt; what looks so is noise
    now = means[:, -1]
    doubled = now * 2.0**slopes

    def banded(values: Floats) -> tuple[float, float, float]:
        low, high = np.percentile(values[1:], [2.5, 97.5])
        return float(values[0]), float(low), float(high)

    return LearningCurve(
        sizes, errors, float(-slopes[0]), banded(now), banded(doubled), banded(now - doubled)
    )
