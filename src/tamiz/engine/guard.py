"""The features a guard looks at: a network's activations, taken on the way to the scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from tamiz.core.events import OnEvent, ignore
from tamiz.engine.infer import device_of, predict_scores, with_aligned_rows
from tamiz.engine.prepared import Positions, PreparedImages
from tamiz.models.nets.averaged import Averaged
from tamiz.models.nets.backbone import Backbone
from tamiz.models.nets.mirrored import Mirrored
from tamiz.models.nets.normalised import Normalised

if TYPE_CHECKING:
    from collections.abc import Sequence

_ACTIVATIONS: Final = (nn.ReLU, nn.GELU, nn.SiLU)


def taps_of(module: nn.Module) -> tuple[str, ...]:
    """Return the names of the parts of a single network whose output its guard looks at.

    Of our own networks every activation; of a network of timm or torchvision its features. A
    network without either is looked at where its last dense layer begins: softmax, at its pixels.
    """
    inner, prefix = _unwrapped(module)
    if isinstance(inner, Backbone):
        return (f"{prefix}base",)
    names = [n for n, part in inner.named_modules() if isinstance(part, _ACTIVATIONS)]
    if not names:
        names = [n for n, part in inner.named_modules() if isinstance(part, nn.Flatten)]
    return tuple(prefix + name for name in names)


class Tapped(nn.Module):
    """A network whose answer is its scores, and beside them the features of its taps.

    Attributes:
        n_scores: how many of the columns are scores; known after the first batch.
        widths: of the features of each member, likewise.
    """

    def __init__(self, module: nn.Module, taps: Sequence[Sequence[str]]) -> None:
        """Tap a network.

        Args:
            module: reads uint8 batches, gives scores.
            taps: of each member of an ensemble, or of the one network, the names of parts.
        """
        super().__init__()
        self.net = with_aligned_rows(module)  # before hooks: it may replace parts
        self.n_scores = 0
        self.widths: tuple[int, ...] = ()
        self._found: dict[tuple[int, int], Tensor] = {}
        self._hooks: list[RemovableHandle] = []
        self._order = [
            (member, number) for member, names in enumerate(taps) for number in range(len(names))
        ]
        for member, names in enumerate(taps):
            whole = self.net.nets[member] if isinstance(self.net, Averaged) else self.net
            for number, name in enumerate(names):
                self._tap(whole.get_submodule(name), (member, number))

    def forward(self, pixels: Tensor) -> Tensor:
        """Return (batch, scores and features) float64: the scores keep their bits."""
        self._found.clear()
        scores: Tensor = self.net(pixels)
        rows = [self._found[key] for key in self._order]
        self.n_scores = scores.shape[1]
        n_members = 1 + max((member for member, _ in self._order), default=-1)
        widths = [0] * n_members
        for (member, _), row in zip(self._order, rows, strict=True):
            widths[member] += row.shape[1]
        self.widths = tuple(widths)
        return torch.cat([scores.double(), *(row.double() for row in rows)], dim=1)

    def _tap(self, part: nn.Module, key: tuple[int, int]) -> None:
        def keep(part: nn.Module, given: Any, made: Tensor) -> None:  # noqa: ARG001
            if key not in self._found:  # of an image and its mirror image, the image
                self._found[key] = _pooled(made)

        self._hooks.append(part.register_forward_hook(keep))

    def release(self) -> None:
        """Take the taps off again: the network may be asked for years."""
        for one in self._hooks:
            one.remove()


def scores_and_features(
    module: nn.Module,
    taps: Sequence[Sequence[str]],
    images: PreparedImages,
    positions: Positions | None = None,
    on_event: OnEvent = ignore,
) -> tuple[NDArray[np.float64], list[NDArray[np.float32]]]:
    """Return (rows, classes) raw scores, to the bit those of `predict_scores`, and features.

    Args:
        module: a network, or an ensemble of them (`Averaged`).
        taps: of each member, the names of the parts that are looked at; empty: no features of it.
        images: the rows.
        positions: which rows, in which order; None: all.
        on_event: told about progress.

    Returns:
        Scores, and of each member (rows, features) float32.
    """
    tapped, device = Tapped(module, taps), device_of(module)
    try:
        made = predict_scores(tapped, images, positions, device=device, on_event=on_event)
    finally:
        tapped.release()
    ends = np.cumsum([tapped.n_scores, *tapped.widths])
    parts = np.split(made, ends[:-1], axis=1)
    features = [part.astype(np.float32) for part in parts[1:]]
    features += [np.zeros((len(made), 0), np.float32)] * (len(taps) - len(features))
    return np.ascontiguousarray(parts[0]), features


def _pooled(made: Tensor) -> Tensor:
    """Return (batch, features): the mean of each map, or what is flat already."""
    if made.ndim == 4:
        return made.mean((2, 3))
    return made.flatten(1).clone()


def _unwrapped(module: nn.Module) -> tuple[nn.Module, str]:
    prefix = ""
    while isinstance(module, (Mirrored, Normalised)):
        module, prefix = module.net, f"{prefix}net."
    return module, prefix
