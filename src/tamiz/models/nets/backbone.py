"""A network of timm or torchvision with a head of one's own."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from tamiz.core.errors import WrongUse
from tamiz.models.backbone import CLASSICAL_HEADS
from tamiz.models.nets.columns import ClassicalHead
from tamiz.models.nets.heads import make_head
from tamiz.models.registry import InputShape

if TYPE_CHECKING:
    from tamiz.models.backbone import BackboneOptions
    from tamiz.models.nets.families import Network

_QUIETER = 0.01
# What the libraries raise where an input is too small, or of a size that the network cannot take.
_MISFIT = (RuntimeError, AssertionError, ValueError, IndexError, ZeroDivisionError)


class Backbone(nn.Module):
    """`base` makes (n, features) of normalised images, `head` scores of these.

    Attributes:
        base: the network without its classifier.
        head: (n, features) to (n, classes).
        n_features: how many features.
        network: of which library and name, for those who put weights into it.
        shape: of its input, and how many classes.
    """

    def __init__(
        self, base: nn.Module, head: nn.Module, n_features: int, network: Network, shape: InputShape
    ) -> None:
        super().__init__()
        self.base = base
        self.head = head
        self.n_features = n_features
        self.network = network
        self.shape = shape

    def forward(self, images: Tensor) -> Tensor:
        """Return (n, classes) scores of (n, channels, height, width) normalised images."""
        scores: Tensor = self.head(self.features(images))
        return scores

    def features(self, images: Tensor) -> Tensor:
        """Return (n, features)."""
        made: Tensor = self.base(images)
        return made.flatten(1)


def build_backbone(network: Network, shape: InputShape, options: BackboneOptions) -> Backbone:
    """Return the network with a new head, all weights at random.

    Raises:
        WrongUse: the network does not take images of this size, or has no paths to drop.
    """
    n_features = n_features_of(network, shape.n_channels, shape.side_px, options.drop_path)
    base = network.base(shape.n_channels, shape.side_px, options.drop_path)
    head = _new_head(n_features, shape.n_classes, options)
    _quieten(head)
    return Backbone(base, head, n_features, network, shape)


def _new_head(n_features: int, n_classes: int, options: BackboneOptions) -> nn.Module:
    if options.head in CLASSICAL_HEADS:
        return ClassicalHead(options.head, n_classes, options.classical().sizes())
    sizes = options.hidden, options.dropout, options.head_rows
    return make_head(options.head, n_features, n_classes, *sizes)


@torch.no_grad()
def _quieten(head: nn.Module) -> None:
    """Let a new head begin with scores near 0, however large the features are.

    SqueezeNet's are large: from PyTorch's usual weights the first loss is 8.9, and not ln K.
    """
    dense = [part for part in head.modules() if isinstance(part, nn.Linear)]
    if dense:
        dense[-1].weight.mul_(_QUIETER)
        dense[-1].bias.zero_()


@lru_cache(maxsize=64)
def n_features_of(network: Network, n_channels: int, side_px: int, drop_path: float) -> int:
    """Return how many features the network makes of images of this size; nothing is computed.

    Raises:
        WrongUse: it does not take them, or has no paths to drop.
    """
    try:
        with torch.device("meta"), torch.no_grad():
            base = network.base(n_channels, side_px, drop_path).eval()
            made = base(torch.zeros(1, n_channels, side_px, side_px))
    except TypeError as error:
        key = "networks.no_drop_path" if drop_path > 0 else "networks.wrong_size"
        raise _misfit(key, network, side_px, error) from error
    except _MISFIT as error:
        raise _misfit("networks.wrong_size", network, side_px, error) from error
    return int(made.flatten(1).shape[1])


def _misfit(key: str, network: Network, side_px: int, error: Exception) -> WrongUse:
    reason = " ".join(str(error).split())[:160]
    own = network.facts().size_px
    return WrongUse.of(key, where=network.name, side=side_px, own=own, reason=reason)
