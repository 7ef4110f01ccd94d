"""Classical classifiers as heads: fitted at once on the features of a frozen network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.language import text
from tamiz.engine.classical.facts import put_into, sizes_of, told_of
from tamiz.engine.classical.fitting import Sample, fit_best
from tamiz.engine.device import thread_count, using_threads
from tamiz.engine.probe import Samples
from tamiz.models.descriptors import DescriptorsOptions
from tamiz.models.nets.columns import ClassicalHead


def described_sample(part: Samples, groups: Sequence[str]) -> Sample:
    """Return features as the rows that a classical classifier is fitted to.

    Args:
        part: features and class numbers.
        groups: (n,) what belongs together.

    Raises:
        WrongUse: there are several labels per image.
    """
    if part.targets.ndim == 2:
        raise WrongUse.of("features.several_labels", where="model.options.head")
    names = np.array(groups, dtype=np.str_)
    numbers = np.unique(names, return_inverse=True)[1].astype(np.int64).reshape(-1)
    values = part.features.float().cpu().numpy()
    return Sample(values, np.asarray(part.targets, dtype=np.int64), numbers)


def fit_classical_head(
    head: ClassicalHead,
    parts: tuple[Sample, ...],
    options: DescriptorsOptions,
    how: tuple[Sequence[float], int],
    on_event: OnEvent,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fit a head in place as a model on descriptors is fitted; see `fit_best`.

    Settings are chosen by cross-validation within the training rows; validation rows are left for
    the calibration. The arrays are compared with scikit-learn's own answers before they are kept.

    Args:
        head: to be filled.
        parts: training rows and validation rows; the latter may be none.
        options: of the head.
        how: class weights (empty: all 1), and the seed of folds, forest and boosting.
        on_event: told about progress.

    Returns:
        What was chosen, for the bundle's description; options that its network is built with.

    Raises:
        WrongData: training rows are of one class only, or all have the same features.
    """
    train, val = parts
    if len(np.unique(train.targets)) < 2:
        raise WrongData.of("features.one_class", where="train")
    if not np.ptp(train.values, axis=0).any():
        raise WrongData.of("features.all_alike", where="train", n=len(train))
    device = head.columns.device
    with using_threads(thread_count()):
        fitted = fit_best(train, options, *how, on_event)
        if not fitted.has_converged:
            on_event(Event("train", "warning", text("classical.not_converged")))
        facts = put_into(head.cpu(), fitted, (val if len(val) else train).values)
    head.to(device)
    told = told_of(fitted, head.kind, train.values.shape)
    return {"head": head.kind, **told, **facts}, {"fitted": {"sizes": sizes_of(fitted)}}
