"""Probabilities that do not depend on what an image is predicted together with.

Kernels choose their way by the shape of the batch. So every batch has the same shape, the last
one filled up with black. What is left is the matrix product of dense layers, whose kernels treat
rows differently when a row does not start at a multiple of 64 bytes: such layers are widened with
zeros. Then each row is computed alone, by the same instructions, wherever it stands. Tests hold
this to the bit for every model.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from itertools import chain
from typing import Final, TypeGuard

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.language import text
from tamiz.engine.prepared import Positions, PreparedImages
from tamiz.metrics.calibration import Calibration

_PIXELS_PER_BATCH: Final = 64 * 64 * 64
_ALIGNMENT: Final = 16  # float32 numbers in 64 bytes


def inference_batch(shape: tuple[int, int, int]) -> int:
    """Return the fixed number of rows that go through the network at once; from the shape alone."""
    return max(4, min(64, _PIXELS_PER_BATCH // (shape[0] * shape[1])))


def predict_probabilities(
    module: nn.Module,
    images: PreparedImages,
    positions: Positions | None = None,
    *,
    calibration: Calibration | None = None,
    is_multilabel: bool = False,
    device: torch.device | None = None,
    on_event: OnEvent = ignore,
) -> NDArray[np.float64]:
    """Return (rows, classes), each row summing to 1 unless there are several labels.

    Float32 scores, softmax (of several labels: sigmoid) in float64. A row's result depends on
    its pixels, the weights, the machine and torch's thread count, not on other rows, their order
    or their number.

    Args:
        module: reads uint8 batches, gives scores.
        images: the rows.
        positions: which rows, in which order; None: all.
        calibration: what scores go through first; None: nothing.
        is_multilabel: whether each label stands on its own.
        device: where to compute; None: where the module is.
        on_event: told about progress.
    """
    scores = predict_scores(module, images, positions, device=device, on_event=on_event)
    if calibration is None:
        calibration = Calibration.of_temperature(1.0, scores.shape[1])
    return calibration.probabilities(scores, is_multilabel=is_multilabel)


def predict_scores(
    module: nn.Module,
    images: PreparedImages,
    positions: Positions | None = None,
    *,
    device: torch.device | None = None,
    on_event: OnEvent = ignore,
) -> NDArray[np.float64]:
    """Return (rows, classes) raw scores; arguments as in `predict_probabilities`."""
    if positions is None:
        positions = np.arange(len(images), dtype=np.int64)
    device = device or device_of(module)
    module = module.to(device=device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
    size = inference_batch(images.shape)
    groups = groups_of(positions, size)
    module = with_aligned_rows(module)
    made: list[NDArray[np.float64]] = []
    with torch.inference_mode():
        for done, batch in enumerate(images.batches(groups)):
            scores = module(full_batch(batch, size).to(device))
            made.append(scores[: len(batch)].double().cpu().numpy())
            if done % 16 == 0:
                seen = min(len(positions), (done + 1) * size)
                on_event(
                    Event("predict", "progress", text("engine.predicting"), seen, len(positions))
                )
        if not made:  # the width is still to be known
            nothing = torch.zeros(0, images.shape[2], *images.shape[:2], dtype=torch.uint8)
            made.append(module(full_batch(nothing, size).to(device))[:0].double().cpu().numpy())
    return np.concatenate(made)


def device_of(module: nn.Module) -> torch.device:
    """Return where a network is; one of aligned layers alone has buffers, and no parameters."""
    return next(chain(module.parameters(), module.buffers())).device


class AlignedLinear(nn.Module):
    """A dense layer whose rows start at multiples of 64 bytes; zeros fill the gaps."""

    weight: Tensor
    bias: Tensor

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        n_out, n_in = layer.weight.shape
        self._n_out, self._n_missing = n_out, -n_in % _ALIGNMENT
        weight = layer.weight.new_zeros(n_out + -n_out % _ALIGNMENT, n_in + self._n_missing)
        bias = layer.weight.new_zeros(len(weight))
        weight[:n_out, :n_in] = layer.weight.detach()
        if layer.bias is not None:
            bias[:n_out] = layer.bias.detach()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)

    def forward(self, rows: Tensor) -> Tensor:
        """Return what the layer would."""
        wide = nn.functional.pad(rows, (0, self._n_missing))
        return nn.functional.linear(wide, self.weight, self.bias)[..., : self._n_out]


def with_aligned_rows(module: nn.Module) -> nn.Module:
    """Return the module, or a copy of it in which dense layers that need it are widened."""
    if not any(_is_uneven(part) for part in module.modules()):
        return module
    module = copy.deepcopy(module)
    for parent in list(module.modules()):
        for name, part in parent.named_children():
            if _is_uneven(part):
                setattr(parent, name, AlignedLinear(part))
    return module


def _is_uneven(part: nn.Module) -> TypeGuard[nn.Linear]:
    return isinstance(part, nn.Linear) and bool(
        part.in_features % _ALIGNMENT or part.out_features % _ALIGNMENT
    )


def softmax(scores: NDArray[np.float64], temperature: float = 1.0) -> NDArray[np.float64]:
    """Return exp(score / temperature), each row divided by its sum; float64."""
    scaled = scores / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    made: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return made


def groups_of(positions: Positions, size: int) -> Sequence[Positions]:
    """Return `positions` cut into groups of `size`; the last may be shorter."""
    return [positions[start : start + size] for start in range(0, len(positions), size)]


def full_batch(batch: Tensor, size: int) -> Tensor:
    """Return the batch with `size` rows, black ones added, always with the same memory layout."""
    shape = (size, *batch.shape[1:])
    made = torch.empty(shape, dtype=batch.dtype, memory_format=torch.channels_last).zero_()
    made[: len(batch)] = batch
    return made
