"""Multinomial logistic regression on pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tamiz.models.registry import MODELS, InputShape, ModelSpec, epochs_for

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class SoftmaxOptions:
    """The softmax model has no options."""


def build(shape: InputShape, options: SoftmaxOptions) -> nn.Module:  # noqa: ARG001
    """Return one dense layer on the flattened pixels."""
    from tamiz.models.nets.dense import dense_net

    return dense_net(shape.n_channels * shape.side_px**2, [], shape.n_classes, dropout=0.0)


def suggest(n_train: int, side_px: int, n_classes: int) -> dict[str, object]:  # noqa: ARG001
    """Return training settings that suit it."""
    return {
        "epochs": epochs_for(n_train, images=600_000, low=10, high=100),
        "batch_size": 128 if n_train >= 2000 else 32,
        "optimiser": "adam",
        "learning_rate": 5e-3,
        "weight_decay": 0.0,
        "schedule": "linear",
        "warmup_fraction": 0.0,
        "label_smoothing": 0.0,
        "ema_decay": 0.0,
    }


MODELS.add("softmax")(ModelSpec("softmax", SoftmaxOptions, build, suggest))
