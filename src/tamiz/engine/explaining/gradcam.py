"""Grad-CAM: the last feature maps, each weighted by what it does for the class."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

from tamiz.core.errors import WrongUse
from tamiz.engine.explaining.layers import last_map_layer, output_of
from tamiz.engine.explaining.registry import EXPLAINERS, Map
from tamiz.engine.explaining.subject import Subject, as_values


@EXPLAINERS.add("gradcam")
class GradCam:
    """Weighted sum of the last feature maps; the weight of each is its mean gradient, cut at 0.

    Source: Selvaraju et al. 2017, "Grad-CAM", ICCV, equations 1 and 2. Where answers are the mean
    over an image and its mirror image, so is the weighted sum.
    """

    is_signed: ClassVar[bool] = False
    is_of_class: ClassVar[bool] = True

    def check(self, subject: Subject) -> None:
        """Raise `WrongUse` where the network has no feature maps, or scores without a slope."""
        subject.refuse_without_gradients("--with gradcam")
        self._layer(subject)

    def explain(self, subject: Subject, pixels: NDArray[np.uint8], target: int) -> Map:
        """Return the map, enlarged to the input with bilinear interpolation."""
        layer, values = self._layer(subject), as_values(pixels[np.newaxis])
        raw = _weighted(subject, layer, values, target)
        if subject.is_mirrored:
            raw = (raw + _weighted(subject, layer, values.flip(-1), target).flip(-1)) / 2
        height, width, _ = subject.shape
        made = interpolate(
            raw.relu()[None, None], size=(height, width), mode="bilinear", align_corners=False
        )
        grid = (int(raw.shape[0]), int(raw.shape[1]))
        return Map(made[0, 0].double().numpy(), layer=layer, grid=grid)

    def _layer(self, subject: Subject) -> str:
        layer = last_map_layer(subject.net, as_values(subject.filled()[np.newaxis]))
        if layer is None:
            raise WrongUse.of("explaining.no_maps", where="--with gradcam", model=subject.name)
        return layer


def _weighted(subject: Subject, layer: str, values: Tensor, target: int) -> Tensor:
    """Return (rows, columns): the sum over maps, weighted by their mean gradients, not yet cut."""
    asked = values.clone().requires_grad_()
    with torch.enable_grad():
        scores, maps = output_of(subject.net, layer, lambda: subject.net(asked))
        (gradient,) = torch.autograd.grad(scores[0, target], maps)
    weights = gradient[0].mean((1, 2))
    return (weights[:, None, None] * maps[0]).sum(0).detach()
