"""Figures of images that can have several labels: sums for any weighting, and formulas on them.

Conventions, stated in every report:

- F1 of an image: 2 |true and predicted| / (|true| + |predicted|). An image without labels for
  which none is predicted scores 1; where only one of the two is empty it scores 0.
- A label that is never predicted has precision 0 and F1 0. Averages over labels ('macro') run
  over the labels that some image has.
- Average precision: sum over distinct probabilities of (recall gained) x precision
  (scikit-learn's `average_precision_score`); its mean over labels is mAP.

Sources: Sorower, "A literature survey on algorithms for multi-label learning", 2010;
the F1 of an image is the score of several competitions (mean F1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tamiz.data.predictions import Predictions
from tamiz.metrics.by_class import ratio
from tamiz.metrics.sums import Counts, Floats, Weighted

Kind = Literal["proportion", "share", "macro"]


@dataclass(frozen=True, slots=True)
class LabelSums(Weighted):
    """Weighted sums; the first axis runs over weightings, k over labels.

    Attributes:
        n: (weightings,) images.
        true: (weightings, k) images that have the label.
        predicted: (weightings, k) images for which it is predicted.
        hit: (weightings, k) images for which both hold.
        f1: (weightings,) sum of the images' F1.
        exact: (weightings,) images whose labels are all right.
        average_precision: (weightings, k); NaN for a label without images. Not a sum, but it
            needs the same pass.
    """

    n: Floats
    true: Floats
    predicted: Floats
    hit: Floats
    f1: Floats
    exact: Floats
    average_precision: Floats


class LabelSummer:
    """What `LabelSums` needs of labelled predictions, worked out once.

    Attributes:
        n_groups: how many groups there are.
    """

    def __init__(self, predictions: Predictions) -> None:
        true = predictions.target > 0
        predicted = predictions.predicted > 0
        hit = true & predicted
        _, group = np.unique(predictions.group, return_inverse=True)
        self._group = group.reshape(-1)
        self.n_groups = int(self._group.max()) + 1 if len(predictions) else 0
        f1 = sample_f1(true, predicted)
        exact = (true == predicted).all(axis=1)
        every = [np.ones(len(true)), f1, exact, *true.T, *predicted.T, *hit.T]
        by_group = [np.bincount(self._group, one, minlength=self.n_groups) for one in every]
        self._sums = np.stack(by_group)
        self._k = len(predictions.classes)
        pairs = zip(true.T, predictions.probabilities.T, strict=True)
        self._curves = [_Curve(of_label, scores) for of_label, scores in pairs]

    def __call__(self, counts: Counts) -> LabelSums:
        """Return the sums when groups count `counts` times, (weightings, groups)."""
        # einsum, not a matrix product: the same sums on any number of threads
        made = np.einsum("ij,kj->ik", counts.astype(np.float64), self._sums)
        weights = counts.take(self._group, axis=1)
        k = self._k
        return LabelSums(
            n=made[:, 0],
            f1=made[:, 1],
            exact=made[:, 2],
            true=made[:, 3 : 3 + k],
            predicted=made[:, 3 + k : 3 + 2 * k],
            hit=made[:, 3 + 2 * k :],
            average_precision=np.stack([curve(weights) for curve in self._curves], axis=1),
        )


class _Curve:
    """The order of one label's probabilities, so that an average precision is two running sums."""

    def __init__(self, is_true: NDArray[np.bool_], scores: Floats) -> None:
        self._order = np.argsort(-scores, kind="stable")
        ordered = scores[self._order]
        is_last = np.append(ordered[1:] != ordered[:-1], [True] * (len(ordered) > 0))
        self._ends = np.flatnonzero(is_last)  # images of equal probability are taken together
        self._is_true = is_true[self._order]

    def __call__(self, weights: Counts) -> Floats:
        """Return (weightings,) average precisions, NaN without an image that has the label."""
        ordered = weights.take(self._order, axis=1)
        seen = np.cumsum(ordered, axis=1, dtype=np.int64).take(self._ends, axis=1)
        found = np.cumsum(ordered * self._is_true, axis=1, dtype=np.int64)
        found = found.take(self._ends, axis=1)
        precision = ratio(found, seen, empty=0.0)
        gained = np.diff(found, axis=1, prepend=0)
        total = np.einsum("ij,ij->i", gained.astype(np.float64), precision)
        return ratio(total, found[:, -1] if found.shape[1] else np.zeros(len(found)), empty=np.nan)


def sample_f1(true: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> Floats:
    """Return (n,) the F1 of each image; 1 where nothing is true and nothing is predicted."""
    return ratio(
        2 * (true & predicted).sum(axis=1), true.sum(axis=1) + predicted.sum(axis=1), empty=1.0
    )


def label_sums_of(predictions: Predictions) -> LabelSums:
    """Return the sums of labelled predictions, each image counting once (one weighting)."""
    summer = LabelSummer(predictions)
    return summer(np.ones((1, summer.n_groups), dtype=np.int32))


def precision_by_label(sums: LabelSums) -> Floats:
    """Return (weightings, k); 0 for a label that is never predicted."""
    return ratio(sums.hit, sums.predicted, empty=0.0)


def recall_by_label(sums: LabelSums) -> Floats:
    """Return (weightings, k); NaN for a label that no image has."""
    return ratio(sums.hit, sums.true, empty=np.nan)


def f1_by_label(sums: LabelSums) -> Floats:
    """Return (weightings, k); 0 for a label that no image has and none is given."""
    return ratio(2 * sums.hit, sums.true + sums.predicted, empty=0.0)


def _over_present(by_label: Floats, sums: LabelSums) -> Floats:
    is_present = sums.true > 0
    total = np.where(is_present, by_label, 0.0).sum(axis=1)
    return ratio(total, is_present.sum(axis=1), empty=np.nan)


def _f1_micro(sums: LabelSums) -> Floats:
    both = sums.true.sum(axis=1) + sums.predicted.sum(axis=1)
    return ratio(2 * sums.hit.sum(axis=1), both, empty=1.0)


def _hamming(sums: LabelSums) -> Floats:
    wrong = (sums.true + sums.predicted - 2 * sums.hit).sum(axis=1)
    return ratio(wrong, sums.n * sums.true.shape[1], empty=np.nan)


@dataclass(frozen=True, slots=True)
class LabelMetric:
    """A figure that follows from `LabelSums`.

    Attributes:
        name: in `metrics.json`.
        formula: (weightings,) values from sums with that leading axis.
        kind: 'proportion' (images right over images), 'share' (0 to 1, over images) or 'macro'
            (0 to 1, a plain mean over labels).
        better: which way is better.
    """

    name: str
    formula: Callable[[LabelSums], Floats]
    kind: Kind
    better: Literal["higher", "lower"] = "higher"

    def __call__(self, predictions: Predictions) -> float:
        """Return the figure of the rows whose labels are known."""
        return float(self.formula(label_sums_of(predictions.labelled()))[0])


def _metrics() -> dict[str, LabelMetric]:
    made = (
        LabelMetric("f1_samples", lambda s: ratio(s.f1, s.n, empty=np.nan), "share"),
        LabelMetric("f1_micro", _f1_micro, "share"),
        LabelMetric("f1_macro", lambda s: _over_present(f1_by_label(s), s), "macro"),
        LabelMetric(
            "mean_average_precision", lambda s: _over_present(s.average_precision, s), "macro"
        ),
        LabelMetric("exact_match", lambda s: ratio(s.exact, s.n, empty=np.nan), "proportion"),
        LabelMetric("precision_macro", lambda s: _over_present(precision_by_label(s), s), "macro"),
        LabelMetric("recall_macro", lambda s: _over_present(recall_by_label(s), s), "macro"),
        LabelMetric("hamming_loss", _hamming, "share", "lower"),
    )
    return {one.name: one for one in made}


LABEL_METRICS: Final[Mapping[str, LabelMetric]] = _metrics()
HEADLINE: Final = "f1_samples"
