"""What training makes small: cross-entropy of one label or of several, weighted and focal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import (
    cross_entropy,
    log_softmax,
    logsigmoid,
)

from tamiz.core.recipe import TrainOptions
from tamiz.engine.feed import Batch
from tamiz.engine.teacher_options import TeacherOptions
from tamiz.engine.teaching import distillation_loss, feature_loss

MOST_WEIGHT: Final = 10.0  # of a label's positives; their least weight is 1 / 10


@dataclass(frozen=True, slots=True)
class Loss:
    """The mean loss of a batch.

    With one label per image targets are classes by number, (n,) int64, or shares of classes,
    (n, K) float; with several, (n, K) float 0 or 1, each label on its own.

    Attributes:
        n_classes: K.
        is_multilabel: whether each label stands on its own (sigmoid) or they compete (softmax).
        smoothing: share of a target that is spread evenly over all classes.
        gamma: of the focal loss (Lin et al. 2017): what is predicted with probability p counts
            (1 - p) ** gamma; 0 is cross-entropy.
        weights: (K,) of classes, mean 1 over training rows; with several labels, the weight of a
            label's positives, 1/10 to 10; None: all alike.
    """

    n_classes: int
    is_multilabel: bool = False
    smoothing: float = 0.0
    gamma: float = 0.0
    weights: Tensor | None = None

    def __call__(self, scores: Tensor, targets: Tensor) -> Tensor:
        """Return the mean loss of float32 scores (n, K)."""
        if self.is_multilabel:
            return self._of_labels(scores, targets)
        if self.gamma == 0 and self.weights is None:
            return cross_entropy(scores, targets, label_smoothing=self.smoothing)
        shares = self._shares(scores, targets)
        logs = log_softmax(scores, dim=1)
        terms = -shares * logs
        if self.gamma > 0:
            terms = terms * (1 - logs.exp()).clamp_min(0) ** self.gamma
        if self.weights is not None:
            terms = terms * self.weights
        return terms.sum(1).mean()

    @property
    def of_ignorance(self) -> float:
        """Return the mean cross-entropy of a network that knows nothing."""
        return math.log(2) if self.is_multilabel else math.log(self.n_classes)

    def _shares(self, scores: Tensor, targets: Tensor) -> Tensor:
        if targets.ndim == 1:
            targets = torch.nn.functional.one_hot(targets, self.n_classes).to(scores.dtype)
        return targets * (1 - self.smoothing) + self.smoothing / self.n_classes

    def _of_labels(self, scores: Tensor, targets: Tensor) -> Tensor:
        targets = targets * (1 - self.smoothing) + self.smoothing / 2
        yes, no = logsigmoid(scores), logsigmoid(-scores)
        weight_yes = 1.0 if self.weights is None else self.weights
        if self.gamma > 0:
            weight_yes = weight_yes * no.exp() ** self.gamma
            no = no * yes.exp() ** self.gamma
        return -(targets * weight_yes * yes + (1 - targets) * no).mean()


@dataclass(frozen=True, slots=True)
class Listening:
    """How a teacher is listened to.

    Attributes:
        options: temperature, share of the teacher's answers, weight of its features.
        is_multilabel: whether its answers are one probability per label.
    """

    options: TeacherOptions
    is_multilabel: bool = False

    def mixed(self, loss: Tensor, scores: Tensor, batch: Batch, module: nn.Module) -> Tensor:
        """Return the loss on labels mixed with the distances from the teacher's answers.

        Of scores: the Kullback-Leibler divergence at the temperature T, times T squared; with
        several labels the binary cross-entropy likewise. Of features: see `teaching`.
        """
        options, made = self.options, loss
        if batch.teacher is not None and options.share > 0:
            apart = distillation_loss(
                scores,
                batch.teacher,
                options.temperature,
                is_multilabel=self.is_multilabel,
            )
            made = (1 - options.share) * made + options.share * apart
        if batch.teacher_features is not None:
            made = made + options.features * feature_loss(module, batch.teacher_features)
        return made


def make_loss(
    train: TrainOptions, targets: NDArray[Any], classes: Sequence[str], device: torch.device
) -> Loss:
    """Return the recipe's loss for training rows with these targets."""
    is_multilabel = targets.ndim == 2
    weights = None
    if train.balance == "weights":
        found = positive_weights(targets) if is_multilabel else class_weights(targets, len(classes))
        weights = torch.from_numpy(found.astype(np.float32)).to(device)
    return Loss(
        n_classes=len(classes),
        is_multilabel=is_multilabel,
        smoothing=train.label_smoothing,
        gamma=train.focal_gamma if train.loss == "focal" else 0.0,
        weights=weights,
    )


def class_weights(targets: NDArray[np.int64], n_classes: int) -> NDArray[np.float64]:
    """Return (K,) n / (K * images of the class): each class weighs alike, the mean row weighs 1.

    It is scikit-learn's 'balanced'. A class without rows gets weight 0.
    """
    counts = np.bincount(targets, minlength=n_classes)
    present = counts > 0
    made = np.zeros(n_classes)
    made[present] = len(targets) / (present.sum() * counts[present])
    return made


def positive_weights(targets: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return (K,) images without the label for each image with it, from 1/10 to 10.

    Unbounded, the few images of a rare label (4 of 700 would weigh 174) pull all that the labels
    share, and training can collapse: on the drawn radiographs of workflow E (22 labels, small
    network at 32 px, 16 epochs) the mean F1 per image of three seeds was 0.42, 0.48 and 0.95
    unbounded, 0.93, 0.95 and 0.95 so, 0.88, 0.92 and 0.94 without weights (72 validation images
    of 39 patients, which chose the thresholds as well). Cui et al. 2019 temper weights by rarity
    for the same reason.
    """
    n_with = targets.sum(axis=0, dtype=np.float64)
    ratio = (len(targets) - n_with) / np.maximum(n_with, 1e-9)
    made: NDArray[np.float64] = np.clip(ratio, 1 / MOST_WEIGHT, MOST_WEIGHT)
    return made
