"""Workflow C's network."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from tamiz.models.registry import InputShape


def cnn_net(shape: InputShape, widths: Sequence[int], dense: int, side: int) -> nn.Sequential:
    """Return blocks of 3x3 convolution, pool and ReLU, then two dense layers.

    Pooling before ReLU gives the same output (ReLU is monotone) for a quarter of ReLU's work.

    Args:
        shape: the input and the number of classes.
        widths: filters of each block.
        dense: units of the hidden dense layer.
        side: side of the feature map after the last block.
    """
    layers: list[nn.Module] = []
    last = shape.n_channels
    for width in widths:
        layers += [nn.Conv2d(last, width, 3), nn.MaxPool2d(2), nn.ReLU(inplace=True)]
        last = width
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(last * side * side, dense),
        nn.ReLU(inplace=True),
        nn.Linear(dense, shape.n_classes),
    )
