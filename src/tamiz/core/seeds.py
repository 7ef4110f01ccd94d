"""Keyed randomness: a number depends on what it is for, not on what was drawn before it."""

from __future__ import annotations

import hashlib


def derive_seed(*parts: object) -> int:
    """Return a 63-bit seed made of `parts` (compared by their text); equal parts, equal seed."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def position_of(name: str, seed: int) -> float:
    """Return where `name` falls in [0, 1): uniform over names, independent of all other names."""
    digest = hashlib.sha256(f"{seed}:{name}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
