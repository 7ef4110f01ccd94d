"""Bursts: consecutive frames of one scene, told by their numbers and their likeness together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.checks.registry import CHECKS
from tamiz.core.language import text
from tamiz.data.evidence import CheckResult, Evidence, Pairs, Suspicion
from tamiz.data.report import Finding, Severity
from tamiz.data.unions import connected

MAX_STEP: Final = 3
MIN_LIKENESS: Final = 0.9
_N_STRANGERS: Final = 4000
_SHARE_OF_THE_WAY: Final = 0.75
_NUMBER: Final = re.compile(r"\d+")
Floats = NDArray[np.float32]


def find_bursts(names: Sequence[str], grey: NDArray[np.uint8], *, seed: int = 0) -> Pairs:
    """Return pairs of neighbours in a burst: consecutive numbers, nearly the same picture.

    Two images are frames of one burst when their names differ in one number only, by 1 to 3,
    and their pictures correlate at 0.9 and more, and three quarters of the way from the set's
    usual likeness (the median of random pairs) to 1: where all pictures are alike, being alike
    says little.

    Args:
        names: the path of each row; '' is not asked about.
        grey: (n, side, side) thumbnails.
        seed: for the random pairs.
    """
    candidates = _consecutive(names)
    if not len(candidates):
        return Pairs.none()
    vectors = _standard(grey)
    likeness = _along(vectors, candidates)
    rng = np.random.default_rng(seed)
    strangers = rng.integers(0, len(names), (_N_STRANGERS, 2))
    strangers = strangers[strangers[:, 0] != strangers[:, 1]]
    usual = float(np.median(_along(vectors, strangers))) if len(strangers) else 0.0
    good = likeness >= max(MIN_LIKENESS, usual + _SHARE_OF_THE_WAY * (1 - usual))
    chosen = candidates[good]
    return Pairs(
        chosen.min(axis=1),
        chosen.max(axis=1),
        ("burst",) * len(chosen),
        np.clip(likeness[good], 0.0, 1.0).astype(np.float32),
    )


@CHECKS.add("bursts")
def bursts(evidence: Evidence) -> CheckResult:
    """Return the sets of frames that `find_bursts` tied together."""
    pairs = evidence.pairs
    links = [
        (int(a), int(b))
        for a, b, kind in zip(pairs.first, pairs.second, pairs.kinship, strict=True)
        if kind == "burst"
    ]
    sets = connected(links)
    if not sets:
        return CheckResult()
    n_rows = sum(map(len, sets))
    finding = Finding(
        severity=Severity.NOTE,
        what=text("bursts.found", n=len(sets), n_rows=n_rows, longest=max(map(len, sets))),
        advice=text("bursts.advice"),
        certainty=text("bursts.certainty", least=MIN_LIKENESS),
        effect=n_rows / max(1, len(evidence.manifest)),
    )
    return CheckResult({}, (Suspicion(finding, tuple(sets)),))


def _consecutive(names: Sequence[str]) -> NDArray[np.int64]:
    """Return (m, 2): rows whose names differ in one number, by 1 to 3 and with none between."""
    by_frame: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
    for row, name in enumerate(names):
        for place, found in enumerate(_NUMBER.finditer(name)):
            rest = f"{name[: found.start()]}\0{name[found.end() :]}"
            if len(found[0]) < 19:
                by_frame[rest, place].setdefault(int(found[0]), row)
    made = set()
    for numbers in by_frame.values():
        ordered = sorted(numbers)
        for one, other in pairwise(ordered):
            if other - one <= MAX_STEP:
                made.add(tuple(sorted((numbers[one], numbers[other]))))
    return np.array(sorted(made), dtype=np.int64).reshape(-1, 2)


def _standard(grey: NDArray[np.uint8]) -> Floats:
    n, side = len(grey), grey.shape[1]
    factor = side // 32
    small = grey.reshape(n, 32, factor, 32, factor).mean(axis=(2, 4), dtype=np.float32)
    flat = small.reshape(n, -1)
    flat -= flat.mean(axis=1, keepdims=True)
    made: Floats = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1.0)
    return made


def _along(vectors: Floats, pairs: NDArray[np.int64]) -> Floats:
    """Return (m,) the correlation of each pair."""
    made = np.empty(len(pairs), dtype=np.float32)
    for start in range(0, len(pairs), 4096):
        part = pairs[start : start + 4096]
        made[start : start + 4096] = (vectors[part[:, 0]] * vectors[part[:, 1]]).sum(axis=1)
    return made
