"""Dense layers on flattened pixels: softmax and multilayer perceptron."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn


def dense_net(
    n_inputs: int, hidden: Sequence[int], n_classes: int, *, dropout: float
) -> nn.Sequential:
    """Return flatten, for each of `hidden` dense + ReLU + dropout, then dense to the scores."""
    layers: list[nn.Module] = [nn.Flatten()]
    last = n_inputs
    for width in hidden:
        layers += [nn.Linear(last, width), nn.ReLU(inplace=True)]
        if dropout > 0:
            layers.append(nn.Dropout(dropout))
        last = width
    return nn.Sequential(*layers, nn.Linear(last, n_classes))
