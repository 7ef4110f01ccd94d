"""`evaluate` where images can have several labels: baselines, and the report."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import Text, text
from tamiz.data.predictions import Predictions, names_of
from tamiz.data.report import Block, Finding, Findings, Paragraph, Section, Severity
from tamiz.metrics.baselines import Vectors
from tamiz.metrics.interval_words import design_effect_words
from tamiz.metrics.intervals import Measured
from tamiz.metrics.multilabel import sample_f1
from tamiz.metrics.multilabel_baselines import (
    nearest_label_predictions,
    prior_label_predictions,
    usual_set_predictions,
)
from tamiz.metrics.multilabel_blocks import (
    label_blocks,
    label_calibration,
    label_headline,
    label_metric,
    untaught_thresholds,
)
from tamiz.stages.evaluation import Evaluation
from tamiz.stages.pictures import pictures_of


def label_baselines(
    targets: NDArray[np.float32],
    train: tuple[NDArray[np.int64], Vectors],
    test_vectors: Vectors,
    like: Predictions,
) -> dict[str, Predictions]:
    """Return what knows nothing: each label's share, the most frequent set, the nearest thumbnail.

    Args:
        targets: (n_train, K).
        train: positions of the training rows with vectors, and these.
        test_vectors: of the test rows.
        like: whose items, groups, targets and classes to take over.
    """
    chosen, vectors = train
    return {
        "prior": prior_label_predictions(targets, like),
        "usual-set": usual_set_predictions(targets, like),
        "nearest-thumbnail": nearest_label_predictions(
            vectors, targets[chosen], test_vectors, like
        ),
    }


def label_report(
    evaluation: Evaluation,
    columns: Mapping[str, Measured],
    findings: tuple[Finding, ...],
) -> tuple[tuple[Section, ...], tuple[Block, ...]]:
    """Return the sections of the report and its summary.

    Args:
        evaluation: of the test part.
        columns: figures of 'test', 'val' and the baselines, by name.
        findings: what is to be known beside the figures.
    """
    recipe, test, bundle = evaluation.recipe, evaluation.predictions, evaluation.bundle
    table = label_headline(columns, recipe.evaluate)
    brief = label_headline(_without_val(columns), recipe.evaluate)  # as wide as a terminal
    findings = (*findings, *_threshold_findings(evaluation.val))
    effect = design_effect_words(columns["test"], label_metric(recipe.evaluate.metric).name)
    told: tuple[Block, ...] = (*effect, *((Findings(findings),) if findings else ()))
    thresholds = dict(zip(bundle.classes, bundle.thresholds, strict=True))
    classes = tuple(label_blocks(columns["test"], thresholds, "test"))
    sections = (
        Section("metrics", text("evaluate.metrics"), (table, *told)),
        Section("classes", text("evaluate.classes"), classes),
        Section("calibration", text("evaluate.calibration"), (label_calibration(test, "test"),)),
        Section("mistakes", text("evaluate.mistakes"), label_mistakes(evaluation)),
    )
    return tuple(section for section in sections if section.blocks), (brief, *told)


def _without_val(columns: Mapping[str, Measured]) -> dict[str, Measured]:
    return {name: one for name, one in columns.items() if name != "val"}


def label_words(names: list[str]) -> Text | str:
    """Return labels for people: 'finger + hand', or that there is none."""
    return " + ".join(names) or text("multilabel.no_label")


def _threshold_findings(val: Predictions | None) -> tuple[Finding, ...]:
    names = untaught_thresholds(val) if val is not None else []
    if not names:
        return ()
    what = text("multilabel.thresholds_stand", names=", ".join(names[:10]))
    return (Finding(Severity.WARNING, what),)


def label_mistakes(evaluation: Evaluation) -> tuple[Block, ...]:
    """Return the images whose labels are the least right."""
    recipe, test = evaluation.recipe, evaluation.predictions
    true, predicted = test.target > 0, test.predicted > 0
    wrong = np.flatnonzero((true != predicted).any(axis=1))
    if not len(wrong):
        return (Paragraph(text("multilabel.no_mistakes", n=len(test))),)
    sure = np.abs(test.probabilities - true).sum(axis=1)  # of equal F1 the surest mistake first
    order = np.lexsort((-sure[wrong], sample_f1(true, predicted)[wrong]))
    worst = wrong[order][: recipe.evaluate.n_mistakes]
    captions = [
        text(
            "multilabel.mistake",
            true=label_words(names_of(test.target[at], test.classes)),
            predicted=label_words(names_of(test.predicted[at], test.classes)),
        )
        for at in worst
    ]
    rows = evaluation.rows.take(worst.tolist())
    caption = text("multilabel.mistakes_caption", n=len(worst), all=len(wrong), of=len(test))
    return (pictures_of(rows, captions, evaluation.bundle.policy, caption),)
