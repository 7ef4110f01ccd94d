"""`evaluate`: the figures of the val and the sealed test part, beside baselines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import write_json
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import (
    Block,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Severity,
)
from tamiz.data.run_folder import Run
from tamiz.metrics.baselines import nearest_thumbnail_predictions, prior_predictions
from tamiz.metrics.interval_words import design_effect_words, few_groups_findings
from tamiz.metrics.intervals import Measured, measure
from tamiz.metrics.multilabel import LabelMetric
from tamiz.metrics.multilabel_blocks import label_metric
from tamiz.metrics.pooling import pooled, typical_rows
from tamiz.metrics.registry import METRICS, Metric
from tamiz.metrics.report_blocks import (
    as_wide_as_a_terminal,
    class_table,
    class_values,
    confusion_tables,
    headline_table,
    metric_key,
    metric_name,
    reliability_chart,
    to_values,
)
from tamiz.models.registry import MODELS
from tamiz.stages.baseline_vectors import (
    BASELINE,
    BaselineVectors,
    baseline_vectors,
    described_for,
    descriptor_predictions,
)
from tamiz.stages.evaluation import Evaluation, Piece, figures_in, in_reading_order
from tamiz.stages.examining import refuse_changed
from tamiz.stages.folding import has_folds
from tamiz.stages.gains import mirror_gain
from tamiz.stages.label_report import label_baselines, label_report
from tamiz.stages.looking import look_at_test
from tamiz.stages.pictures import pictures_of
from tamiz.stages.pieces.operating import refuse_wishes, with_decision
from tamiz.stages.pieces.order import look_closer
from tamiz.stages.predict import load_bundle
from tamiz.stages.preparing import PREPARED_PREFIX, prepare_rows
from tamiz.stages.row_predictions import row_predictions
from tamiz.stages.slides.evaluating import predict_slides
from tamiz.stages.training_rows import targets_of, training_rows

if TYPE_CHECKING:
    from tamiz.descriptors.described import Described
    from tamiz.engine.prepared import PreparedImages
    from tamiz.models.bundle import Bundle

_MOST_TRAIN_VECTORS: Final = 100_000


def evaluate(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Predict val and test, measure them with intervals, and count this look at the test part.

    Writes predictions/val.parquet, predictions/test.parquet, metrics.json and the figures into
    the bundle.

    Raises:
        WrongUse: there is no model, or what is wished of decisions cannot be had.
        WrongData: the test part has a class that was not trained, or an image does not decode.
    """
    if has_folds(recipe.split):
        from tamiz.stages.fold_evaluating import evaluate_folds

        return evaluate_folds(recipe, run, on_event)
    bundle = load_bundle(run.model_folder)
    manifest = run.manifest()
    test = manifest.where(split="test")
    n_items = len(test)
    refuse_wishes(recipe.evaluate, bundle, has_val=len(manifest.where(split="val")) > 0)
    metric = first_metric(recipe, bundle).name
    looked = look_at_test(run, bundle, test, recipe, metric)
    if MODELS.get(bundle.model).reads == "slides":
        found, baselines = predict_slides(recipe, bundle, manifest, on_event)
    else:
        found, baselines = _predict_images(recipe, run, bundle, manifest, on_event)
    for part, predictions in found.items():
        predictions.save(run.folder / "predictions" / f"{part}.parquet")
    gains, gain_values = mirror_gain(recipe, run, bundle, found.get("val"), on_event)
    is_pooled = pools_groups(bundle, manifest)
    if is_pooled:
        test, found, baselines = _pooled(test, found, baselines, run)
    on_event(Event("evaluate", "progress", text("evaluate.measuring")))
    measured = {part: measure(made, recipe.evaluate) for part, made in found.items()}
    beside = {name: measure(made, recipe.evaluate) for name, made in baselines.items()}
    looked.found(measured["test"].overall.get(metric))
    evaluation = Evaluation(
        recipe=recipe,
        run=run,
        bundle=bundle,
        part="test",
        predictions=found["test"],
        val=found.get("val"),
        rows=test,
        measured=measured["test"],
        beside=beside,
        baselines=baselines,
        is_pooled=is_pooled,
        n_items=n_items,
        looked=looked,
    )
    closer = look_closer(evaluation, on_event)
    values = {**_values(measured, beside), "gains": gain_values, **closer.values}
    write_json(run.folder / "metrics.json", figures_in(values))
    decided = with_decision(bundle, recipe.evaluate, found.get("val"), is_pooled=is_pooled)
    sureness = evaluation.sureness_of(decided.decision)
    decided.with_metrics(values["test"], sureness).save(run.model_folder)
    for stale in (run.folder / "cache").glob(f"{PREPARED_PREFIX}*"):
        stale.unlink()
    told = Told(measured.get("val"), tuple(gains), closer)
    return _report(evaluation, told, values)


@dataclass(frozen=True, slots=True)
class Told:
    """What the report tells besides the evaluation of the test part itself.

    Attributes:
        val: figures of the validation part.
        gains: sentences on what options are worth.
        closer: sections, figures and findings of the closer looks.
    """

    val: Measured | None
    gains: tuple[Block, ...]
    closer: Piece


def pools_groups(bundle: Bundle, manifest: Manifest) -> bool:
    """Return whether figures are those of patients: the model reads slides, or parts of them."""
    if bundle.is_multilabel:
        return False  # what several labels of several parts say of a patient is not defined
    has_parts = any(x is not None for x in manifest.column("x"))
    return has_parts or MODELS.get(bundle.model).reads == "slides"


def _pooled(
    test: Manifest,
    found: Mapping[str, Predictions],
    baselines: Mapping[str, Predictions],
    run: Run,
) -> tuple[Manifest, dict[str, Predictions], dict[str, Predictions]]:
    """Return a row per patient of everything; of each test patient the row that says most."""
    groups = {part: pooled(one) for part, one in found.items()}
    for part, one in groups.items():
        one.save(run.folder / "predictions" / f"{part}_patients.parquet")
    rows = test.take(typical_rows(found["test"], groups["test"]).tolist())
    return rows, groups, {name: pooled(one) for name, one in baselines.items()}


def _predict_images(
    recipe: Recipe, run: Run, bundle: Bundle, manifest: Manifest, on_event: OnEvent
) -> tuple[dict[str, Predictions], dict[str, Predictions]]:
    """Return the model's answers on val and test, and the baselines' on test."""
    rows, n_train = training_rows(manifest)
    cache = run.folder / "cache"
    train_images = prepare_rows(rows, bundle.steps, bundle.policy, recipe, cache, on_event)
    test = manifest.where(split="test")
    test_images = prepare_rows(test, bundle.steps, bundle.policy, recipe, None, on_event)
    refuse_changed(test, bundle.policy, cache)
    val_at = np.arange(n_train, len(rows), dtype=np.int64)
    test_at = np.arange(len(test), dtype=np.int64)
    found = {
        "val": row_predictions(bundle, rows, train_images, val_at, "val"),
        "test": row_predictions(bundle, test, test_images, test_at, "test"),
    }
    learnt = rows.take(range(n_train))
    baselines = _baselines(bundle.model, learnt, train_images, test_images, found["test"])
    return found, baselines


def _baselines(
    model: str,
    train: Manifest,
    train_images: PreparedImages,
    test_images: PreparedImages,
    like: Predictions,
) -> dict[str, Predictions]:
    targets = targets_of(train, list(like.classes))
    chosen = np.arange(len(train), dtype=np.int64)
    if len(chosen) > _MOST_TRAIN_VECTORS:  # an even sample: more neighbours change little
        chosen = np.linspace(0, len(train) - 1, _MOST_TRAIN_VECTORS).round().astype(np.int64)
    described = described_beside(model, train_images, like)
    train_vectors = baseline_vectors(train_images, chosen, described)
    every = np.arange(len(test_images), dtype=np.int64)
    test_vectors = baseline_vectors(test_images, every, described)
    return baselines_from(targets, train_vectors, test_vectors, like, chosen)


def described_beside(model: str, images: PreparedImages, like: Predictions) -> Described | None:
    """Return the descriptors whose baseline stands beside a model.

    None for several labels, and beside a model that is itself one on descriptors.
    """
    if like.is_multilabel or MODELS.get(model).learns == "at once":
        return None
    return described_for(images.shape)


def baselines_from(
    targets: NDArray[Any],
    train_vectors: BaselineVectors,
    test_vectors: BaselineVectors,
    like: Predictions,
    chosen: NDArray[np.int64] | None = None,
) -> dict[str, Predictions]:
    """Return what baselines say of the rows of `like`: dumb ones, and one on descriptors.

    Args:
        targets: of all training rows.
        train_vectors: of the training rows at `chosen`.
        test_vectors: of the rows of `like`.
        like: whose items, groups, targets and classes to take over.
        chosen: which training rows have vectors; None: all.
    """
    at = np.arange(len(targets), dtype=np.int64) if chosen is None else chosen
    if like.is_multilabel:
        return label_baselines(
            targets, (at, train_vectors.thumbnails), test_vectors.thumbnails, like
        )
    seen, asked = train_vectors.thumbnails, test_vectors.thumbnails
    nearest = nearest_thumbnail_predictions(seen, targets[at], asked, like)
    made = {"prior": prior_predictions(targets, like), "nearest-thumbnail": nearest}
    if train_vectors.described is None or test_vectors.described is None:
        return made
    told = descriptor_predictions(
        train_vectors.described, targets[at], test_vectors.described, like
    )
    return made if told is None else {**made, BASELINE: told}


def _values(measured: Mapping[str, Measured], beside: Mapping[str, Measured]) -> dict[str, Any]:
    values: dict[str, Any] = {part: to_values(one.overall) for part, one in measured.items()}
    values["baselines"] = {name: to_values(one.overall) for name, one in beside.items()}
    values["by_class"] = {part: class_values(one) for part, one in measured.items()}
    return values


def _report(evaluation: Evaluation, told: Told, values: Mapping[str, Any]) -> Report:
    recipe, test = evaluation.recipe, evaluation.predictions
    own = {"test": evaluation.measured} | ({"val": told.val} if told.val else {})
    title, closer = text("evaluate.title"), told.closer
    findings = (*findings_of(evaluation), *closer.findings)
    if test.is_multilabel:
        parts, brief = label_report(evaluation, {**own, **evaluation.beside}, findings)
        told_all = in_reading_order((*parts, *closer.sections))
        return Report("evaluate", title, told_all, (*brief, *closer.summary), values)
    # Beside patients' figures, what a constant scores is the first thing to know.
    beside = evaluation.beside
    columns = {"test": evaluation.measured, **beside} if evaluation.is_pooled else {}
    table = headline_table({**columns, **own, **beside}, recipe.evaluate)
    constant: tuple[Block, ...] = ()
    if evaluation.is_pooled:
        constant = _constant(beside, recipe)
        caption = text(
            "evaluate.patients_caption",
            confidence=recipe.evaluate.confidence,
            n=evaluation.measured.n,
            n_items=evaluation.n_items,
        )
        table = replace(table, caption=caption)
    effect = design_effect_words(evaluation.measured, first_metric(recipe, evaluation.bundle).name)
    headline: list[Block] = [*constant, table, *effect, *told.gains]
    noted = [Findings(findings)] if findings else []
    sections = [
        Section("metrics", text("evaluate.metrics"), (*headline, *noted)),
        Section("classes", text("evaluate.classes"), (class_table(evaluation.measured, "test"),)),
        Section("confusion", text("evaluate.confusion"), confusion_tables(test, "test")),
        Section("calibration", text("evaluate.calibration"), (reliability_chart(test, "test"),)),
        *closer.sections,
        Section("mistakes", text("evaluate.mistakes"), mistakes_of(evaluation)),
    ]
    brief = (*constant, as_wide_as_a_terminal(table), *effect, *told.gains)
    summary = (*brief, *closer.summary, *noted)
    return Report("evaluate", title, in_reading_order(sections), summary, values)


def _constant(beside: Mapping[str, Measured], recipe: Recipe) -> tuple[Block, ...]:
    """Return one sentence: what the best constant answer scores."""
    metric = METRICS.get(metric_key(recipe.evaluate.metric))
    name = next((one for one in ("even", "prior") if one in beside), "")
    found = beside[name].overall.get(metric.name) if name else None
    if found is None:
        return ()
    value = f"{found.value:.4f}"
    return (Paragraph(text("evaluate.constant", metric=metric_name(metric), value=value)),)


def findings_of(evaluation: Evaluation) -> tuple[Finding, ...]:
    """Return what the reader must know: a leak, too few groups."""
    found = []
    if evaluation.run.state().get("leak"):
        found.append(Finding(Severity.STOP, text("evaluate.leak")))
    metric = first_metric(evaluation.recipe, evaluation.bundle)
    ours = evaluation.measured.overall.get(metric.name)
    if ours is not None and ours.low is None and ours.note is not None:
        found.append(Finding(Severity.WARNING, ours.note))
    return (*found, *few_groups_findings(evaluation.measured))


def first_metric(recipe: Recipe, bundle: Bundle) -> Metric | LabelMetric:
    """Return the metric that comes first in the report.

    Raises:
        WrongUse: there is no such metric.
    """
    wanted = recipe.evaluate.metric
    return label_metric(wanted) if bundle.is_multilabel else METRICS.get(metric_key(wanted))


def mistakes_of(evaluation: Evaluation) -> tuple[Block, ...]:
    """Return the images that were taken for another class most confidently."""
    seen = evaluation.predictions
    wrong = np.flatnonzero(seen.predicted != seen.target)
    confidence = seen.probabilities[wrong, seen.predicted[wrong]]
    order = np.argsort(-confidence, kind="stable")
    worst = wrong[order][: evaluation.recipe.evaluate.n_mistakes]
    if not len(worst):
        return (Paragraph(text("evaluate.no_mistakes", n=len(seen))),)
    captions = [
        text(
            "evaluate.mistake",
            true=seen.classes[seen.target[at]],
            predicted=seen.classes[seen.predicted[at]],
            percent=f"{100 * seen.probabilities[at, seen.predicted[at]]:.0f}",
        )
        for at in worst
    ]
    rows = evaluation.rows.take(worst.tolist())
    caption = text("evaluate.mistakes_caption", n=len(worst), all=len(wrong), of=len(seen))
    return (pictures_of(rows, captions, evaluation.bundle.policy, caption),)
