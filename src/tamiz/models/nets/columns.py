"""Chosen, scaled, perhaps projected columns and the classical classifier that reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tamiz.models.nets.classical import Classifier, make_classifier, steady_product

COLUMN_ARRAYS: Final = ("columns", "centre", "scale", "axes")


class ColumnsNet(nn.Module):
    """Rows of numbers in, scores out; all its arrays are fitted at once, none by an optimiser.

    The layer `inputs` sees the columns as they go into the classifier.

    Attributes:
        n_classes: scores of a row.
        kind: of the classifier.
    """

    columns: nn.Parameter
    centre: nn.Parameter
    scale: nn.Parameter
    axes: nn.Parameter

    def __init__(self, kind: str, n_classes: int, sizes: Mapping[str, int]) -> None:
        """Make room for arrays of the given sizes.

        Args:
            kind: of classifier, see `make_classifier`.
            n_classes: that there are.
            sizes: 'columns', 'axes' and those of the classifier; empty before it is fitted.
        """
        super().__init__()
        self.n_classes, self.kind = n_classes, kind
        n = int(sizes.get("columns", 0))
        self.columns = fixed(torch.zeros(n, dtype=torch.int64))
        self.centre = fixed(torch.zeros(n, dtype=torch.float64))
        self.scale = fixed(torch.ones(n, dtype=torch.float64))
        n_axes = int(sizes.get("axes", 0))
        self.axes = fixed(torch.zeros(n_axes, n, dtype=torch.float64))
        self.inputs = nn.Flatten()
        self.classifier: Classifier = make_classifier(kind, n_axes or n, n_classes, sizes)

    def scores_of(self, values: Tensor) -> Tensor:
        """Return (n, classes) float64 scores of (n, all columns) float32 values."""
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

    def mix_up(self, order: Tensor) -> None:
        """Let each column be read in another's place: what was learnt of them is then worthless.

        Args:
            order: of the chosen columns.
        """
        for name in ("columns", "centre", "scale"):
            setattr(self, name, fixed(getattr(self, name).detach()[order]))


class ClassicalHead(ColumnsNet):
    """A classical classifier on the features of a frozen network; 'svm', 'forest', 'boosting'."""

    def forward(self, features: Tensor) -> Tensor:
        """Return (n, classes) float64 scores of (n, features); 0 before anything is fitted."""
        if not len(self.columns):
            return features.new_zeros(len(features), self.n_classes, dtype=torch.float64)
        return self.scores_of(features.float())


def inputs_of(
    values: Tensor, columns: Tensor, scaling: tuple[Tensor, Tensor], axes: Tensor
) -> Tensor:
    """Return (n, k) float32: what a classifier reads of (n, all columns) float32 values.

    Args:
        values: descriptors, or features of a network.
        columns: positions of those that count.
        scaling: of them, the centre that is subtracted, and what divides.
        axes: (k, columns) principal components; none: the columns themselves.
    """
    centre, scale = scaling
    chosen = (values[:, columns].double() - centre) / scale
    made = steady_product(chosen, axes) if len(axes) else chosen
    return made.float()


def fixed(values: Tensor) -> nn.Parameter:
    """Return a parameter that no optimiser moves."""
    return nn.Parameter(values, requires_grad=False)
