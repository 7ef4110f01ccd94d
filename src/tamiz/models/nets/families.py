"""Which networks others have made: timm's by plain name, torchvision's as 'torchvision:NAME'."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

import timm
import torchvision
from torch import Tensor, nn

from tamiz.models.nets.timm_network import TimmNetwork
from tamiz.models.nets.torchvision_network import TorchvisionNetwork
from tamiz.models.registry import InputFacts


class Network(Protocol):
    """A network of somebody else: how it is made and where its weights are."""

    @property
    def name(self) -> str:
        """Return the name as in `[model] name = ...`."""

    def __hash__(self) -> int:
        """Return the same number for the same network."""

    def facts(self) -> InputFacts:
        """Return what it was trained to see."""

    def whole(self, n_classes: int) -> nn.Module:
        """Return it with its own classifier, for its own input size and three channels."""

    def base(self, n_channels: int, side_px: int, drop_path: float) -> nn.Module:
        """Return it without classifier: (n, channels, side, side) to (n, features)."""

    def classifier(self) -> tuple[str, ...]:
        """Return the names of the layers of `whole` that `base` lacks."""

    def aside(self) -> tuple[str, ...]:
        """Return how names begin that its weights may have and it has no use for."""

    def adapted(
        self, weights: Mapping[str, Tensor], n_channels: int, side_px: int
    ) -> dict[str, Tensor]:
        """Return the weights of `whole` as the `base` of other channels and size takes them."""

    def download(self) -> dict[str, Tensor]:
        """Return the public pretrained weights of `whole`, from the cache or the network."""

    def origin(self) -> str:
        """Return where `download` takes them from; empty when there are none."""


@lru_cache(maxsize=256)
def find_network(name: str) -> Network | None:
    """Return the network, or None when neither library has it.

    Args:
        name: 'resnet50', 'resnet50.a1_in1k' or 'torchvision:resnet50'.
    """
    source, _, rest = name.rpartition(":")
    if source == "torchvision":
        return TorchvisionNetwork(rest) if rest in _torchvision_names() else None
    if source or not timm.is_model(rest.partition(".")[0]):
        return None
    network = TimmNetwork(rest)
    return network if network.is_known() else None


def network_names() -> list[str]:
    """Return the names of all networks: timm's, then torchvision's."""
    return [*timm.list_models(), *(f"torchvision:{name}" for name in _torchvision_names())]


@lru_cache(maxsize=1)
def _torchvision_names() -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(torchvision.models.list_models(module=torchvision.models))
