"""Two images of the batch in one: mixup and cutmix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import torch
from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.choosing import per_image
from tamiz.engine.augment.registry import AUGMENTATIONS

_PARTS: Final = 256


@AUGMENTATIONS.add("mixup")
@dataclass(frozen=True, slots=True)
class Mixup:
    """Lay another image of the batch over each image, and its class over the class.

    The share of the image itself is drawn from Beta(`alpha`, `alpha`), the larger part counting:
    an image stays mostly itself. In whole parts of 256.

    Source: H. Zhang et al., mixup: Beyond empirical risk minimization, ICLR 2018.
    """

    name: ClassVar[str] = "mixup"
    n_uniforms: ClassVar[int] = 3

    alpha: float = option(0.2, low=0.01, high=100.0)
    probability: float = option(1.0, low=0.0, high=1.0)

    def mix(self, images: Tensor, targets: Tensor, uniforms: Tensor) -> tuple[Tensor, Tensor]:
        """Return images and targets, each mixed with those of its partner."""
        partners = _partners(uniforms[:, 0])
        own = _beta(uniforms[:, 1], self.alpha)
        own = torch.where(uniforms[:, 2] < self.probability, torch.maximum(own, 1 - own), 1.0)
        own = (own * _PARTS).round() / _PARTS
        share = per_image(own)
        mixed = images.float().mul_(share).add_(images[partners].float().mul_(1 - share))
        made = torch.empty_like(images).copy_(mixed.round_())
        return made, _mixed_targets(targets, partners, own)


@AUGMENTATIONS.add("cutmix")
@dataclass(frozen=True, slots=True)
class Cutmix:
    """Paste a rectangle of another image of the batch into each image; classes share by area.

    The area of the rectangle is drawn from Beta(`alpha`, `alpha`).

    Source: S. Yun et al., CutMix: Regularization strategy to train strong classifiers with
    localizable features, ICCV 2019.
    """

    name: ClassVar[str] = "cutmix"
    n_uniforms: ClassVar[int] = 5

    alpha: float = option(1.0, low=0.01, high=100.0)
    probability: float = option(1.0, low=0.0, high=1.0)

    def mix(self, images: Tensor, targets: Tensor, uniforms: Tensor) -> tuple[Tensor, Tensor]:
        """Return images and targets, each with a part of its partner's."""
        partners = _partners(uniforms[:, 0])
        chosen = uniforms[:, 4] < self.probability
        fraction = torch.where(chosen, _beta(uniforms[:, 1], self.alpha), 0.0).sqrt()
        rows = _covered(images.shape[2], fraction, uniforms[:, 2])
        columns = _covered(images.shape[3], fraction, uniforms[:, 3])
        pasted = (rows[:, :, None] & columns[:, None])[:, None]
        area = rows.sum(dim=1) * columns.sum(dim=1)
        own = 1 - area.double() / (images.shape[2] * images.shape[3])
        made = torch.where(pasted, images[partners], images)
        return made, _mixed_targets(targets, partners, own)


def _partners(uniforms: Tensor) -> Tensor:
    """Return (batch,) whom each image is mixed with: the next one, in the order of the numbers."""
    order = uniforms.argsort(stable=True)
    partners = torch.empty_like(order)
    partners[order] = order.roll(-1)
    return partners


def _beta(uniforms: Tensor, alpha: float) -> Tensor:
    """Return (batch,) float64 from Beta(alpha, alpha)."""
    if alpha == 1:
        return uniforms
    from scipy.special import betaincinv

    return torch.from_numpy(betaincinv(alpha, alpha, uniforms.cpu().numpy())).to(uniforms.device)


def _covered(side: int, fraction: Tensor, place: Tensor) -> Tensor:
    """Return (batch, side) bool: the rows or columns that a part of that length covers."""
    length = (fraction * side).round().long()
    start = (place * (side - length + 1)).long()
    at = torch.arange(side, device=place.device)[None, :]
    return (at >= start[:, None]) & (at < (start + length)[:, None])


def _mixed_targets(targets: Tensor, partners: Tensor, own: Tensor) -> Tensor:
    share = own.to(targets.dtype)[:, None]
    return targets * share + targets[partners] * (1 - share)
