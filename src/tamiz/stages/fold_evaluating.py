"""`evaluate` with folds: figures of out-of-fold predictions, fold by fold, and of the ensemble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tamiz.core.events import Event, OnEvent
from tamiz.core.files import write_json
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Cell, Findings, Paragraph, Report, Section, Table
from tamiz.data.run_folder import Run
from tamiz.metrics.comparing import measure_repeats, metric_for
from tamiz.metrics.interval_words import design_effect_words
from tamiz.metrics.intervals import Measured, measure
from tamiz.metrics.multilabel_blocks import label_blocks, label_calibration, label_headline
from tamiz.metrics.pooling import pooled
from tamiz.metrics.report_blocks import (
    as_wide_as_a_terminal,
    class_table,
    class_values,
    confusion_tables,
    headline_metrics,
    headline_table,
    metric_name,
    reliability_chart,
    to_values,
)
from tamiz.stages.baseline_vectors import baseline_vectors
from tamiz.stages.cross_validation import Fold, folds_of, joined, repeat_path
from tamiz.stages.evaluate import (
    baselines_from,
    described_beside,
    findings_of,
    first_metric,
    mistakes_of,
    pools_groups,
)
from tamiz.stages.evaluation import Evaluation, Piece, figures_in, in_reading_order
from tamiz.stages.folding import HELD_OUT, Folding, load_folds
from tamiz.stages.gains import gain_of
from tamiz.stages.label_report import label_mistakes
from tamiz.stages.looking import Looked, look_at_test
from tamiz.stages.pieces.operating import refuse_wishes, with_decision
from tamiz.stages.pieces.order import look_closer
from tamiz.stages.predict import load_bundle
from tamiz.stages.preparing import PREPARED_PREFIX, prepare_rows
from tamiz.stages.row_predictions import answers_about
from tamiz.stages.training_rows import targets_of

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle
    from tamiz.models.ensemble import Ensemble

_MOST_COLUMNS = 4


@dataclass(slots=True)
class _Found:
    """What was measured.

    Attributes:
        oof: out-of-fold predictions, one table per repeat.
        measured: 'oof', 'val' and, with a sealed test part, 'test' and 'single' -> figures.
        beside: figures of baselines, out of fold too.
        by_fold: (fold, predictions of what it held out).
        gains: sentences on what options are worth.
        gain_values: the same as figures.
        looked: the look at the test part; None where there is none.
    """

    oof: list[Predictions]
    by_fold: list[tuple[Fold, Predictions]]
    measured: dict[str, Measured] = field(default_factory=dict)
    beside: dict[str, Measured] = field(default_factory=dict)
    gains: list[Block] = field(default_factory=list)
    gain_values: dict[str, Any] = field(default_factory=dict)
    looked: Looked | None = None


def evaluate_folds(recipe: Recipe, run: Run, on_event: OnEvent) -> Report:
    """Measure the out-of-fold predictions, and the ensemble on a sealed test part if there is one.

    Intervals are over groups: each image was judged once per repeat, by a network that never saw
    its group. Writes metrics.json, the predictions on the test part, and the figures into the
    model's bundle.

    Raises:
        WrongUse: there is no model.
        WrongData: a file of the run is damaged, or an image does not decode.
    """
    from tamiz.models.ensemble import Ensemble

    bundle = load_bundle(run.model_folder)
    refuse_wishes(recipe.evaluate, bundle, has_val=True)
    manifest, folding = run.manifest(), load_folds(run)
    is_pooled = pools_groups(bundle, manifest)
    pool = pooled if is_pooled else _same
    found = _load_predictions(run, folding, is_pooled=is_pooled)
    on_event(Event("evaluate", "progress", text("evaluate.measuring")))
    found.measured["oof"] = measure_repeats(found.oof, recipe.evaluate)
    val = pool(Predictions.load(run.folder / "predictions" / "val.parquet"))
    found.measured["val"] = measure(val, recipe.evaluate)
    if isinstance(bundle, Ensemble):
        _measure_test(found, recipe, run, bundle, on_event)
        _measure_mirroring(found, recipe, run, (bundle, folding), on_event)
    baselines = _baselines(recipe, run, bundle, folding, on_event)
    baselines = {name: pool(one) for name, one in baselines.items()}
    found.beside = {name: measure(one, recipe.evaluate) for name, one in baselines.items()}
    oof = found.oof[0]
    evaluation = Evaluation(
        recipe=recipe,
        run=run,
        bundle=bundle,
        part="oof",
        predictions=oof,
        val=val,
        rows=_rows_of(run, oof),
        measured=found.measured["oof"],
        beside=found.beside,
        baselines=baselines,
        is_pooled=is_pooled,
        n_items=len(manifest),
        looked=found.looked,
    )
    closer = look_closer(evaluation, on_event)
    values = {**_values(found, recipe), **closer.values}
    write_json(run.folder / "metrics.json", figures_in(values))
    stated = values["test"] if "test" in values else _named_oof(values["oof"])
    decided = with_decision(bundle, recipe.evaluate, val, is_pooled=is_pooled)
    sureness = evaluation.sureness_of(decided.decision)
    decided.with_metrics(stated, sureness).save(run.model_folder)
    for stale in (run.folder / "cache").glob(f"{PREPARED_PREFIX}*"):
        stale.unlink()
    return _report(evaluation, found, values, closer)


def _load_predictions(run: Run, folding: Folding, *, is_pooled: bool) -> _Found:
    """Return the out-of-fold predictions; a row per patient, which is saved too, where pooled."""
    pool = pooled if is_pooled else _same
    repeats = range(1, folding.n_repeats + 1)
    found = _Found(
        oof=[pool(Predictions.load(repeat_path(run, repeat))) for repeat in repeats],
        by_fold=[
            (fold, pool(Predictions.load(fold.folder(run) / "oof.parquet")))
            for fold in folds_of(folding)
        ],
    )
    if is_pooled:
        for repeat, one in zip(repeats, found.oof, strict=True):
            path = repeat_path(run, repeat)
            one.save(path.with_name(f"{path.stem}_patients.parquet"))
    return found


def _same(predictions: Predictions) -> Predictions:
    return predictions


def _measure_test(
    found: _Found, recipe: Recipe, run: Run, bundle: Ensemble, on_event: OnEvent
) -> None:
    """Measure the ensemble and its single networks on the sealed test part, where there is one."""
    test = run.manifest().where(split="test")
    if not len(test):
        return
    metric = first_metric(recipe, bundle).name
    found.looked = look_at_test(run, bundle, test, recipe, metric)
    is_pooled = pools_groups(bundle, run.manifest())
    pool = pooled if is_pooled else _same
    cache = run.folder / "cache"
    whole = answers_about(bundle, test, recipe, cache, on_event)
    whole.save(run.folder / "predictions" / "test.parquet")
    if is_pooled:
        pooled(whole).save(run.folder / "predictions" / "test_patients.parquet")
    single = [pool(answers_about(one, test, recipe, cache, on_event)) for one in bundle.members]
    found.measured["test"] = measure(pool(whole), recipe.evaluate)
    found.looked.found(found.measured["test"].overall.get(metric))
    found.measured["single"] = measure_repeats(single, recipe.evaluate)
    sentence, values = gain_of("ensemble", [pool(whole)], single, recipe)
    found.gains.append(sentence)
    found.gain_values["ensemble"] = values


def _measure_mirroring(
    found: _Found, recipe: Recipe, run: Run, made: tuple[Ensemble, Folding], on_event: OnEvent
) -> None:
    """Measure what looking at mirror images too is worth, on the validation parts."""
    from tamiz.models.ensemble import is_mirroring, without_mirroring

    bundle, folding = made
    if not is_mirroring(bundle):
        return
    manifest, plain, with_it = run.manifest(), [], []
    for fold, member in zip(folds_of(folding), bundle.members, strict=True):
        rows = folding.parts(manifest, fold.repeat, fold.fold, recipe.split).where(split="val")
        plain.append(answers_about(without_mirroring(member), rows, recipe, None, on_event))
        with_it.append(Predictions.load(fold.folder(run) / "val.parquet"))
    # An image can be in several validation parts: each time it is an item of its own.
    pairs = [
        joined([_numbered(one, n) for n, one in enumerate(side)], "val")
        for side in (with_it, plain)
    ]
    sentence, values = gain_of("mirrored", [pairs[0]], [pairs[1]], recipe)
    found.gains.append(sentence)
    found.gain_values["mirrored"] = values


def _numbered(predictions: Predictions, number: int) -> Predictions:
    items = np.array([f"{number}:{item}" for item in predictions.item], dtype=np.str_)
    return replace(predictions, item=items)


def _baselines(
    recipe: Recipe, run: Run, bundle: Bundle, folding: Folding, on_event: OnEvent
) -> dict[str, Predictions]:
    """Return what dumb baselines say out of fold: they learn from the same rows as the networks."""
    manifest = run.manifest()
    rows = folding.parts(manifest, 1, 1, recipe.split)
    images = prepare_rows(rows, bundle.steps, bundle.policy, recipe, run.folder / "cache", on_event)
    targets = targets_of(rows, list(bundle.classes))
    first = Predictions.load(repeat_path(run, 1))
    described = described_beside(recipe.model.name, images, first)
    seen = baseline_vectors(images, np.arange(len(rows), dtype=np.int64), described)
    made: dict[str, list[Predictions]] = {}
    for fold in folds_of(folding):
        if fold.repeat > 1:
            break
        parts = np.array(folding.parts(manifest, 1, fold.fold, recipe.split).column("split"))
        learnt, held = np.flatnonzero(parts == "train"), np.flatnonzero(parts == HELD_OUT)
        like = Predictions.load(fold.folder(run) / "oof.parquet")
        found = baselines_from(targets[learnt], seen.take(learnt), seen.take(held), like)
        for name, one in found.items():
            made.setdefault(name, []).append(one)
    return {name: joined(pieces, "oof") for name, pieces in made.items()}


def _values(found: _Found, recipe: Recipe) -> dict[str, Any]:
    values: dict[str, Any] = {name: to_values(one.overall) for name, one in found.measured.items()}
    values["baselines"] = {name: to_values(one.overall) for name, one in found.beside.items()}
    values["by_class"] = {
        name: class_values(one) for name, one in found.measured.items() if name != "single"
    }
    values["gains"] = found.gain_values
    shown = _fold_metrics(found, recipe)
    values["folds"] = [
        {
            "repeat": fold.repeat,
            "fold": fold.name,
            "n": len(held),
            "n_groups": held.n_groups,
            **{metric.name: _finite(metric(held)) for metric in shown},
        }
        for fold, held in found.by_fold
    ]
    return values


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _named_oof(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return figures under names that say whose they are: single networks', out of fold."""
    return {f"{name} (out of fold)": one for name, one in values.items()}


def _fold_metrics(found: _Found, recipe: Recipe) -> list[Any]:
    """Return the few metrics that are shown fold by fold."""
    is_multilabel = found.oof[0].is_multilabel
    first = metric_for(recipe.evaluate.metric, is_multilabel=is_multilabel)
    others = [] if is_multilabel else headline_metrics(first.name)[1:_MOST_COLUMNS]
    return [first, *others]


def _fold_table(found: _Found, recipe: Recipe) -> Table:
    """Return the plain figures of each fold: no intervals, and none to be made of their spread."""
    metrics = _fold_metrics(found, recipe)
    many = len(found.oof) > 1
    rows: list[tuple[Cell, ...]] = []
    for fold, held in found.by_fold:
        name = text("folds.in_repeat", repeat=fold.repeat, name=fold.name) if many else fold.name
        rows.append((name, len(held), held.n_groups, *(_finite(one(held)) for one in metrics)))
    names = (
        text("folds.column_fold"),
        text("folds.column_images"),
        text("folds.column_groups"),
        *(metric_name(one) for one in metrics),
    )
    return Table(names, tuple(rows), text("folds.by_fold_caption"))


def _report(
    evaluation: Evaluation, found: _Found, values: Mapping[str, Any], closer: Piece
) -> Report:
    recipe, oof = evaluation.recipe, evaluation.predictions
    own = {"oof": found.measured["oof"], "val": found.measured["val"]}
    table = _headline({**own, **found.beside}, oof, recipe)
    n_folds = sum(fold.repeat == 1 for fold, _ in found.by_fold)
    how = text("folds.oof_how", n=n_folds, repeats=len(found.oof))
    caption = text(
        "folds.oof_caption",
        confidence=recipe.evaluate.confidence,
        n=own["oof"].n,
        n_groups=own["oof"].n_groups,
    )
    table = replace(table, caption=caption)
    has_test = "test" in found.measured
    findings = (*findings_of(evaluation), *closer.findings)
    first = metric_for(recipe.evaluate.metric, is_multilabel=oof.is_multilabel)
    effect = design_effect_words(own["oof"], first.name)
    headline: list[Block] = [table, *effect, Paragraph(how)]
    if not has_test:
        headline.append(Paragraph(text("folds.ensemble_unknown", n=len(found.by_fold))))
    headline += [] if has_test else found.gains
    headline += [Findings(findings)] if findings else []
    sections = [Section("metrics", text("folds.result"), tuple(headline))]
    if has_test:
        sections.append(_test_section(found, oof, recipe))
    spread = Paragraph(text("folds.spread"))
    sections += [
        Section("by-fold", text("folds.by_fold"), (_fold_table(found, recipe), spread)),
        *_detail_sections(evaluation, closer),
    ]
    summary = [as_wide_as_a_terminal(table), *headline[1:]]
    if has_test:
        summary += _test_section(found, oof, recipe).blocks
    summary += closer.summary
    title = text("folds.evaluate_title")
    return Report("evaluate", title, in_reading_order(sections), tuple(summary), dict(values))


def _headline(columns: Mapping[str, Measured], like: Predictions, recipe: Recipe) -> Table:
    make = label_headline if like.is_multilabel else headline_table
    return make(columns, recipe.evaluate)


def _test_section(found: _Found, like: Predictions, recipe: Recipe) -> Section:
    """Return the ensemble's figures on the sealed test part beside those of single networks."""
    columns = {"ensemble": found.measured["test"], "single": found.measured["single"]}
    table = _headline(columns, like, recipe)
    return Section("test", text("evaluate.title"), (table, *found.gains))


def _rows_of(run: Run, predictions: Predictions) -> Manifest:
    """Return the manifest's rows in the order of the predictions (a row per patient: its first)."""
    manifest = run.manifest()
    by_item = {item: at for at, item in enumerate(manifest.column("item"))}
    by_group: dict[str, int] = {}
    for at, key in enumerate(manifest.group_keys()):
        by_group.setdefault(key, at)
    return manifest.take(
        [
            by_item[item] if item in by_item else by_group[group]
            for item, group in zip(
                predictions.item.tolist(), predictions.group.tolist(), strict=True
            )
        ]
    )


def _detail_sections(evaluation: Evaluation, closer: Piece) -> Sequence[Section]:
    """Return classes, confusions, calibration, closer looks and mistakes of the first repeat."""
    part = str(text("folds.column_oof"))
    oof, measured = evaluation.predictions, evaluation.measured
    if oof.is_multilabel:
        thresholds = dict(zip(oof.classes, oof.thresholds, strict=True))
        labels = tuple(label_blocks(measured, thresholds, part))
        curve = (label_calibration(oof, part),)
        return [
            Section("classes", text("evaluate.classes"), labels),
            Section("calibration", text("evaluate.calibration"), curve),
            *closer.sections,
            Section("mistakes", text("evaluate.mistakes"), label_mistakes(evaluation)),
        ]
    return [
        Section("classes", text("evaluate.classes"), (class_table(measured, part),)),
        Section("confusion", text("evaluate.confusion"), confusion_tables(oof, part)),
        Section("calibration", text("evaluate.calibration"), (reliability_chart(oof, part),)),
        *closer.sections,
        Section("mistakes", text("evaluate.mistakes"), mistakes_of(evaluation)),
    ]
