"""What a network makes of images before its answer: features, and its first layer's maps."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from tamiz.engine.explaining.layers import (
    first_convolution,
    input_of,
    last_dense,
    output_of,
)
from tamiz.engine.explaining.subject import Subject, as_values
from tamiz.engine.infer import full_batch, groups_of, inference_batch
from tamiz.engine.prepared import InMemory, PreparedImages
from tamiz.models.nets.backbone import Backbone
from tamiz.models.nets.described import DescribedNet


def features_of(
    subject: Subject, images: PreparedImages | NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Return (n, features): what the last layer is given; the pixels where there is no such layer.

    Each row has length 1, so that nearness is the cosine.
    """
    held = (
        InMemory(np.require(images, requirements=["C", "W"]))
        if isinstance(images, np.ndarray)
        else images
    )
    values = as_values(subject.filled()[np.newaxis])
    layer = last_dense(subject.net, values)
    backbone = next((p for p in subject.net.modules() if isinstance(p, Backbone)), None)
    if backbone is not None:  # its head may be of several layers, or remember rows
        layer = _name_of(subject, backbone.head)
    described = next((p for p in subject.net.modules() if isinstance(p, DescribedNet)), None)
    if described is not None:
        layer = _name_of(subject, described.classifier)
    size = inference_batch(subject.shape)
    made = []
    with torch.inference_mode():
        for batch in held.batches(groups_of(np.arange(len(held), dtype=np.int64), size)):
            full = full_batch(batch, size)
            found = (
                full.float()
                if layer is None
                else input_of(
                    subject.net,
                    layer,
                    lambda full=full: subject.net(full),  # type: ignore[misc]
                )
            )
            made.append(found[: len(batch)].float().flatten(1).numpy().copy())
    stacked = np.concatenate(made)
    lengths = np.linalg.norm(stacked, axis=1, keepdims=True)
    unit: NDArray[np.float32] = stacked / np.maximum(lengths, 1e-12)
    return unit


def first_maps(subject: Subject, pixels: NDArray[np.uint8]) -> tuple[str, NDArray[np.float32]]:
    """Return the first convolution's name and its (maps, rows, columns); '' and none without it."""
    values = as_values(pixels[np.newaxis])
    layer = first_convolution(subject.net, values)
    if layer is None:
        return "", np.zeros((0, 1, 1), dtype=np.float32)
    with torch.inference_mode():
        _, maps = output_of(subject.net, layer, lambda: subject.net(values))
    return layer, maps[0].float().numpy().copy()


def _name_of(subject: Subject, wanted: torch.nn.Module) -> str:
    found: list[str] = [n for n, part in subject.net.named_modules() if part is wanted]
    return found[0]
