"""`evaluate --data`: the run's model on a set that took no part in it, under a name of its own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tamiz.acquisition.patterns import exists
from tamiz.acquisition.remote import at_hand
from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import locked, read_json, write_json, write_text
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import Tables, with_tables
from tamiz.core.urls import is_url, on_disk, plain_url
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import Finding, Paragraph, Report, Section, Severity, Table
from tamiz.data.run_folder import Run
from tamiz.metrics.baselines import prior_predictions
from tamiz.metrics.interval_words import few_groups_findings
from tamiz.metrics.intervals import Measured, measure
from tamiz.metrics.pooling import pooled, typical_rows
from tamiz.metrics.report_blocks import class_values, to_values
from tamiz.models.registry import MODELS
from tamiz.stages.evaluate import first_metric, pools_groups
from tamiz.stages.evaluation import Evaluation
from tamiz.stages.external_report import Internal, differences_of, external_report
from tamiz.stages.external_rows import (
    ExternalRows,
    OtherClasses,
    chosen_rows,
    external_recipe,
    read_external,
    seen_before,
)
from tamiz.stages.faults import check_recipe
from tamiz.stages.looking import look_at_part
from tamiz.stages.pieces.order import look_closer
from tamiz.stages.pieces.subgroups import columns_by
from tamiz.stages.predict import load_bundle
from tamiz.stages.row_predictions import answers_about
from tamiz.stages.training_rows import target_indices

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

FOLDER: Final = "external"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_TAKEN: Final = frozenset({"train", "val", "test", "oof"})


@dataclass(frozen=True, slots=True)
class ExternalSet:
    """What the user asks for.

    Attributes:
        source: where the images are.
        name: of the set, in files and reports.
        settings: options of the sections `data` and `evaluate`, on top of the run's.
        other_classes: what to do with images of classes that the model does not know.
        is_overwrite: whether a set of this name may be measured anew.
    """

    source: Path
    name: str = "external"
    settings: Tables | None = None
    other_classes: OtherClasses = "refuse"
    is_overwrite: bool = False


def evaluate_external(run: Run, asked: ExternalSet, on_event: OnEvent = ignore) -> Report:
    """Measure the run's model on other images; write `external/<name>/`, leave the run's figures.

    The source is indexed and checked as `index` and `check` do, by the run's own options of the
    section `data` with those of `asked` on top; every readable image with a label that the model
    knows is predicted, read by the bundle's own policy. Nothing is chosen on it.

    Files: metrics.json (written last), predictions.parquet, manifest.parquet, files.json,
    ledger.csv and ledger.json, report/report.html and report/report.json.

    Raises:
        WrongUse: there is no run or no model, the name cannot be used or is taken, or an option
            has nothing to do with the data or the evaluation.
        WrongData: the source cannot be read, or holds classes that the model does not know.
    """
    _check_asked(run, asked)
    settings = asked.settings or {}
    base = run.recipe() if run.recipe_path.is_file() else Recipe()
    recipe = with_tables(base, settings, where="--set")
    check_recipe(recipe)
    bundle = load_bundle(run.model_folder)
    is_here = not is_url(asked.source)
    source = (
        str(on_disk(asked.source).expanduser().absolute()) if is_here else plain_url(asked.source)
    )
    if on_disk(source).resolve() == on_disk(base.data.source).expanduser().resolve():
        raise WrongUse.of("external.own_source", where=asked.source)
    recipe, fallen = external_recipe(recipe, source, recipe.data, settings.get("data", {}).keys())
    place = Run(run.folder / FOLDER / asked.name)
    with locked(run.folder):
        _make_room(place, asked)
        try:
            return _measured(run, bundle, (recipe, place, asked), fallen, on_event)
        finally:
            shutil.rmtree(place.folder / "cache", ignore_errors=True)
            if not (place.folder / "metrics.json").is_file():  # nothing half done under a name
                shutil.rmtree(place.folder, ignore_errors=True)


def externals_of(run: Run) -> dict[str, Report]:
    """Return the reports of the external sets that the run's present model was measured on."""
    places = sorted((run.folder / FOLDER).glob("*/metrics.json"))
    if not places:
        return {}
    present = read_json(run.model_folder / "bundle.json").get("weights", {}).get("sha256")
    made = {}
    for place in places:
        measured_with = read_json(place).get("bundle")
        if present is None or measured_with == present:  # an ensemble has weights in its members
            made[place.parent.name] = Report.load(place.parent / "report")
    return made


def external_sections(externals: Mapping[str, Report]) -> list[Section]:
    """Return what a run's report shows of its external sets: figures, and where the rest lies."""
    made = []
    for name, report in externals.items():
        first = report.sections[0]
        where = Paragraph(text("external.whole", path=f"{FOLDER}/{name}/report/report.html"))
        made.append(replace(first, blocks=(*first.blocks, where)))
    return made


def _check_asked(run: Run, asked: ExternalSet) -> None:
    if not run.exists:
        raise WrongUse.of("external.no_run", where=run.folder)
    if not _NAME.fullmatch(asked.name) or asked.name.lower() in _TAKEN:
        raise WrongUse.of("external.bad_name", where="--name", name=asked.name)
    for section, values in (asked.settings or {}).items():
        if section not in {"data", "evaluate"} or "source" in values:
            name = f"{section}.{next(iter(values), '')}"
            raise WrongUse.of("external.only_data", where="--data", name=name)
    if not exists(at_hand(asked.source.expanduser())):
        raise WrongUse.of("errors.not_found", where=asked.source)


def _make_room(place: Run, asked: ExternalSet) -> None:
    """Raise where the name is taken; take away what a killed evaluation left."""
    if (place.folder / "metrics.json").is_file() and not asked.is_overwrite:
        raise WrongUse.of("external.taken", where=place.folder, name=asked.name)
    shutil.rmtree(place.folder, ignore_errors=True)
    place.folder.mkdir(parents=True)


def _measured(
    run: Run,
    bundle: Bundle,
    work: tuple[Recipe, Run, ExternalSet],
    fallen: tuple[str, ...],
    on_event: OnEvent,
) -> Report:
    recipe, place, asked = work
    on_event(Event("evaluate", "start", text("external.start", name=asked.name)))
    manifest, chosen = chosen_rows(
        read_external(recipe, place, on_event),
        bundle.classes,
        asked.other_classes,
        is_multilabel=bundle.is_multilabel,
    )
    recipe, not_here = _by_columns_here(recipe, chosen.rows, asked)
    manifest.save(place.manifest_path)
    place.ledger().save(place.folder)
    metric = first_metric(recipe, bundle).name
    looked = look_at_part(run, bundle, chosen.rows, recipe.data.source, metric)
    found = _answers(bundle, chosen.rows, recipe, asked.name, on_event)
    found.save(place.folder / "predictions.parquet")
    evaluation = replace(_evaluation(run, bundle, recipe, chosen, found), looked=looked)
    looked.found(evaluation.measured.overall.get(metric))
    findings = seen_before(chosen.rows, run.manifest())
    findings = [*findings, *(replace(one, command="") for one in chosen.findings)]  # of runs
    findings += [*_of_options((*fallen, *not_here)), *few_groups_findings(evaluation.measured)]
    closer = look_closer(evaluation, on_event)
    internal = _internal(run, evaluation)
    differences = differences_of(evaluation, internal)
    values: dict[str, Any] = {
        "name": asked.name,
        "source": asked.source.name,
        "bundle": bundle.identity(),
        "n_found": chosen.n_found,
        "left_out": dict(chosen.left_out),
        asked.name: to_values(evaluation.measured.overall),
        "by_class": {asked.name: class_values(evaluation.measured)},
        "baselines": {name: to_values(one.overall) for name, one in evaluation.beside.items()},
        "difference": to_values(differences),
        "valid": not any(one.severity is Severity.STOP for one in findings),
        **closer.values,
    }
    evaluation_and = (evaluation, internal, differences)
    report = external_report(evaluation_and, chosen, (*findings, *closer.findings), closer)
    report = replace(report, values={FOLDER: {asked.name: values}})
    _write(report, place, values)
    run.forget("report")  # the next one shows this set too
    on_event(Event("evaluate", "end"))
    line = Paragraph(text("external.saved", path=str(place.folder)))
    return replace(report, summary=(*report.summary, line))


def _by_columns_here(
    recipe: Recipe, rows: Manifest, asked: ExternalSet
) -> tuple[Recipe, list[str]]:
    """Return the recipe without subgroups of the run that this set has no column for.

    Columns that were asked for with this set are left: they are an error where they are missing.
    """
    if "by" in (asked.settings or {}).get("evaluate", {}):
        return recipe, []
    here, not_here = [], []
    for word in recipe.evaluate.by:
        one = replace(recipe, evaluate=replace(recipe.evaluate, by=[word]))
        try:
            columns_by(one, rows)
            here.append(word)
        except WrongUse:
            not_here.append(f"evaluate.by {word}")
    return replace(recipe, evaluate=replace(recipe.evaluate, by=here)), not_here


def _write(report: Report, place: Run, values: dict[str, Any]) -> None:
    from tamiz.rendering.html import render_html

    report.save(place.report_folder)
    # On the page the tables stand in their sections; the terminal shows the summary alone.
    words = tuple(one for one in report.summary if not isinstance(one, Table))
    page = render_html(replace(report, summary=words))
    write_text(place.report_folder / "report.html", page)
    write_json(place.folder / "metrics.json", values)


def _answers(
    bundle: Bundle, rows: Manifest, recipe: Recipe, name: str, on_event: OnEvent
) -> Predictions:
    """Return the model's answers about the external rows, a row each."""
    if MODELS.get(bundle.model).reads == "slides":
        from tamiz.stages.embedding import bags_of
        from tamiz.stages.slides.training import embedding_of, slide_predictions

        bags, _ = bags_of(rows, embedding_of(bundle), on_event)
        found, _ = slide_predictions(bundle, rows, bags)
    else:
        found = answers_about(bundle, rows, recipe, None, on_event)
    return replace(found, split=name)


def _evaluation(
    run: Run, bundle: Bundle, recipe: Recipe, chosen: ExternalRows, found: Predictions
) -> Evaluation:
    rows = chosen.rows
    is_pooled = pools_groups(bundle, rows)
    each = found
    if is_pooled:
        found = pooled(each)
        rows = rows.take(typical_rows(each, found).tolist())
    return Evaluation(
        recipe=recipe,
        run=run,
        bundle=bundle,
        part=found.split,
        predictions=found,
        val=_of_run(run, "val", is_pooled=is_pooled),
        rows=rows,
        measured=measure(found, recipe.evaluate),
        beside=_constant(run, found, recipe),
        is_pooled=is_pooled,
        n_items=len(each),
    )


def _constant(run: Run, found: Predictions, recipe: Recipe) -> dict[str, Measured]:
    """Return what the training part's frequencies alone score here."""
    if found.is_multilabel:
        return {}
    train = run.manifest().where(split="train")
    if not len(train):
        return {}
    targets = target_indices(train, list(found.classes))
    return {"prior": measure(prior_predictions(targets, found), recipe.evaluate)}


def _internal(run: Run, evaluation: Evaluation) -> Internal | None:
    """Return the run's own result: of its test part, or out of fold; None where there is none."""
    for part in ("test", "oof"):
        found = _of_run(run, part, is_pooled=evaluation.is_pooled)
        if found is not None:
            return Internal(part, found, measure(found, evaluation.recipe.evaluate))
    return None


def _of_run(run: Run, part: str, *, is_pooled: bool) -> Predictions | None:
    folder = run.folder / "predictions"
    if is_pooled and (folder / f"{part}_patients.parquet").is_file():
        return Predictions.load(folder / f"{part}_patients.parquet")
    if not (folder / f"{part}.parquet").is_file():
        return None
    found = Predictions.load(folder / f"{part}.parquet")
    return pooled(found) if is_pooled else found


def _of_options(fallen: tuple[str, ...]) -> list[Finding]:
    if not fallen:
        return []
    names = ", ".join(fallen)
    return [Finding(Severity.NOTE, text("external.options_fell", names=names))]
