"""Metrics of probabilities: how far they are from the truth, how well they rank, how honest."""

from __future__ import annotations

import numpy as np

from tamiz.metrics.by_class import over_present, ratio
from tamiz.metrics.registry import metric
from tamiz.metrics.sums import Floats, Summer, Sums


def _log_loss_error(sums: Sums) -> Floats:
    mean = ratio(sums.loss.sum(axis=1), sums.n, empty=np.nan)
    return _error_of_mean(mean, sums.moments[:, :3], sums.n)


def _weighted_log_loss_error(sums: Sums) -> Floats:
    # The classes' errors are taken as independent. Where patients have images of several
    # classes they are not quite; the factor cancels, for only ratios of such errors are used.
    means = ratio(sums.loss, sums.true, empty=0.0)
    errors = _error_of_mean(means, sums.class_moments, sums.true)
    total: Floats = np.sqrt(np.where(sums.true > 0, np.square(errors), 0.0).sum(axis=1))
    return total


def _brier_error(sums: Sums) -> Floats:
    mean = ratio(sums.squared, sums.n, empty=np.nan)
    return _error_of_mean(mean, sums.moments[:, [3, 4, 2]], sums.n)


@metric(
    "log_loss",
    "loss",
    standard_error=_log_loss_error,
    influence=lambda summer: summer.loss_influence(),
)
def log_loss(sums: Sums) -> Floats:
    """Return the mean of -ln p(true class).

    Probabilities are clipped to [eps, 1 - eps] with eps = 2.2e-16, as scikit-learn does.
    """
    return ratio(sums.loss.sum(axis=1), sums.n, empty=np.nan)


@metric(
    "weighted_log_loss",
    "loss",
    standard_error=_weighted_log_loss_error,
    influence=lambda summer: summer.loss_influence(by_class=True),
)
def weighted_log_loss(sums: Sums) -> Floats:
    """Return the log loss with each class weighing the same, however many items it has.

    It is the mean over the classes present of their mean -ln p(true class): the score of the
    STRIP AI challenge (Mayo Clinic, 2022), where two classes at 50 % score 0.6931.
    """
    return over_present(ratio(sums.loss, sums.true, empty=np.nan), sums)


def _auroc_influence(summer: Summer) -> Floats:
    by_class = summer.auroc_influence()
    is_defined = np.isfinite(by_class).all(axis=1)
    pulled: Floats = by_class[is_defined].mean(axis=0)
    return pulled


@metric("auroc", "macro", influence=_auroc_influence)
def auroc(sums: Sums) -> Floats:
    """Return the area under the ROC curve.

    Two classes: the probability of the second one (index 1) separates them, as is usual; which
    is called the second matters only where rounding to 1 makes ties. More classes: the plain
    mean of each class against the rest (scikit-learn's `multi_class="ovr"`), over the classes
    that have both items and others. NaN when only one class has items.
    """
    is_defined = np.isfinite(sums.auroc)
    total = np.where(is_defined, sums.auroc, 0.0).sum(axis=1)
    return ratio(total, is_defined.sum(axis=1), empty=np.nan)


@metric(
    "brier",
    "loss",
    standard_error=_brier_error,
    influence=lambda summer: summer.squared_influence(),
)
def brier(sums: Sums) -> Floats:
    """Return the mean over items of sum_k (p_k - y_k)^2, from 0 to 2 (Brier 1950).

    For two classes it is twice scikit-learn's `brier_score_loss` of a binary target, which
    counts one of the two equal terms.
    """
    return ratio(sums.squared, sums.n, empty=np.nan)


@metric("ece", "distance")
def ece(sums: Sums) -> Floats:
    """Return the expected calibration error: |share right - mean confidence|, averaged.

    Confidence is the probability of the predicted class, in 15 bins of equal width (a, b]; each
    bin weighs as many items as it holds (Guo et al. 2017).
    """
    gaps = np.abs(sums.bin_hit - sums.bin_confidence)
    return ratio(gaps.sum(axis=1), sums.n, empty=np.nan)


def _error_of_mean(mean: Floats, moments: Floats, n: Floats) -> Floats:
    """Return the standard error over groups of a mean over items (the ratio estimator's).

    It is sqrt(sum over groups of (total - mean * size)^2) / n, multiplied out into `moments`,
    (..., 3): the sums of total^2, total * size and size^2.
    """
    spread = moments[..., 0] - 2 * mean * moments[..., 1] + mean**2 * moments[..., 2]
    noise = 1e-12 * moments[..., 0]  # what rounding leaves of a difference of equal numbers
    return ratio(np.sqrt(np.where(spread > noise, spread, 0.0)), n, empty=np.nan)
