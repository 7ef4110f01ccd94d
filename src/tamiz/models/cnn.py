"""Workflow C's convolutional network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tamiz.core.errors import WrongUse
from tamiz.core.fields import option
from tamiz.models.registry import MODELS, InputShape, ModelSpec, epochs_for

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class CnnOptions:
    """One block (3x3 convolution without padding, ReLU, 2x2 max pool) for each of `widths`."""

    widths: list[int] = option([32, 64, 128], low=1, high=4096)
    dense: int = option(128, low=1, high=65_536)


def side_after(side_px: int, n_blocks: int) -> int:
    """Return the side of the feature map after `n_blocks` blocks; 0 or less: none is left."""
    for _ in range(n_blocks):
        side_px = (side_px - 2) // 2
    return side_px


def check(shape: InputShape, options: CnnOptions) -> None:
    """Raise `WrongUse` when the input is too small for the number of blocks."""
    n_blocks = len(options.widths)
    if side_after(shape.side_px, n_blocks) < 1:
        needed = next(side for side in range(3, 10**6) if side_after(side, n_blocks) >= 1)
        possible = next(n for n in range(n_blocks, -1, -1) if side_after(shape.side_px, n) >= 1)
        raise WrongUse.of(
            "models.input_too_small",
            where="model cnn",
            side=shape.side_px,
            n_blocks=n_blocks,
            needed=needed,
            possible=possible,
        )


def build(shape: InputShape, options: CnnOptions) -> nn.Module:
    """Return the network; for 28 x 28 x 1 and 10 classes it has 110,474 parameters."""
    from tamiz.models.nets.cnn import cnn_net

    check(shape, options)
    side = side_after(shape.side_px, len(options.widths))
    return cnn_net(shape, options.widths, options.dense, side)


def suggest(n_train: int, side_px: int, n_classes: int) -> dict[str, object]:  # noqa: ARG001
    """Return training settings that suit it."""
    return {
        "epochs": epochs_for(n_train, images=600_000, low=10, high=60),
        "batch_size": 32,
        "optimiser": "adam",
        "learning_rate": 2e-3,
        "weight_decay": 0.0,
        "schedule": "one-cycle",
        "warmup_fraction": 0.2,
        "label_smoothing": 0.05,
        "ema_decay": 0.0,
        "augment": [{"name": "flip"}],
    }


MODELS.add("cnn")(ModelSpec("cnn", CnnOptions, build, suggest, check))
