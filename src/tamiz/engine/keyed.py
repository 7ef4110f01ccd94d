"""Random numbers that depend on what they are for: (seed, epoch, item), and on nothing else.

A counter-based generator (splitmix64's finaliser over seed, epoch, item key and counter), so that
any batch, any order, any worker and any resumed run draws the same numbers for an item.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)


def item_keys_of(items: Sequence[str]) -> Keys:
    """Return (n,) one 64-bit key for each item id."""
    digests = [hashlib.sha256(item.encode("utf-8", "surrogatepass")).digest()[:8] for item in items]
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def keyed_bits(seed: int, epoch: int, item_keys: Keys, n: int) -> Keys:
    """Return (len(item_keys), n) 64-bit words, a function of seed, epoch, key and column alone."""
    head = np.array([seed % 2**64, epoch % 2**64], dtype=np.uint64)
    start = _mix(_mix(head[:1] + _GOLDEN) + head[1:] * _GOLDEN + _GOLDEN)
    keys = _mix(np.asarray(item_keys, dtype=np.uint64) ^ start)
    counters = np.arange(1, n + 1, dtype=np.uint64) * _GOLDEN
    return _mix(keys[:, None] + counters[None, :])


def keyed_uniforms(seed: int, epoch: int, item_keys: Keys, n: int) -> NDArray[np.float64]:
    """Return (len(item_keys), n) numbers in [0, 1), see `keyed_bits`."""
    return (keyed_bits(seed, epoch, item_keys, n) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def keyed_order(seed: int, epoch: int, item_keys: Keys) -> NDArray[np.int64]:
    """Return positions in an order that depends on seed, epoch and keys, not on the rows' order."""
    bits = keyed_bits(seed, epoch, item_keys, 1)[:, 0]
    return np.lexsort((item_keys, bits)).astype(np.int64)


def _mix(words: Keys) -> Keys:
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
