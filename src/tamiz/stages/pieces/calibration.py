"""Closer look: whether probabilities mean what they say, before and after calibration."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Final

from tamiz.core.events import OnEvent
from tamiz.core.language import text
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Finding, Paragraph, Section, Severity, Words
from tamiz.metrics.calibration import Calibration
from tamiz.metrics.calibration_blocks import (
    brier_table,
    class_blocks,
    compared_table,
    confidence_chart,
    vector_table,
)
from tamiz.metrics.intervals import Measured, measure
from tamiz.metrics.reliability import (
    Compared,
    brier_parts,
    calibration_error,
    compare_calibrations,
    noise_floor,
)
from tamiz.metrics.report_blocks import COLUMN_NAMES, to_values
from tamiz.models.ensemble import Ensemble
from tamiz.stages.evaluation import Evaluation, Piece

_ECE: Final = "ece"


def calibration_piece(evaluation: Evaluation, on_event: OnEvent) -> Piece:  # noqa: ARG001
    """Return figures before and after calibration, the Brier score's parts and curves by class.

    Figures before calibration are worked out from the probabilities: the calibration is taken
    back. That cannot be done for means of several networks or of several images, which is said.
    """
    known = _sorted(evaluation.predictions)
    if not len(known):
        return Piece()
    options = evaluation.recipe.evaluate
    part = COLUMN_NAMES.get(evaluation.part, evaluation.part)
    parts, names = {"part": known}, [part]
    if evaluation.val is not None and len(evaluation.val.labelled()):
        parts["val"] = _sorted(evaluation.val)
        names.append(text("calibration.val_caveat"))
    blocks: list[Block] = _how(evaluation, known)
    compared: dict[str, dict[str, Compared]] = {}
    if _can_take_back(evaluation, known):
        for name, one in parts.items():
            before = _uncalibrated(evaluation, one)
            after = evaluation.measured if name == "part" else measure(one, options)
            made = compare_calibrations(before, one, options)
            compared[name] = _as_in_headline(made, measure(before, options), after)
        pairs = list(zip(names, compared.values(), strict=True))
        blocks.append(compared_table(pairs, options.confidence))
    floor = noise_floor(known, options.seed)
    found = calibration_error(known)
    key = "calibration.floor_labels" if known.is_multilabel else "calibration.floor"
    n = known.probabilities.size if known.is_multilabel else len(known)
    blocks.append(Paragraph(text(key, n=n, floor=floor, found=found)))
    brier = {name: brier_parts(one) for name, one in parts.items()}
    blocks += [brier_table(list(zip(names, brier.values(), strict=True)))]
    blocks += class_blocks(known, part, options)
    blocks.append(confidence_chart(known, part))
    values: dict[str, Any] = {
        "how": _how_word(evaluation),
        "scales": list(evaluation.bundle.calibration.scales),
        "shifts": list(evaluation.bundle.calibration.shifts),
        "bend": evaluation.bundle.calibration.bend,
        "noise_floor": floor,
        "ece": found,
        "brier_parts": asdict(brier["part"]),
        "before_and_after": {
            name: {
                figure: to_values(
                    {"before": one.before, "after": one.after, "difference": one.difference}
                )
                for figure, one in figures.items()
            }
            for name, figures in compared.items()
        },
    }
    section = Section("calibration-detail", text("calibration.title"), tuple(blocks))
    summary, findings = _told(evaluation, part, compared.get("part"))
    return Piece((section,), summary, findings, {"calibration": values})


def _as_in_headline(
    compared: dict[str, Compared], before: Measured, after: Measured
) -> dict[str, Compared]:
    """Return the same figures with the intervals that the report gives them everywhere else."""
    return {
        name: replace(
            one,
            before=before.overall.get(name, one.before),
            after=after.overall.get(name, one.after),
        )
        for name, one in compared.items()
    }


def _sorted(predictions: Predictions) -> Predictions:
    """Return the labelled rows by item, so that sums do not depend on the order of a file."""
    known = predictions.labelled()
    return known.take(known.item.argsort(kind="stable"))


def _how_word(evaluation: Evaluation) -> str:
    calibration = evaluation.bundle.calibration
    if isinstance(evaluation.bundle, Ensemble):
        return "members"
    if calibration.is_identity:
        return "none"
    return "temperature" if calibration.is_plain else "vector"


def _can_take_back(evaluation: Evaluation, known: Predictions) -> bool:
    """Return whether the probabilities are those of the one network whose calibration is known."""
    if isinstance(evaluation.bundle, Ensemble) or evaluation.is_pooled:
        return False
    is_its_own = known.bundle == evaluation.bundle.identity()
    return is_its_own and not evaluation.bundle.calibration.is_identity


def _uncalibrated(evaluation: Evaluation, known: Predictions) -> Predictions:
    calibration = evaluation.bundle.calibration
    is_multilabel = known.is_multilabel
    scores = calibration.scores_behind(known.probabilities, is_multilabel=is_multilabel)
    plain = Calibration.of_temperature(1.0, len(known.classes))
    made = plain.probabilities(scores, is_multilabel=is_multilabel)
    return replace(known, probabilities=made)


def _how(evaluation: Evaluation, known: Predictions) -> list[Block]:
    how = _how_word(evaluation)
    if how == "members":
        return [Paragraph(text("calibration.ensemble"))]
    calibration = evaluation.bundle.calibration
    made: list[Block] = []
    if how == "temperature":
        made.append(
            Paragraph(text("calibration.temperature", temperature=1 / calibration.scales[0]))
        )
    elif how == "vector":
        table = vector_table(calibration, evaluation.bundle.classes)
        made += [Paragraph(text("calibration.vector")), *([table] if table else [])]
        if calibration.bend:
            made.append(Paragraph(text("calibration.bend", bend=calibration.bend)))
    else:
        made.append(Paragraph(text("calibration.none")))
    if how != "none" and not _can_take_back(evaluation, known):
        made.append(Paragraph(text("calibration.several_networks")))
    return made


def _told(
    evaluation: Evaluation, part: Words, compared: dict[str, Compared] | None
) -> tuple[tuple[Block, ...], tuple[Finding, ...]]:
    """Return one sentence, and a warning where calibration is shown to do harm on the part."""
    if compared is None:
        return (), ()
    loss, error = compared["log_loss"], compared[_ECE]
    sentence = text(
        "calibration.summary",
        how=text(f"calibration.how_{_how_word(evaluation)}"),
        part=part,
        ece_before=error.before.value,
        ece_after=error.after.value,
        loss_before=loss.before.value,
        loss_after=loss.after.value,
    )
    if loss.difference.low is None or loss.difference.low <= 0:
        return (Paragraph(sentence),), ()
    what = text("calibration.worse", part=part, before=loss.before.value, after=loss.after.value)
    finding = Finding(Severity.WARNING, what, text("calibration.worse_advice", part=part))
    return (Paragraph(sentence),), (finding,)
