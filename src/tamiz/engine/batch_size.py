"""How many images go into a step: as asked, or as many as the memory bears."""

from __future__ import annotations

import copy
from typing import Final

import torch
from torch import nn

from tamiz.core.recipe import TrainOptions
from tamiz.engine.feed import Rows
from tamiz.engine.fine_tuning import freeze_below, stages_of
from tamiz.engine.loop import learning_mode
from tamiz.engine.memory import bytes_per_image, choose_batch, free_memory, refuse_too_large

_LOOKED_AT: Final = 4  # images on which a step's memory is measured


def batch_size_for(
    net: nn.Module,
    train: TrainOptions,
    rows: Rows,
    precision: str,
    device: torch.device,
    n_shares: int = 1,
) -> int:
    """Return `train.batch_size`, or for 0 a number that fits into the free memory.

    `n_shares` are the devices that a batch is shared out to, each with as much memory.

    Raises:
        MachineTrouble: the batch asked for does not fit.
    """
    per_image = _memory_of(net, train, rows, precision, device)
    free = free_memory(device) * n_shares
    if train.batch_size == 0:
        return choose_batch(per_image, free, len(rows.train))
    refuse_too_large(min(train.batch_size, len(rows.train)), per_image, free)
    return train.batch_size


def _memory_of(
    net: nn.Module, train: TrainOptions, rows: Rows, precision: str, device: torch.device
) -> int:
    """Return the bytes per image of the largest stage, measured on a copy."""
    stages = stages_of(train)
    largest = max(stages, key=lambda one: 10**6 if one.n_blocks is None else one.n_blocks)
    probe = copy.deepcopy(net)
    freeze_below(probe, largest)
    learning_mode(probe)
    images = rows.images.batch(rows.train[:_LOOKED_AT]).to(device)
    kind, enabled = device.type, precision == "bfloat16"
    with torch.random.fork_rng(devices=[device] if kind == "cuda" else []):
        return bytes_per_image(
            probe, images, lambda: torch.autocast(kind, torch.bfloat16, enabled=enabled)
        )
