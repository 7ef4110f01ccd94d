"""Weights that a training starts from: where they come from, and whether they fit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tamiz.models.registry import MODELS

if TYPE_CHECKING:
    from torch import nn

    from tamiz.core.recipe import ModelOptions

Normalisation = tuple[tuple[float, ...], tuple[float, ...]]  # mean, standard deviation


@dataclass(frozen=True, slots=True)
class StartFacts:
    """What a bundle records of the weights that its training started from.

    Attributes:
        source: a file's name, or the public place the weights are from.
        sha256: of the file; of public weights, of all their tensors in order of name.
        n_tensors: how many were put in place.
    """

    source: str
    sha256: str
    n_tensors: int

    def as_table(self) -> dict[str, object]:
        """Return the facts ready for JSON."""
        return asdict(self)


def load_start(net: nn.Module, model: ModelOptions) -> StartFacts | None:
    """Put starting weights into a network of `build_network`; None: it stays at random.

    `model.weights` is 'none'; or a safetensors file: timm's or torchvision's own names, or the
    weights of a bundle; or 'auto': the public weights of a network of timm or torchvision, and
    nothing for our own. A classifier for other classes stays new; all else must fit by name and
    shape.

    Raises:
        WrongUse: the file is not there, or is no safetensors file.
        WrongData: the weights cannot be had, are damaged, or belong to another architecture.
    """
    if not wants_start(model):
        return None
    from tamiz.models.nets.starting import start_from_file, start_from_public

    if model.weights == "auto":
        return start_from_public(net)
    return start_from_file(net, model.weights, model.name)


def check_start(model: ModelOptions) -> None:
    """Raise what `load_start` would for want of weights, before any image is read.

    Public weights are fetched into the library's cache here. The shapes of a bundle's weights are
    compared later, when the input and the classes are known.

    Raises:
        WrongUse: the file is not there, or is no safetensors file.
        WrongData: the weights cannot be had, are damaged, or belong to another architecture.
    """
    if wants_start(model):
        from tamiz.models.nets.starting import check_source

        check_source(model.name, model.weights)


def start_normalisation(model: ModelOptions, n_channels: int) -> Normalisation | None:
    """Return mean and standard deviation that starting weights expect; None: take the data's own.

    A network of timm or torchvision brings those it was trained with, a bundle likewise.

    Raises:
        WrongUse: the weights file is not there, or is no safetensors file.
        WrongData: it is damaged.
    """
    if not wants_start(model):
        return None
    if model.weights != "auto":
        from tamiz.models.nets.starting import normalisation_in

        found = normalisation_in(model.weights)
        if found is not None:
            return found
    preferred = MODELS.get(model.name).preferred
    return preferred.normalisation(n_channels) if preferred else None


def wants_start(model: ModelOptions) -> bool:
    """Return whether the network is to start from weights that are not random."""
    if model.weights == "none":
        return False
    return model.weights != "auto" or MODELS.get(model.name).preferred is not None


def network_at_hand(weights: str) -> str | None:
    """Return a network whose pretrained weights need not be fetched; None: there is none.

    Args:
        weights: a safetensors file, whose network is told by its name and its shapes; or 'auto':
            what lies in the caches of timm and torchvision.

    Raises:
        WrongUse: the file is not there, or is no safetensors file.
        WrongData: it is damaged.
    """
    if weights == "none":
        return None
    from tamiz.models.nets.at_hand import network_in_cache, network_of_file

    return network_in_cache() if weights == "auto" else network_of_file(weights)
