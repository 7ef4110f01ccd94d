"""How a search measures: on which validation images trials compete, on which the winner is told.

The validation part is divided by group. On one half trials are compared; the best of many figures
is too good, by luck. On the other half, which chose nothing, the winner alone is measured.

How much luck there was in the choice is estimated from the first half (Tsamardinos, Greasidou and
Borboudakis 2018): groups are drawn with replacement, the best trial on the drawn ones is looked up,
and its figure there is compared with its figure on the groups that were not drawn.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.core.events import ignore
from tamiz.core.recipe import EvaluateOptions, Recipe
from tamiz.core.seeds import derive_seed
from tamiz.data.label_sets import join_labels, labels_in
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate
from tamiz.data.run_folder import Run
from tamiz.metrics.intervals import MIN_GROUPS, measure
from tamiz.metrics.multilabel import LabelMetric, LabelSummer
from tamiz.metrics.registry import Metric
from tamiz.metrics.sums import Summer
from tamiz.splits.registry import SPLITS
from tamiz.stages.assigning import tied_groups
from tamiz.stages.kinship import kin_of
from tamiz.stages.preparing import prepare_rows
from tamiz.stages.row_predictions import row_predictions
from tamiz.stages.training_rows import training_rows

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

FRESH: Final = "fresh"
_RESAMPLES: Final = 200


def divided(run: Run, recipe: Recipe) -> Manifest:
    """Return the train and val rows; half of the groups of 'val' are called 'fresh' instead.

    Raises:
        WrongData: the validation part is too small to be divided with every class on both sides.
    """
    rows, n_train = training_rows(run.manifest())
    val = rows.take(range(n_train, len(rows)))
    tied = tied_groups(val, kin_of(run, val, recipe.clean))
    seed = derive_seed("search", recipe.split.seed)
    try:
        if rows.is_multilabel:
            rule, labels = SPLITS.get("iterative"), _that_can_be_divided(val.column("label"), tied)
        else:
            rule, labels = SPLITS.get("grouped"), val.column("label")
        sides = rule(tied, labels, test_fraction=0.5, val_fraction=0.0, seed=seed)
    except WrongData as error:
        n = len(set(tied))
        raise WrongData.of(
            "search.val_too_small", where=run.folder, n=n, reason=error.what
        ) from error
    parts = ["train"] * n_train + [FRESH if side == "test" else "val" for side in sides]
    return rows.with_columns({"split": parts})


def _that_can_be_divided(labels: Sequence[str], groups: Sequence[str]) -> list[str]:
    """Return joined labels without those of one group alone, which lies on one side anyway."""
    sets = [labels_in(joined) for joined in labels]
    groups_of: dict[str, set[str]] = defaultdict(set)
    for group, own in zip(groups, sets, strict=True):
        for label in own:
            groups_of[label].add(group)
    return [join_labels(one for one in own if len(groups_of[one]) > 1) for own in sets]


def predict_part(
    bundle: Bundle, rows: Manifest, part: str, recipe: Recipe, cache: Path
) -> Predictions:
    """Return what a network says of the rows of one part; the test part is never among them."""
    images = prepare_rows(rows, bundle.steps, bundle.policy, recipe, cache, ignore)
    at = np.flatnonzero(np.array(rows.column("split"), dtype=object) == part)
    return row_predictions(bundle, rows, images, at, part)


def figure(predictions: Predictions, metric: str, options: EvaluateOptions) -> Estimate:
    """Return one metric with its interval over groups."""
    found = measure(predictions, options).overall.get(metric)
    return found or Estimate(math.nan, n=len(predictions), n_groups=predictions.n_groups)


def optimism(
    trials: Sequence[Predictions], metric: Metric | LabelMetric, seed: int
) -> float | None:
    """Return by how much the best figure of these trials is too good; None where none is known.

    Args:
        trials: of each finished trial, on the same rows in the same order.
        metric: by which they were compared.
        seed: of the resampling.
    """
    n_groups = trials[0].n_groups if trials else 0
    if len(trials) < 2 or n_groups < MIN_GROUPS:
        return None
    rng = np.random.default_rng(derive_seed(seed, "optimism"))
    drawn = rng.integers(0, n_groups, size=(_RESAMPLES, n_groups))
    counts = np.stack([np.bincount(row, minlength=n_groups) for row in drawn]).astype(np.int32)
    left = (counts == 0).astype(np.int32)
    sign = 1.0 if metric.better == "higher" else -1.0
    inside, outside = [], []
    for one in trials:
        inside.append(sign * _figures(one, metric, counts))
        outside.append(sign * _figures(one, metric, left))
    return _mean_gap(np.stack(inside), np.stack(outside))


def _figures(
    one: Predictions, metric: Metric | LabelMetric, counts: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Return (weightings,) the figure when groups count `counts` times, (weightings, groups)."""
    if isinstance(metric, LabelMetric):
        return metric.formula(LabelSummer(one)(counts))
    return metric.formula(Summer(one)(counts))


def _mean_gap(inside: NDArray[np.float64], outside: NDArray[np.float64]) -> float | None:
    """Return the mean, over resamples, of what the winner inside loses outside.

    Inside counts an item as often as it was drawn, and both sides differ by more than the choice;
    what they differ by on the mean over all trials is no luck of the winner and is taken off.
    """
    usable = np.isfinite(inside).all(axis=0) & np.isfinite(outside).all(axis=0)
    if not usable.any():
        return None
    inside, outside = inside[:, usable], outside[:, usable]
    winners, at = inside.argmax(axis=0), np.arange(inside.shape[1])
    gap = inside[winners, at] - outside[winners, at]
    common = inside.mean(axis=0) - outside.mean(axis=0)
    return max(0.0, float((gap - common).mean()))
