"""What a training tells of itself: what was learnt from what, how, and the curves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.data.report import (
    Block,
    Chart,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Series,
    Severity,
    Table,
)
from tamiz.stages.fitted_facts import Fact, fitted_facts, tried_table

if TYPE_CHECKING:
    from tamiz.engine.train import Trained


def training_report(trained: Trained, recipe: Recipe, temperature: float) -> Report:
    """Return the report of a finished training.

    Args:
        trained: the result.
        recipe: as it was in force.
        temperature: fitted on the validation part.
    """
    best = trained.history[trained.best_epoch - 1]
    facts = Table(
        (text("training.fact"), text("training.value")),
        (
            (text("training.model"), recipe.model.name),
            (text("training.parameters"), trained.n_parameters),
            *_start(trained),
            *_ways(trained, recipe),
            (text("training.epochs"), len(trained.history)),
            (text("training.best_epoch"), trained.best_epoch),
            (text("training.seconds"), round(trained.seconds, 1)),
            (text("training.precision"), trained.precision),
            (text("training.device"), trained.device),
            (text("training.temperature"), f"{temperature:.3f}"),
            *_first_loss(trained),
        ),
    )
    chosen = text(f"training.chosen_{recipe.train.monitor}", epoch=trained.best_epoch)
    told = trained.more.get("fitted", {})
    blocks: list[Block] = [Paragraph(text("classical.chosen_head") if told else chosen), facts]
    tried = tried_table(told)
    if tried is not None:
        blocks.append(tried)
    notes = _notes(trained, recipe)
    if notes:
        blocks.append(Findings(tuple(notes)))
    blocks += [curve_of(trained.history, ("train_loss", "val_loss"), "training.loss")]
    blocks += [curve_of(trained.history, ("val_accuracy", "val_f1"), "training.shares")]
    values = {"train": {**trained.facts(), "seconds": trained.seconds, "best": best}}
    title = text("training.title")
    return Report("train", title, (Section("training", title, tuple(blocks)),), (facts,), values)


def _start(trained: Trained) -> list[Fact]:
    """Return where the weights came from, when they were not random."""
    start = trained.start
    if start is None:
        return []
    return [
        (text("training.start"), start.source),
        (text("training.start_sha256"), start.sha256[:16]),
    ]


def _ways(trained: Trained, recipe: Recipe) -> list[Fact]:
    """Return what was not ordinary about the training."""
    made: list[Fact] = []
    if "stages" in trained.more:
        made.append((text("training.stages"), trained.more["stages"]))
    features = trained.more.get("features")
    if features:
        words = text(
            "training.features_of",
            n=features["n_features"],
            views=features["views"],
            precision=features["precision"],
        )
        made.append((text("training.features"), words))
    if "fitted" in trained.more:
        made += fitted_facts(trained.more["fitted"])
    if recipe.train.balance != "none":
        made.append((text("training.balance"), text(f"training.balance_{recipe.train.balance}")))
    if recipe.train.loss != "cross-entropy":
        focal = text("training.focal", gamma=recipe.train.focal_gamma)
        made.append((text("training.loss_made_small"), focal))
    if recipe.train.shards > 1:
        made.append((text("training.shards"), recipe.train.shards))
    return made


def _notes(trained: Trained, recipe: Recipe) -> list[Finding]:
    """Return what a reader should know: copies, and how much each super batch was worth."""
    made = []
    if "classifier" in trained.more.get("fitted", {}):
        made.append(Finding(Severity.NOTE, text("classical.no_importance")))
    if recipe.train.balance in {"sampling", "level"}:
        made.append(Finding(Severity.NOTE, text("training.copies")))
    if recipe.train.shards > 1:
        losses = _loss_by_shard(trained.history)
        if losses:
            shown = ", ".join(f"{loss:.3f}" for loss in losses)
            made.append(Finding(Severity.NOTE, text("training.by_shard", losses=shown)))
    return made


def _loss_by_shard(history: list[dict[str, Any]]) -> list[float]:
    """Return the validation loss after each super batch, as far as there is one."""
    last: dict[int, float] = {}
    for one in history:
        if one.get("val_loss") is not None:
            last[one.get("shard", 1)] = one["val_loss"]
    return [last[number] for number in sorted(last)]


def _first_loss(trained: Trained) -> list[Fact]:
    """Return two facts; none of a head that was fitted at once, without steps."""
    if not math.isfinite(trained.first_loss):
        return []
    return [
        (text("training.first_loss"), f"{trained.first_loss:.3f}"),
        (text("training.expected_first_loss"), f"{trained.expected_first_loss:.3f}"),
    ]


def curve_of(history: Sequence[Mapping[str, Any]], names: tuple[str, ...], label: str) -> Chart:
    """Return these figures over the epochs, a line each; those that no epoch has are left out."""
    series = []
    for name in names:
        points = [(one["epoch"], one[name]) for one in history if one.get(name) is not None]
        if points:
            x, y = zip(*points, strict=True)
            series.append(Series(text(f"training.{name}"), tuple(x), tuple(y)))
    return Chart("line", text(label), text("training.epoch"), text(label), tuple(series))
