"""Descriptors, columns and a classical classifier as one network, so that it travels like any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tamiz.descriptors.described import Described
from tamiz.models.nets.classical import Classifier, make_classifier, steady_product

COLUMN_ARRAYS: Final = ("columns", "centre", "scale", "axes")


class DescribedNet(nn.Module):
    """Pixels are described on the CPU; the classifier answers from the chosen, scaled columns.

    Descriptors are kept as float32, as they were when the classifier learnt. The layer `columns
    as they go in` is what a guard looks at.
    """

    columns: nn.Parameter
    centre: nn.Parameter
    scale: nn.Parameter
    axes: nn.Parameter

    def __init__(
        self, described: Described, classifier: str, n_classes: int, sizes: Mapping[str, int]
    ) -> None:
        super().__init__()
        self.described = described
        n = int(sizes.get("columns", 0))
        self.columns = fixed(torch.zeros(n, dtype=torch.int64))
        self.centre = fixed(torch.zeros(n, dtype=torch.float64))
        self.scale = fixed(torch.ones(n, dtype=torch.float64))
        n_axes = int(sizes.get("axes", 0))
        self.axes = fixed(torch.zeros(n_axes, n, dtype=torch.float64))
        self.inputs = nn.Flatten()
        self.classifier: Classifier = make_classifier(classifier, n_axes or n, n_classes, sizes)

    def forward(self, pixels: Tensor) -> Tensor:
        """Return (batch, classes) float64 scores of (batch, channels, height, width) in 0..1."""
        whole = (pixels * 255).round().clamp(0, 255).to(torch.uint8)
        images = whole.permute(0, 2, 3, 1).cpu().numpy()
        values = torch.from_numpy(described_float32(self.described, images))
        return self.scores_of(values.to(self.centre.device))

    def scores_of(self, values: Tensor) -> Tensor:
        """Return (n, classes) float64 scores of (n, all columns) float32 descriptors."""
        scores: Tensor = self.classifier(self.inputs(self.scaled(values)))
        return scores

    def scaled(self, values: Tensor) -> Tensor:
        """Return (n, k) float32, chosen columns or their components, as the classifier reads."""
        return inputs_of(values, self.columns, (self.centre, self.scale), self.axes)

    def take(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take over fitted arrays: those in `COLUMN_ARRAYS` and those of the classifier."""
        for name in COLUMN_ARRAYS:
            setattr(self, name, fixed(torch.from_numpy(np.array(arrays[name]))))
        rest = {name: one for name, one in arrays.items() if name not in COLUMN_ARRAYS}
        self.classifier.take(rest)


def inputs_of(
    values: Tensor, columns: Tensor, scaling: tuple[Tensor, Tensor], axes: Tensor
) -> Tensor:
    """Return (n, k) float32: what a classifier reads of (n, all columns) float32 descriptors.

    Args:
        values: of the descriptors.
        columns: positions of those that count.
        scaling: of them, the centre that is subtracted, and what divides.
        axes: (k, columns) principal components; none: the columns themselves.
    """
    centre, scale = scaling
    chosen = (values[:, columns].double() - centre) / scale
    made = steady_product(chosen, axes) if len(axes) else chosen
    return made.float()


def described_float32(described: Described, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (n, k) descriptors of (n, height, width, channels), as they are learnt and read."""
    return described(np.ascontiguousarray(images)).astype(np.float32)


def fixed(values: Tensor) -> nn.Parameter:
    """Return a parameter that no optimiser moves."""
    return nn.Parameter(values, requires_grad=False)
