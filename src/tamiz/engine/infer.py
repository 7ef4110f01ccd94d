"""Probabilities that do not depend on what an image is predicted together with.

Kernels choose their way by the shape of the batch. So every batch has the same shape, the last
one filled up with black: then each row is computed alone, by the same instructions, wherever it
stands. Tests hold this to the bit for every model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.language import text
from tamiz.engine.prepared import Positions, PreparedImages

_PIXELS_PER_BATCH = 64 * 64 * 64


def inference_batch(shape: tuple[int, int, int]) -> int:
    """Return the fixed number of rows that go through the network at once; from the shape alone."""
    return max(4, min(64, _PIXELS_PER_BATCH // (shape[0] * shape[1])))


def predict_probabilities(
    module: nn.Module,
    images: PreparedImages,
    positions: Positions | None = None,
    *,
    temperature: float = 1.0,
    device: torch.device | None = None,
    on_event: OnEvent = ignore,
) -> NDArray[np.float64]:
    """Return (rows, classes), each row summing to 1.

    Float32 scores, softmax in float64. A row's result depends on its pixels, the weights, the
    machine and torch's thread count, not on other rows, their order or their number.

    Args:
        module: reads uint8 batches, gives scores.
        images: the rows.
        positions: which rows, in which order; None: all.
        temperature: scores are divided by it.
        device: where to compute; None: where the module is.
        on_event: told about progress.
    """
    scores = predict_scores(module, images, positions, device=device, on_event=on_event)
    return softmax(scores, temperature)


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
    device = device or next(module.parameters()).device
    module = module.to(device=device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
    size = inference_batch(images.shape)
    groups = groups_of(positions, size)
    made: list[NDArray[np.float64]] = []
    with torch.inference_mode():
        for done, batch in enumerate(images.batches(groups)):
            scores = module(_full(batch, size).to(device))
            made.append(scores[: len(batch)].double().cpu().numpy())
            if done % 16 == 0:
                seen = min(len(positions), (done + 1) * size)
                on_event(
                    Event("predict", "progress", text("engine.predicting"), seen, len(positions))
                )
    return np.concatenate(made) if made else np.zeros((0, 0))


def softmax(scores: NDArray[np.float64], temperature: float = 1.0) -> NDArray[np.float64]:
    """Return exp(score / temperature), each row divided by its sum; float64."""
    scaled = scores / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    made: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return made


def groups_of(positions: Positions, size: int) -> Sequence[Positions]:
    """Return `positions` cut into groups of `size`; the last may be shorter."""
    return [positions[start : start + size] for start in range(0, len(positions), size)]


def _full(batch: Tensor, size: int) -> Tensor:
    """Return the batch with `size` rows, black ones added, always with the same memory layout."""
    shape = (size, *batch.shape[1:])
    made = torch.empty(shape, dtype=batch.dtype, memory_format=torch.channels_last).zero_()
    made[: len(batch)] = batch
    return made
