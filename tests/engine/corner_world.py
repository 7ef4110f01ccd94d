"""Images in which only one corner decides, a network set by hand that knows it, and a bundle."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from tamiz.data.contracts import Policy
from tamiz.engine.explaining.subject import Asking, Subject
from tamiz.models.build import build_network
from tamiz.models.bundle import Bundle
from tamiz.models.nets.mirrored import Mirrored
from tamiz.models.nets.normalised import Normalised
from tamiz.models.registry import InputShape

SIDE, CORNER = 32, 8


def corner_image(seed: int, *, is_upright: bool = True) -> np.ndarray:
    """Return (32, 32, 1): faint noise, and stripes in the upper left corner."""
    rng = np.random.default_rng(seed)
    made = rng.integers(100, 112, (SIDE, SIDE, 1)).astype(np.uint8)
    stripes = np.where(np.arange(CORNER) % 2 == 0, 220, 20).astype(np.uint8)
    made[:CORNER, :CORNER, 0] = stripes[None, :] if is_upright else stripes[:, None]
    return made


def share_in_corner(values: np.ndarray, side: int = CORNER + 6) -> float:
    """Return the share of the map's mass (above 0) near the corner."""
    mass = np.maximum(values, 0)
    return float(mass[:side, :side].sum() / mass.sum())


def corner_net(bias: float = -0.5) -> nn.Module:
    """Return a network that tells upright from lying stripes, by two filters and a mean."""
    filters, dense = nn.Conv2d(1, 2, 3, padding=1, padding_mode="reflect"), nn.Linear(2, 2)
    net = nn.Sequential(filters, nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), dense)
    row = torch.tensor([-1.0, 2.0, -1.0])
    with torch.no_grad():
        filters.weight[0, 0] = row[None, :] / 3
        filters.weight[1, 0] = row[:, None] / 3
        filters.bias = nn.Parameter(torch.full((2,), bias))
        dense.weight.copy_(40 * torch.tensor([[1.0, -1.0], [-1.0, 1.0]]))
        dense.bias.zero_()
    return Normalised(net, (0.41,), (0.25,)).eval().requires_grad_(False)


def subject_of(net: nn.Module, *, is_mirrored: bool = False, how: Asking | None = None) -> Subject:
    return Subject(
        name="by-hand",
        net=net,
        whole=Mirrored(net) if is_mirrored else net,
        shape=(SIDE, SIDE, 1),
        fill=(105,),
        how=how or Asking(),
        is_mirrored=is_mirrored,
    )


def bundle_of(
    weights: dict[str, np.ndarray] | None = None,
    model: str = "small",
    options: dict[str, object] | None = None,
    side: int = SIDE,
    channels: int = 1,
) -> Bundle:
    """Return a bundle; with weights at random, as a new training begins, where none are given."""
    options = {"widths": [8, 16]} if options is None and model == "small" else options or {}
    mean, std = (0.41,) * channels, (0.1,) * channels
    net = build_network(model, options, InputShape(channels, side, 2), mean=mean, std=std, seed=3)
    state = {name: value.numpy().copy() for name, value in net.state_dict().items()}
    return Bundle(
        classes=("upright", "lying"),
        size_px=side,
        channels=channels,
        model=model,
        options=options,
        steps=(),
        policy=Policy(),
        mean=mean,
        std=std,
        weights=weights or state,
    )
