"""Evidence for checks and probes: sketches, kin, and which labels may not be looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tamiz.core.errors import WrongData
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.data.clusters import clusters
from tamiz.data.evidence import Evidence, Pairs
from tamiz.data.ledger import Fate
from tamiz.data.manifest import TIED, Manifest
from tamiz.data.sketches import COLOUR_SIDE, FIGURES, Sketches
from tamiz.stages.assigning import Assignment, assign, tied_alone, without_split
from tamiz.stages.deciding import GIVEN_LABEL
from tamiz.stages.folding import assign_folds, has_folds
from tamiz.stages.measuring import Seen

_KEPT = (None, Fate.UNLABELLED.value)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known before the split, and the split as it will be.

    Attributes:
        evidence: the rows that may be used or only lack a label.
        usable: positions in the evidence of the rows with a label.
        assignment: the parts of the usable rows; None when no split is possible.
        why_not: then the reason.
    """

    evidence: Evidence
    usable: tuple[int, ...]
    assignment: Assignment | None
    why_not: Text | str | None

    @property
    def note(self) -> Text:
        """Return which labels were left sealed, in words."""
        if self.assignment is None:
            return text("clean.nothing_sealed", reason=self.why_not or "")
        n = int(self.evidence.sealed.sum())
        return text("clean.sealed", n=n, total=len(self.usable))


def rows_in_play(seen: Seen) -> Seen:
    """Return the rows that are neither left out nor copies of others."""
    rows = without_split(seen.rows)
    at = [place for place, fate in enumerate(rows.column("fate")) if fate in _KEPT]
    return Seen(rows.take(at), seen.sketches.take(at))


def gather(recipe: Recipe, seen: Seen, pairs: Pairs) -> Gathered:
    """Return the evidence about rows that `rows_in_play` gave, their test part sealed.

    The split is the one that the stage `split` will make of the same rows and options.
    """
    rows = _without_own_columns(seen.rows)
    fates = rows.column("fate")
    usable = tuple(at for at, fate in enumerate(fates) if fate is None)
    kin = clusters(pairs, len(rows)) if len(pairs) else []
    assignment, why_not = _assignment(seen.rows.untied(), usable, kin, recipe)
    sealed = np.zeros(len(rows), dtype=np.bool_)
    if assignment is not None:
        for at, part in zip(usable, assignment.parts, strict=True):
            sealed[at] = part == "test"
    told = rows.with_columns({TIED: tied_alone(rows, kin)})
    evidence = Evidence(told, seen.sketches, pairs, sealed, recipe.audit.seed)
    return Gathered(evidence, usable, assignment, why_not)


def among(kin: list[tuple[int, ...]], usable: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the sets of kin as positions in `usable`; sets of one are no sets."""
    place = {row: at for at, row in enumerate(usable)}
    sets = (tuple(place[row] for row in rows if row in place) for rows in kin)
    return [rows for rows in sets if len(rows) > 1]


def rows_of_table(manifest: Manifest) -> Seen:
    """Return all rows of a table of which no file is there, with sketches that say nothing."""
    n = len(manifest)
    nothing = [None] * n
    has_label = manifest.column("label")
    fates = [None if label is not None else Fate.UNLABELLED.value for label in has_label]
    rows = manifest.with_columns({"fate": fates, "reason": nothing})
    sketches = Sketches(
        tuple(rows.column("item")),
        {name: np.full(n, np.nan, dtype=np.float32) for name in FIGURES},
        np.zeros((n, 64, 64), dtype=np.uint8),
        np.zeros((n, COLOUR_SIDE, COLOUR_SIDE, 3), dtype=np.uint8),
    )
    return Seen(rows, sketches)


def _assignment(
    rows: Manifest, usable: tuple[int, ...], kin: list[tuple[int, ...]], recipe: Recipe
) -> tuple[Assignment | None, str | None]:
    try:
        as_split_does = assign_folds if has_folds(recipe.split) else assign
        made = as_split_does(rows.take(usable), recipe.split, among(kin, usable))
    except WrongData as error:
        return None, str(error)
    return made, None


def _without_own_columns(rows: Manifest) -> Manifest:
    """Return the rows without what decisions and `split` left there: no probe may learn from it."""
    if GIVEN_LABEL in rows.column_names:
        rows = rows.with_columns({GIVEN_LABEL: [None] * len(rows)})
    return rows.untied()
