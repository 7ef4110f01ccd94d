"""What `evaluate` has in hand once a part is predicted, and what each look at it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tamiz.core.events import OnEvent
from tamiz.core.recipe import Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Finding, Section
from tamiz.data.run_folder import Run
from tamiz.metrics.decision import Decision
from tamiz.metrics.intervals import Measured
from tamiz.metrics.sureness import Sureness, sureness_of
from tamiz.stages.looking import Looked

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle


_READING_ORDER: Final = (
    "metrics", "test", "by-fold", "baselines", "classes", "confusion", "operating", "withheld",
    "calibration", "calibration-detail", "subgroups", "guard", "looks", "mistakes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A part that was predicted and measured, with all that further looks at it may need.

    Attributes:
        recipe: as it is in force.
        run: where the model is from.
        bundle: the model.
        part: 'test'; 'oof' (out of fold); or the name of an external set.
        predictions: of the part, every row labelled; a row per patient where figures are pooled.
        val: of the validation part, the only one on which anything may be chosen; None where
            there is none.
        rows: the manifest's rows, aligned with `predictions`.
        measured: the part's figures.
        beside: figures of baselines on the same rows.
        baselines: what they said of these rows, by the same names.
        is_pooled: whether figures are those of patients, their images' mean.
        n_items: images of the part, before pooling.
        looked: the look at a sealed part that was counted for it; None where none was needed.
    """

    recipe: Recipe
    run: Run
    bundle: Bundle
    part: str
    predictions: Predictions
    val: Predictions | None
    rows: Manifest
    measured: Measured
    beside: Mapping[str, Measured] = field(default_factory=dict)
    baselines: Mapping[str, Predictions] = field(default_factory=dict)
    is_pooled: bool = False
    n_items: int = 0
    looked: Looked | None = None

    def sureness_of(self, decision: Decision) -> Sureness:
        """Return how often answers were right, by their confidence; none where they are pooled.

        Args:
            decision: how answers follow from probabilities from now on.
        """
        if self.is_pooled:  # figures of patients say nothing about an image's answer
            return Sureness()
        confidence = self.recipe.evaluate.confidence
        return sureness_of(self.predictions, decision, self.part, confidence)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one look at an evaluation adds to its report.

    Attributes:
        sections: for the report, in reading order.
        summary: the few blocks that a terminal shows.
        findings: what the reader must know.
        values: figures for scripts; become part of metrics.json (`figures_in`) under own keys.
    """

    sections: tuple[Section, ...] = ()
    summary: tuple[Block, ...] = ()
    findings: tuple[Finding, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


Look = Callable[[Evaluation, OnEvent], Piece]


def joined_pieces(pieces: list[Piece]) -> Piece:
    """Return all pieces as one, in order."""
    return Piece(
        tuple(section for one in pieces for section in one.sections),
        tuple(block for one in pieces for block in one.summary),
        tuple(finding for one in pieces for finding in one.findings),
        {name: value for one in pieces for name, value in one.values.items()},
    )


def figures_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what metrics.json holds: all but the looks, which the same run adds to each time."""
    return {name: value for name, value in values.items() if name != "looks"}


def in_reading_order(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return the sections that say something, those of one topic beside each other."""
    places = {anchor: place for place, anchor in enumerate(_READING_ORDER)}
    middle = places["subgroups"]  # subgroups have an anchor per column
    said = [section for section in sections if section.blocks]
    return tuple(sorted(said, key=lambda section: places.get(section.anchor, middle)))
