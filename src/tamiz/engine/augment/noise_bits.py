"""Many random numbers from one: a counter-based hash, so that an image's noise is its own."""

from __future__ import annotations

from functools import cache
from statistics import NormalDist
from typing import Final

import torch
from torch import Tensor

_HALF: Final = 2**16


def noise_words(uniforms: Tensor, n: int) -> Tensor:
    """Return (batch, n) int32 of 32 random bits, a function of each image's uniform alone.

    Args:
        uniforms: (batch,) float64 in [0, 1), whose 53 bits are the key.
        n: how many.

    Source: the hash is C. Wellons' lowbias32 (Hash Function Prospector, 2018), once over the
    counters and once over counters and key.
    """
    bits = (uniforms * 2.0**53).long()
    low = (bits ^ (bits >> 32)) & 0xFFFFFFFF
    keys = torch.where(low >= 2**31, low - 2**32, low).to(torch.int32)
    counters = _hashed(torch.arange(1, n + 1, dtype=torch.int32, device=uniforms.device))
    return _hashed(counters[None, :] ^ keys[:, None])


def noise_uniforms(uniforms: Tensor, n: int) -> Tensor:
    """Return (batch, n) float64 in [0, 1), see `noise_words`."""
    return noise_words(uniforms, n).double() * 2.0**-32 + 0.5


def noise_normals(uniforms: Tensor, n: int) -> Tensor:
    """Return (batch, n) float32 from the normal distribution (in 65,536 steps)."""
    words = noise_words(uniforms, -(-n // 2))
    halves = torch.cat([words & 0xFFFF, (words >> 16) & 0xFFFF], dim=1)[:, :n]
    table = _normal_table().to(uniforms.device)
    return table.index_select(0, halves.reshape(-1)).reshape(halves.shape)


def _hashed(words: Tensor) -> Tensor:
    """Return the bits mixed; products wrap around, shifts bring in zeros."""
    words = words ^ ((words >> 16) & 0xFFFF)
    words = words.mul_(0x7FEB352D)
    words = words ^ ((words >> 15) & 0x1FFFF)
    words = words.mul_(0x846CA68B - 2**32)
    return words ^ ((words >> 16) & 0xFFFF)


@cache
def _normal_table() -> Tensor:
    inverse = NormalDist().inv_cdf
    upper = [inverse((_HALF // 2 + place + 0.5) / _HALF) for place in range(_HALF // 2)]
    return torch.tensor([*(-one for one in reversed(upper)), *upper], dtype=torch.float32)
