"""The network that is asked: scores with gradients, and probabilities as `predict` gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tamiz.core.errors import WrongUse
from tamiz.engine.infer import (
    full_batch,
    inference_batch,
    predict_probabilities,
    with_aligned_rows,
)
from tamiz.engine.prepared import InMemory
from tamiz.metrics.calibration import Calibration
from tamiz.models.bundle import Bundle
from tamiz.models.nets.mirrored import Mirrored

Baseline = Literal["mean", "black"]
_AT_ONCE: Final = 8  # images whose gradients are held together


@dataclass(frozen=True, slots=True)
class Asking:
    """How maps are made.

    Attributes:
        patch: side of what occlusion hides at a time, as a share of the image's side.
        stride: how far it moves, as a share of the side.
        steps: of integrated gradients between baseline and image.
        baseline: what stands for nothing: the 'mean' colour of the training images, or 'black'.
    """

    patch: float = 0.2
    stride: float = 0.1
    steps: int = 64
    baseline: Baseline = "mean"


@dataclass(frozen=True, slots=True)
class Subject:
    """One network to be asked.

    Attributes:
        name: of its architecture, for those who are told why it cannot be explained.
        net: reads (n, channels, height, width) values 0..255, gives scores.
        whole: what `predict` asks: `net`, perhaps of the image and its mirror image.
        shape: (height, width, channels) of its input.
        fill: per channel, the colour 0..255 that stands for nothing.
        how: see `Asking`.
        calibration: what scores go through before they are probabilities.
        is_multilabel: whether each label stands on its own.
        is_mirrored: whether scores are the mean over the image and its mirror image.
    """

    name: str
    net: nn.Module
    whole: nn.Module
    shape: tuple[int, int, int]
    fill: tuple[int, ...]
    how: Asking = field(default_factory=Asking)
    calibration: Calibration | None = None
    is_multilabel: bool = False
    is_mirrored: bool = False

    @classmethod
    def of(cls, bundle: Bundle, how: Asking, module: nn.Module | None = None) -> Subject:
        """Return the network of a bundle that is no ensemble.

        Args:
            bundle: a single network.
            how: how maps are to be made.
            module: a network to be asked in place of the bundle's own (random weights, say).
        """
        module = bundle.module() if module is None else module
        net = module.net if isinstance(module, Mirrored) else module
        side, n = bundle.size_px, bundle.channels
        colour = (0.0,) * n if how.baseline == "black" else bundle.mean
        return cls(
            name=bundle.model,
            net=net,
            whole=with_aligned_rows(module),
            shape=(side, side, n),
            fill=tuple(round(255 * min(1.0, max(0.0, value))) for value in colour),
            how=how,
            calibration=bundle.calibration,
            is_multilabel=bundle.is_multilabel,
            is_mirrored=isinstance(module, Mirrored),
        )

    def probabilities(self, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, classes) of (n, height, width, channels), to the bit as `predict` does."""
        return predict_probabilities(
            self.whole,
            InMemory(np.require(pixels, requirements=["C", "W"])),
            calibration=self.calibration,
            is_multilabel=self.is_multilabel,
            device=torch.device("cpu"),
        )

    def scores(self, values: Tensor) -> Tensor:
        """Return (n, classes) raw scores of (n, channels, height, width) values; differentiable."""
        made: Tensor = self.net(values)
        return (made + self.net(values.flip(-1))) / 2 if self.is_mirrored else made

    def scores_of(self, values: Tensor) -> NDArray[np.float64]:
        """Return `scores` without gradients, in batches of one size."""
        size = inference_batch(self.shape)
        made = []
        with torch.no_grad():
            for start in range(0, len(values), size):
                batch = values[start : start + size]
                made.append(self.scores(full_batch(batch, size))[: len(batch)].double().numpy())
        return np.concatenate(made)

    def refuse_without_gradients(self, where: str) -> None:
        """Raise `WrongUse` where scores have no slope: trees and descriptors go in steps.

        Args:
            where: the option that asks for gradients.
        """
        asked = as_values(self.filled()[np.newaxis]).requires_grad_()
        with torch.enable_grad():
            has_slope = self.scores(asked).requires_grad
        if not has_slope:
            raise WrongUse.of("explaining.no_gradients", where=where, model=self.name)

    def gradients(self, values: Tensor, target: int) -> NDArray[np.float64]:
        """Return (n, channels, height, width): of the class's raw score by the input values."""
        made = []
        for start in range(0, len(values), _AT_ONCE):
            batch = values[start : start + _AT_ONCE]
            asked = full_batch(batch, _AT_ONCE).requires_grad_()
            with torch.enable_grad():
                score = self.scores(asked)[:, target].sum()
            (found,) = torch.autograd.grad(score, asked)
            made.append(found[: len(batch)].double().numpy())
        return np.concatenate(made)

    def filled(self) -> NDArray[np.uint8]:
        """Return (height, width, channels), an image of nothing."""
        made = np.empty(self.shape, dtype=np.uint8)
        made[:] = self.fill
        return made


def as_values(images: Sequence[NDArray[np.uint8]] | NDArray[np.uint8]) -> Tensor:
    """Return (n, channels, height, width) float32 of (n, height, width, channels), 0..255."""
    stacked = np.stack(list(images)) if not isinstance(images, np.ndarray) else images
    turned = np.ascontiguousarray(stacked.transpose(0, 3, 1, 2), dtype=np.float32)
    return torch.from_numpy(turned)
