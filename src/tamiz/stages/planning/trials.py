"""A short trial of each way on the training part; the validation part says which is better."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tamiz.core.events import Event, OnEvent
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.core.seeds import derive_seed
from tamiz.data.manifest import Manifest
from tamiz.data.report import Estimate
from tamiz.data.run_folder import Run
from tamiz.metrics.intervals import wilson
from tamiz.stages.planning.choices import Draft
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
        is_whole: whether it was the whole training, which is not done again.
        n_train: images that it learnt from.
    """

    draft: Draft
    epochs: int
    figure: Estimate
    seconds: float
    is_whole: bool
    n_train: int

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


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a trial is made.

    Attributes:
        limit_s: seconds that it may take.
        is_whole: whether it is the whole training.
        share: of the training images that it learns from; whole groups are taken.
        folder: where its checkpoints are kept, to be taken up by the training; None: nowhere.
    """

    limit_s: float
    is_whole: bool = False
    share: float = 1.0
    folder: Path | None = None


def try_out(draft: Draft, epochs: int, run: Run, terms: Terms, on_event: OnEvent) -> Trial | None:
    """Train a draft on the training part and measure it on the whole validation part.

    The test part is not among the rows. What was prepared of all rows and the features of a
    frozen network are kept: the training that follows finds them.

    Returns:
        The trial; None where the time was over before its first epoch was.

    Raises:
        WrongUse, WrongData, MachineTrouble: as in training.
    """
    from tamiz.engine.train import train_network

    started = time.monotonic()
    recipe = _plain(draft.recipe, terms)
    rows = some_rows(rows_of(run), terms.share, recipe.train.seed)
    listen = _quieter(on_event, started + terms.limit_s)
    try:
        task, _ = task_of(recipe, rows, run.folder / "cache", listen)
        left = started + terms.limit_s - time.monotonic()
        if terms.folder is None:  # what is handed over has its limit in the recipe
            task = replace(task, train=replace(task.train, max_minutes=max(left, 1.0) / 60))
        trained = train_network(task, terms.folder, listen)
    except _OutOfTimeError:
        return None
    best = trained.history[trained.best_epoch - 1]
    n_groups = len(set(rows.where(split="val").group_keys()))
    figure = _figure(best, judged_by(recipe), len(task.rows.val), n_groups)
    seconds = time.monotonic() - started
    return Trial(draft, epochs, figure, seconds, terms.is_whole, len(task.rows.train))


def some_rows(rows: Manifest, share: float, seed: int) -> Manifest:
    """Return the validation rows and a share of the training rows, in their order.

    Whole groups are taken, in an order drawn from the seed, until the share is reached and every
    class is there.
    """
    if share >= 1:
        return rows
    parts, keys = rows.column("split"), rows.group_keys()
    labels = rows.column("label")
    groups: dict[str, list[int]] = {}
    for at, (part, key) in enumerate(zip(parts, keys, strict=True)):
        if part == "train":
            groups.setdefault(str(key), []).append(at)
    drawn = sorted(groups, key=lambda key: derive_seed(seed, f"trial {key}"))
    wanted = share * sum(map(len, groups.values()))
    missing = {labels[at] for places in groups.values() for at in places}
    kept: list[int] = []
    for key in drawn:
        if len(kept) >= wanted and not missing & {labels[at] for at in groups[key]}:
            continue
        kept += groups[key]
        missing -= {labels[at] for at in groups[key]}
    others = [at for at, part in enumerate(parts) if part != "train"]
    return rows.take(sorted([*kept, *others]))


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


def _plain(recipe: Recipe, terms: Terms) -> Recipe:
    """Return the recipe without what only a model that is kept needs."""
    if terms.folder is not None:
        return replace(recipe, train=replace(recipe.train, watch=[], checkpoint_s=0.0))
    limit = max(terms.limit_s, 1.0) / 60
    train = replace(recipe.train, watch=[], checkpoint_s=0.0, shards=0, max_minutes=limit)
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
