"""All faults of a recipe, told together before any image is read."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from tamiz.core.errors import TamizError, WrongUse
from tamiz.core.language import say
from tamiz.core.recipe import Recipe


def check_recipe(recipe: Recipe, where: str = "recipe") -> None:
    """Resolve every name and expression of the recipe.

    Raises:
        WrongUse: something does not exist or cannot be understood; all faults are named.
    """
    faults: list[str] = []
    for check in (
        _check_data,
        _check_clean,
        _check_split,
        _check_prepare,
        _check_model,
        _check_augment,
        _check_watch,
        _check_evaluate,
    ):
        faults += check(recipe)
    if faults:
        key = "recipe.faults" if len(faults) > 1 else "recipe.fault"
        raise WrongUse.of(key, where=where, details=tuple(faults), n=len(faults), first=faults[0])


def _check_data(recipe: Recipe) -> list[str]:
    from tamiz.formats.reader import policy_from

    data = recipe.data
    faults = _faults_of(lambda: policy_from(data))
    for name in ("label_from_name", "group_from_name"):
        pattern = getattr(data, name)
        if pattern is not None:
            try:
                re.compile(pattern)
            except re.error as error:
                faults.append(say("recipe.bad_expression", name=f"data.{name}", reason=str(error)))
    if data.encoding is not None:
        try:
            codecs.lookup(data.encoding)
        except LookupError:
            faults.append(say("recipe.bad_encoding", name=data.encoding))
    return faults


def _check_clean(recipe: Recipe) -> list[str]:
    if not recipe.clean.only:
        return []
    from tamiz.checks.registry import CHECKS

    return [
        fault
        for name in recipe.clean.only
        for fault in _faults_of(lambda name=name: CHECKS.get(name))  # type: ignore[misc]
    ]


def _check_split(recipe: Recipe) -> list[str]:
    from tamiz.splits.registry import SPLITS

    faults = _faults_of(lambda: SPLITS.get(recipe.split.rule))
    if recipe.split.test_fraction + recipe.split.val_fraction >= 1:
        faults.append(say("recipe.fractions_too_large"))
    return faults + _check_folds(recipe)


def _check_folds(recipe: Recipe) -> list[str]:
    split = recipe.split
    faults = []
    if split.folds == 1:
        faults.append(say("folds.one_fold"))
    if split.repeats > 1 and not split.folds and split.fold_rule != "centre":
        faults.append(say("folds.repeats_alone", n=split.repeats))
    return faults


def _check_prepare(recipe: Recipe) -> list[str]:
    from tamiz.steps.apply import input_steps

    return _faults_of(lambda: input_steps(recipe.prepare))


def _check_model(recipe: Recipe) -> list[str]:
    from tamiz.models.build import resolve_model
    from tamiz.models.registry import MODELS, InputShape
    from tamiz.stages.folding import refuse_folds_of_slides
    from tamiz.steps.tables import build_options

    def resolve() -> object:
        name, options = recipe.model.name, recipe.model.options
        spec = MODELS.get(name)
        if spec.reads == "slides":  # its options do not wait for the input's size to be known
            return resolve_model(name, options, InputShape(n_channels=3, side_px=0, n_classes=0))
        return build_options(spec.options, options, "model.options")

    return _faults_of(resolve) or _faults_of(
        lambda: refuse_folds_of_slides(recipe.model, recipe.split)
    )


def _check_augment(recipe: Recipe) -> list[str]:
    if not recipe.train.augment:
        return []  # nothing to resolve, and torch stays unloaded
    from tamiz.engine.augment.pipeline import Pipeline

    return _faults_of(lambda: Pipeline(recipe.train.augment))


def _check_watch(recipe: Recipe) -> list[str]:
    from tamiz.stages.exporters import check_watch

    return _faults_of(lambda: check_watch(recipe.train.watch))


def _check_evaluate(recipe: Recipe) -> list[str]:
    from tamiz.inputs.several_labels import has_several_labels
    from tamiz.metrics.multilabel_blocks import label_metric
    from tamiz.metrics.operating import parse_rule
    from tamiz.metrics.registry import METRICS
    from tamiz.metrics.report_blocks import metric_key

    if has_several_labels(recipe.data):
        return _faults_of(lambda: label_metric(recipe.evaluate.metric))
    faults = _faults_of(lambda: METRICS.get(metric_key(recipe.evaluate.metric)))
    return faults + _faults_of(lambda: parse_rule(recipe.evaluate.decide))


def _faults_of(resolve: Callable[[], object]) -> list[str]:
    try:
        resolve()
    except TamizError as error:
        return list(error.details) or [str(error)]
    return []
