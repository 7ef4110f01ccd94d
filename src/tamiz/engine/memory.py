"""How much memory a training step takes, measured on a few images before the first step."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn

from tamiz.core.errors import MachineTrouble

_SHARE: Final = 0.7  # of the free memory that a step may take
_MOST: Final = 512  # images in a batch that is chosen automatically; more rarely learns better
_FEWEST_STEPS: Final = 16  # that an epoch should have


def bytes_per_image(
    module: nn.Module, images: Tensor, autocast: Callable[[], AbstractContextManager[object]]
) -> int:
    """Return the bytes that a forward pass keeps for the backward pass, for each image.

    Args:
        module: in the mode that it is trained in; its buffers may change, so give a copy.
        images: (n, channels, height, width) a few rows.
        autocast: gives the context to compute in.
    """
    kept: dict[int, int] = {}
    own = {p.data_ptr() for p in module.parameters()} | {b.data_ptr() for b in module.buffers()}

    def note(tensor: Tensor) -> Tensor:
        if tensor.data_ptr() not in own:
            kept[tensor.data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor), autocast():
        scores = module(images)
    del scores
    return -(-(sum(kept.values()) + images.nbytes * 4) // len(images))


def free_memory(device: torch.device) -> int:
    """Return the bytes of memory that are free where it computes."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2


def largest_batch(per_image: int, free: int) -> int:
    """Return how many images fit into a step, at least 1."""
    return max(1, int(_SHARE * free) // max(1, per_image))


def choose_batch(per_image: int, free: int, n_train: int) -> int:
    """Return a power of two: what fits, at most 512, and leaves an epoch some steps."""
    most = max(1, min(largest_batch(per_image, free), _MOST, n_train // _FEWEST_STEPS))
    return int(2 ** (most.bit_length() - 1))


def refuse_too_large(batch_size: int, per_image: int, free: int) -> None:
    """Raise when a step cannot fit.

    Raises:
        MachineTrouble: it takes more memory than is free; the batch that fits is named.
    """
    most = largest_batch(per_image, free)
    if batch_size * per_image > free:
        raise MachineTrouble.of(
            "train.batch_too_large",
            where="train.batch_size",
            n=batch_size,
            needed=batch_size * per_image / 2**30,
            free=free / 2**30,
            most=most,
            times=-(-batch_size // most),
        )
