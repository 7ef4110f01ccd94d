"""Our own network for small images (side 8 to 96 px)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tamiz.core.errors import WrongUse
from tamiz.core.fields import option
from tamiz.models.registry import MODELS, InputShape, ModelSpec, epochs_for

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class SmallOptions:
    """A stage per width; `depth` further convolutions in each, or residual pairs of them."""

    widths: list[int] = option([32, 64, 128], low=1, high=2048)
    depth: int = option(1, low=0, high=8)
    residual: bool = option(default=False)
    dropout: float = option(0.0, low=0.0, high=0.9)


def check(shape: InputShape, options: SmallOptions) -> None:
    """Raise `WrongUse` when there is no stage, or nothing to see."""
    if not options.widths:
        raise WrongUse.of("models.no_widths", where="model small")
    if shape.side_px < 4:
        raise WrongUse.of("models.side_too_small", where="model small", side=shape.side_px)


def build(shape: InputShape, options: SmallOptions) -> nn.Module:
    """Return the network."""
    from tamiz.models.nets.small import SmallNet

    check(shape, options)
    return SmallNet(shape, options)


def suggest(n_train: int, side_px: int, n_classes: int) -> dict[str, object]:  # noqa: ARG001
    """Return training settings that suit it."""
    return {
        "epochs": epochs_for(n_train, images=320_000, low=6, high=30),
        "batch_size": 128 if n_train >= 5000 else 32,
        "optimiser": "adamw",
        "learning_rate": 5e-3,
        "weight_decay": 0.05,
        "schedule": "one-cycle",
        "warmup_fraction": 0.2,
        "label_smoothing": 0.1,
        "ema_decay": 0.0,
        "augment": [{"name": "shift", "fraction": 0.07}, {"name": "flip"}],
    }


MODELS.add("small")(ModelSpec("small", SmallOptions, build, suggest, check))
