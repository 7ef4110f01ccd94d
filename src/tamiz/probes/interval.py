"""The interval of a cross-validated AUROC: groups resampled, and widened for what that misses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
_RESAMPLES: Final = 300
_RESAMPLES_OF_NOTHING: Final = 60  # for each version of the labels from which nothing can be told


def interval(
    auroc: float,
    answers: Floats,
    target: Ints,
    group: Ints,
    of_nothing: Sequence[tuple[Floats, Ints]],
    spread_of_nothing: float,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Return the 95 % interval of a cross-validated AUROC.

    Resampled groups (percentiles) know nothing of the classifier, which another sample would have
    made another one; answers of one fold share it and err together. How much that adds is read
    off permuted labels, for which the truth is 0.5: the interval is widened by the ratio of the
    spread that refitted permutations have to the spread that resampling ascribes to them.

    Args:
        auroc: the estimate.
        answers: (m, classes), out of fold.
        target: (m,) class by number.
        group: (m,) group by number.
        of_nothing: answers and labels of a few permutations.
        spread_of_nothing: standard deviation of the AUROC of permutations around 0.5.
        rng: draws the groups.
    """
    drawn = _resampled(answers, target, group, _RESAMPLES, rng)
    low, high = np.percentile(drawn, [2.5, 97.5])
    ascribed = [
        _resampled(one, labels, group, _RESAMPLES_OF_NOTHING, rng).std()
        for one, labels in of_nothing
    ]
    usual = float(np.mean(ascribed)) if ascribed else 0.0
    wider = max(1.0, spread_of_nothing / usual) if usual > 0 else 1.0
    lowest, highest = auroc - wider * (auroc - float(low)), auroc + wider * (float(high) - auroc)
    return max(0.0, min(lowest, auroc)), min(1.0, max(highest, auroc))


def _resampled(
    answers: Floats, target: Ints, group: Ints, n_times: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return (n_times,): macro AUROC with groups drawn with replacement."""
    n_groups = int(group.max()) + 1
    drawn = rng.integers(0, n_groups, (n_times, n_groups))
    drawn += np.arange(n_times)[:, None] * n_groups
    times = np.bincount(drawn.ravel(), minlength=drawn.size).reshape(drawn.shape)
    weight = times.T[group].astype(np.float32)
    total, counted = np.zeros(n_times), np.zeros(n_times)
    for name in range(answers.shape[1]):
        value = weighted_auroc(answers[:, name], target == name, weight)
        total += np.nan_to_num(value)
        counted += np.isfinite(value)
    made: NDArray[np.float64] = np.where(counted > 0, total / np.maximum(counted, 1), 0.5)
    return made


def weighted_auroc(values: Floats, is_it: NDArray[np.bool_], weight: Floats) -> NDArray[np.float64]:
    """Return (k,): AUROC of `values` where row i counts weight[i, k] times; nan without both sides.

    Ties count half (Mann & Whitney 1947). Weights are whole numbers whose sums stay below 2**24,
    so that 32 bits hold them exactly.
    """
    order = np.argsort(values, kind="stable")
    ordered, is_in, counted = values[order], is_it[order], weight[order]
    starts = np.nonzero(np.append(True, ordered[1:] != ordered[:-1]))[0]
    if len(starts) == len(ordered):  # no ties: only the places of its own rows are needed
        inside = counted[is_in]
        below = np.cumsum(counted, axis=0)[is_in] - np.cumsum(inside, axis=0)
        n_out = counted.sum(axis=0, dtype=np.float32) - inside.sum(axis=0)
    else:
        inside = np.add.reduceat(counted * is_in[:, None], starts, axis=0)
        outside = np.add.reduceat(counted, starts, axis=0) - inside
        below = np.cumsum(outside, axis=0) - outside / np.float32(2)
        n_out = outside.sum(axis=0, dtype=np.float32)
    pairs = inside.sum(axis=0, dtype=np.float64) * n_out
    won = np.einsum("mk,mk->k", inside, below, dtype=np.float64)
    made: NDArray[np.float64] = np.where(pairs > 0, won / np.maximum(pairs, 1), np.nan)
    return made
