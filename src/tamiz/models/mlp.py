"""A multilayer perceptron on pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tamiz.core.fields import option
from tamiz.models.registry import MODELS, InputShape, ModelSpec, epochs_for

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class MlpOptions:
    """Hidden layers (ReLU) and dropout after each."""

    hidden: list[int] = option([512, 256], low=1, high=65_536)
    dropout: float = option(0.2, low=0.0, high=0.9)


def build(shape: InputShape, options: MlpOptions) -> nn.Module:
    """Return dense layers on the flattened pixels."""
    from tamiz.models.nets.dense import dense_net

    n_inputs = shape.n_channels * shape.side_px**2
    return dense_net(n_inputs, options.hidden, shape.n_classes, dropout=options.dropout)


def suggest(n_train: int, side_px: int, n_classes: int) -> dict[str, object]:  # noqa: ARG001
    """Return training settings that suit it."""
    return {
        "epochs": epochs_for(n_train, images=900_000, low=12, high=100),
        "batch_size": 128 if n_train >= 2000 else 32,
        "optimiser": "adamw",
        "learning_rate": 2e-3,
        "weight_decay": 0.01,
        "schedule": "one-cycle",
        "warmup_fraction": 0.2,
        "label_smoothing": 0.05,
        "ema_decay": 0.0,
    }


MODELS.add("mlp")(ModelSpec("mlp", MlpOptions, build, suggest))
