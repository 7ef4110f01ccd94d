"""Attention rollout: how much of each patch reaches a vision transformer's answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import interpolate

from tamiz.core.errors import WrongUse
from tamiz.engine.explaining.layers import hooked
from tamiz.engine.explaining.registry import EXPLAINERS, Map
from tamiz.engine.explaining.subject import Subject, as_values


@EXPLAINERS.add("attention")
class Attention:
    """The product of all layers' attention, half of each being the shortcut; mean over heads.

    For vision transformers of timm whose layers all attend to all patches. It does not depend on
    the class.

    Source: Abnar and Zuidema 2020, "Quantifying attention flow in transformers", ACL, section 3.
    """

    is_signed: ClassVar[bool] = False
    is_of_class: ClassVar[bool] = False

    def check(self, subject: Subject) -> None:
        """Raise `WrongUse` where the network has no such attention."""
        self._rollout(subject, as_values(subject.filled()[np.newaxis]))

    def explain(self, subject: Subject, pixels: NDArray[np.uint8], target: int) -> Map:  # noqa: ARG002
        """Return the map; the grid's values sum to the share that patches have in the answer."""
        values = as_values(pixels[np.newaxis])
        made = self._rollout(subject, values)
        if subject.is_mirrored:
            made = (made + self._rollout(subject, values.flip(-1)).flip(-1)) / 2
        height, width, _ = subject.shape
        large = interpolate(
            made[None, None], size=(height, width), mode="bilinear", align_corners=False
        )
        grid = (int(made.shape[0]), int(made.shape[1]))
        return Map(large[0, 0].numpy(), {"sum": float(made.sum())}, grid=grid)

    def _rollout(self, subject: Subject, values: Tensor) -> Tensor:
        """Return (rows, columns) float64."""
        kept = _attentions(subject.net, values)
        grid = _grid_of(subject.net)
        n_tokens = kept[0].shape[-1] if kept else 0
        n_places = grid[0] * grid[1]
        is_whole = all(one.shape[0] == 1 and one.shape[-2:] == (n_tokens,) * 2 for one in kept)
        if not kept or not is_whole or n_places < 2 or n_tokens < n_places:
            raise WrongUse.of(
                "explaining.no_attention", where="--with attention", model=subject.name
            )
        made = torch.eye(n_tokens, dtype=torch.float64)
        for one in kept:
            layer = (one[0].double().mean(0) + torch.eye(n_tokens, dtype=torch.float64)) / 2
            made = layer @ made
        n_before = n_tokens - n_places  # the class's token and registers, before the patches
        row = made[0] if n_before else made.mean(0)
        return row[n_before:].reshape(grid)


def _attentions(net: nn.Module, values: Tensor) -> list[Tensor]:
    """Return each layer's (1, heads, tokens, tokens), in order."""
    kept: list[Tensor] = []

    def keep(_module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        kept.append(inputs[0].detach())

    layers: list[Any] = [part for part in net.modules() if _has_weights(part)]
    handles = [part.attn_drop.register_forward_pre_hook(keep) for part in layers]
    with hooked(*handles), _unfused(layers), torch.no_grad():
        net(values)
    return kept


def _has_weights(part: Any) -> bool:
    return hasattr(part, "fused_attn") and isinstance(getattr(part, "attn_drop", None), nn.Module)


@contextmanager
def _unfused(layers: list[Any]) -> Iterator[None]:
    """Let layers compute their attention step by step, so that it can be seen."""
    before = [part.fused_attn for part in layers]
    for part in layers:
        part.fused_attn = False
    try:
        yield
    finally:
        for part, was in zip(layers, before, strict=True):
            part.fused_attn = was


def _grid_of(net: nn.Module) -> tuple[int, int]:
    for part in net.modules():
        found = getattr(part, "grid_size", None)
        if isinstance(found, tuple) and len(found) == 2:
            return int(found[0]), int(found[1])
    return 0, 0
