"""A short trial of each way on the training part; the validation part says which is better."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from tamiz.core.events import Event, OnEvent
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.report import Estimate
from tamiz.data.run_folder import Run
from tamiz.metrics.intervals import wilson
from tamiz.stages.plan_choices import Draft
from tamiz.stages.preparing import PREPARED_PREFIX
from tamiz.stages.train import task_of
from tamiz.stages.training_rows import training_rows


@dataclass(frozen=True, slots=True)
class Trial:
    """How a way did on the validation part.

    Attributes:
        draft: as it was tried.
        epochs: of its last stage.
        figure: accuracy on the validation part with its interval, or mean F1 where the recipe's
            metric looks at every class alike.
        seconds: it took.
        is_whole: whether it was the whole training, which cannot be done better with more time.
    """

    draft: Draft
    epochs: int
    figure: Estimate
    seconds: float
    is_whole: bool

    @property
    def judged_by(self) -> str:
        """Return which figure it is: 'accuracy' or 'f1'."""
        return judged_by(self.draft.recipe)


def name_of(trial: Trial) -> str:
    """Return the network with what is special about the way, as recipes write it."""
    recipe = trial.draft.recipe
    if recipe.model.name == "small":
        return f"small, {recipe.prepare.size_px} px"
    head = str(recipe.model.options.get("head", "linear"))
    return f"{recipe.model.name}, {', '.join(recipe.train.stages)} ({head})"


class _OutOfTimeError(Exception):
    """The trial takes longer than it may."""


def judged_by(recipe: Recipe) -> str:
    """Return which of the loop's own figures trials are compared by."""
    return "accuracy" if recipe.evaluate.metric == "accuracy" else "f1"


def try_out(
    draft: Draft,
    epochs: int,
    run: Run,
    on_event: OnEvent,
    *,
    limit_s: float,
    is_whole: bool = False,
) -> Trial | None:
    """Train a draft on the training part and measure it on the validation part.

    The test part is not among the rows. What was prepared and the features of a frozen network
    are kept: the training that follows finds them.

    Returns:
        The trial; None where it took longer than `limit_s` before its first epoch was over.

    Raises:
        WrongUse, WrongData, MachineTrouble: as in training.
    """
    from tamiz.engine.train import train_network

    started = time.monotonic()
    recipe = _plain(draft.recipe, limit_s)
    rows = rows_of(run)
    listen = _quieter(on_event, started + limit_s)
    try:
        task, _ = task_of(recipe, rows, run.folder / "cache", listen)
        left = started + limit_s - time.monotonic()
        task = replace(task, train=replace(task.train, max_minutes=max(left, 1.0) / 60))
        trained = train_network(task, None, listen)
    except _OutOfTimeError:
        return None
    best = trained.history[trained.best_epoch - 1]
    n_groups = len(set(rows.where(split="val").group_keys()))
    figure = _figure(best, judged_by(recipe), len(task.rows.val), n_groups)
    return Trial(draft, epochs, figure, time.monotonic() - started, is_whole)


def _figure(best: dict[str, Any], name: str, n: int, n_groups: int) -> Estimate:
    """Return the figure with a Wilson interval on groups: images of a group count as one."""
    value = float(best[f"val_{name}"])
    if name != "accuracy":
        return Estimate(value, n=n, n_groups=n_groups, note=text("budget.no_interval"))
    low, high = wilson(value * n_groups, n_groups)
    return Estimate(value, low, high, n, n_groups, "wilson")


def rows_of(run: Run) -> Manifest:
    """Return the rows that trials see: train and val."""
    return training_rows(run.manifest())[0]


def forget_prepared(run: Run, kept: set[str]) -> None:
    """Delete prepared images of the run but those named."""
    for path in (run.folder / "cache").glob(f"{PREPARED_PREFIX}*"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def prepared_names(run: Run) -> set[str]:
    """Return the names of the files with prepared images."""
    return {path.name for path in (run.folder / "cache").glob(f"{PREPARED_PREFIX}*")}


def _plain(recipe: Recipe, limit_s: float) -> Recipe:
    """Return the recipe without what only a model that is kept needs."""
    train = replace(
        recipe.train, watch=[], checkpoint_s=0.0, shards=0, max_minutes=max(limit_s, 1.0) / 60
    )
    return replace(recipe, train=train)


def _quieter(on_event: OnEvent, deadline: float) -> OnEvent:
    """Return a listener that hears of progress alone, as of the plan, until the time is over."""

    def listen(event: Event) -> None:
        if event.kind == "progress":
            on_event(replace(event, stage="plan"))
        if event.kind == "progress" and time.monotonic() > deadline and _is_before(event):
            raise _OutOfTimeError

    return listen


def _is_before(event: Event) -> bool:
    """Return whether the event comes before the epochs: these stop by themselves."""
    return event.text is not None and getattr(event.text, "key", "") != "train.epoch_of"
