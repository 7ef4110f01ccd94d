"""From a name and options to a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tamiz.models.registry import MODELS, InputShape, ModelSpec
from tamiz.steps.tables import build_options

if TYPE_CHECKING:
    from torch import nn


def resolve_model(
    name: str, options: Mapping[str, object], shape: InputShape
) -> tuple[ModelSpec, Any]:
    """Return the model called `name` and its checked options.

    Raises:
        WrongUse: there is no such model, an option is wrong, or they do not suit the input.
    """
    spec = MODELS.get(name)
    made = build_options(spec.options, options, "model.options")
    spec.check(shape, made)
    return spec, made


def build_network(
    name: str,
    options: Mapping[str, object],
    shape: InputShape,
    *,
    mean: Sequence[float],
    std: Sequence[float],
    seed: int = 0,
) -> nn.Module:
    """Return a new network that reads uint8 pixels; equal arguments give equal weights."""
    import torch

    from tamiz.models.nets.normalised import Normalised

    spec, made = resolve_model(name, options, shape)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Normalised(spec.build(shape, made), mean, std)


def count_parameters(module: nn.Module) -> int:
    """Return how many numbers are learnt."""
    return sum(p.numel() for p in module.parameters())
