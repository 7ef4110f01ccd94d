"""What the checks look at, and what they answer: suspicions, never decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from tamiz.data.manifest import Manifest
from tamiz.data.report import Finding
from tamiz.data.sketches import Sketches

KINSHIPS: Final = ("same pixels", "re-encoded", "flipped", "cropped", "burst")
Kinship = Literal["same pixels", "re-encoded", "flipped", "cropped", "burst"]
Proposal = Literal["leave-out", "keep-first", "look"]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows that show the same thing.

    Attributes:
        first: (m,) row, smaller than its partner's.
        second: (m,) row.
        kinship: for each pair one of `KINSHIPS`.
        score: (m,) 0..1, how alike once laid upon each other; 1 is the same picture.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    kinship: tuple[str, ...]
    score: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.first)

    def take(self, positions: Sequence[int]) -> Pairs:
        """Return these pairs, in this order."""
        at = np.array(positions, dtype=np.int64)
        kinship = tuple(self.kinship[i] for i in positions)
        return Pairs(self.first[at], self.second[at], kinship, self.score[at])

    def rows(self) -> Iterator[tuple[int, int, str, float]]:
        """Yield first, second, kinship and score of each pair."""
        return zip(
            self.first.tolist(),
            self.second.tolist(),
            self.kinship,
            self.score.tolist(),
            strict=True,
        )

    @classmethod
    def none(cls) -> Pairs:
        """Return no pairs."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(empty, empty, (), np.zeros(0, dtype=np.float32))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of n images before anything is decided; everything is aligned by row.

    Attributes:
        manifest: the rows that can be decoded; their label may be null.
        sketches: figures and thumbnails.
        pairs: near-duplicates and bursts among them.
        sealed: (n,) whether the row lies in the test part: its label may not be looked at.
        seed: of all that is drawn at random.
    """

    manifest: Manifest
    sketches: Sketches
    pairs: Pairs
    sealed: NDArray[np.bool_]
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something that may be wrong, and the rows concerned.

    Attributes:
        finding: in words; `{source}` and `{run}` in its command are filled in by the stage.
        clusters: rows that belong together (copies of one picture); a row alone is a cluster of
            one. The gravest first.
        proposal: what decisions.csv suggests: leave all out, keep the first of each cluster, or
            only look at them.
        is_blind: whether the reviewer must not see why (label errors): no score and no opinion
            of a model is written beside the picture.
    """

    finding: Finding
    clusters: tuple[tuple[int, ...], ...]
    proposal: Proposal = "look"
    is_blind: bool = False


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check says.

    Attributes:
        scores: column name -> (n,) float32, 0 worst .. 1 best, nan where it was not asked;
            stored for every item, so that another threshold needs no new run.
        suspicions: what lies beyond the thresholds.
    """

    scores: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    suspicions: tuple[Suspicion, ...] = ()


class Check(Protocol):
    """A check of the data's quality; a plain function of the evidence."""

    def __call__(self, evidence: Evidence, /) -> CheckResult:
        """Return the scores of all rows and what is suspicious."""
        ...
