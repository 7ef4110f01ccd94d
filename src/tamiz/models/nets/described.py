"""Descriptors, columns and a classical classifier as one network, so that it travels like any."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tamiz.descriptors.described import Described
from tamiz.models.nets.columns import ColumnsNet


class DescribedNet(ColumnsNet):
    """Pixels are described on the CPU; the classifier answers from the chosen, scaled columns.

    Descriptors are kept as float32, as they were when the classifier learnt. The layer `inputs` is
    what a guard looks at.
    """

    def __init__(
        self, described: Described, classifier: str, n_classes: int, sizes: Mapping[str, int]
    ) -> None:
        super().__init__(classifier, n_classes, sizes)
        self.described = described

    def forward(self, pixels: Tensor) -> Tensor:
        """Return (batch, classes) float64 scores of (batch, channels, height, width) in 0..1."""
        whole = (pixels * 255).round().clamp(0, 255).to(torch.uint8)
        images = whole.permute(0, 2, 3, 1).cpu().numpy()
        values = torch.from_numpy(described_float32(self.described, images))
        return self.scores_of(values.to(self.centre.device))


def described_float32(described: Described, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (n, k) descriptors of (n, height, width, channels), as they are learnt and read."""
    return described(np.ascontiguousarray(images)).astype(np.float32)
