"""The registry of metrics, and what a metric is: a formula on sums, and which way is better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tamiz.core.registry import Registry
from tamiz.data.predictions import Predictions
from tamiz.metrics.sums import Floats, Summer, Sums, sums_of

Formula = Callable[[Sums], NDArray[np.float64]]
Influence = Callable[[Summer], Floats]
Kind = Literal["proportion", "share", "macro", "loss", "distance"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that follows from `Sums`.

    Written once as a formula, it serves for the point estimate and for every resample of the
    bootstrap alike. Calling it with predictions gives the figure; NaN when it is not defined.

    Attributes:
        name: its name in `metrics.json`.
        formula: (weightings,) values from sums with that leading axis.
        kind: how its interval is made (see `metrics.intervals`).
        is_headline: whether it stands in the table of the main figures.
        standard_error: (weightings,) its standard error over groups, where a formula exists;
            up to a constant factor.
        influence: (groups,) how far each group pulls it, where a formula exists; tells how
            well its standard error is known.
    """

    name: str
    formula: Formula
    kind: Kind
    is_headline: bool
    standard_error: Formula | None
    influence: Influence | None = None

    @property
    def better(self) -> Literal["higher", "lower"]:
        """Return which way is better."""
        return "higher" if self.is_share else "lower"

    @property
    def is_share(self) -> bool:
        """Return whether it lies between 0 and 1, and 1 is perfect."""
        return self.kind in {"proportion", "share", "macro"}

    def __call__(self, predictions: Predictions) -> float:
        """Return the figure of the rows whose true class is known."""
        return float(self.formula(sums_of(predictions.labelled()))[0])


METRICS: Registry[Metric] = Registry("metrics", "tamiz.metrics")


def metric(
    name: str,
    kind: Kind,
    *,
    is_headline: bool = True,
    standard_error: Formula | None = None,
    influence: Influence | None = None,
) -> Callable[[Formula], Metric]:
    """Return a decorator that makes a formula a `Metric` and registers it under `name`.

    Args:
        name: its name in `metrics.json`.
        kind: 'proportion' (right items over items), 'share' (0 to 1, weighted by items),
            'macro' (0 to 1, a plain mean over classes), 'loss' (a mean over items, 0 is best) or
            'distance' (0 is best, and chance alone makes it larger).
        is_headline: whether it stands in the table of the main figures.
        standard_error: see `Metric`; needed for a 'loss'.
        influence: see `Metric`; for a share whose standard error may rest on a few groups.
    """

    def register(formula: Formula) -> Metric:
        made = Metric(name, formula, kind, is_headline, standard_error, influence)
        return METRICS.add(name)(made)

    return register
