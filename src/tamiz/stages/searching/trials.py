"""The trials of a search: which point is tried next, how it did, and when it is given up.

Every finished trial is a file of its own, written whole; a killed one leaves none and is repeated.
What is tried next follows from the finished trials and the seed alone, so a search that was
interrupted goes on as if it had not been.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from tamiz.core.files import read_json
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import with_tables
from tamiz.core.seeds import derive_seed
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.metrics.comparing import metric_for
from tamiz.metrics.multilabel import LabelMetric
from tamiz.metrics.registry import Metric
from tamiz.metrics.report_blocks import metric_key
from tamiz.stages.searching.space import Dimension, point_of, settings_of

if TYPE_CHECKING:
    from optuna import Study
    from optuna.distributions import BaseDistribution

_STARTUP: Final = 8  # trials at random before the search learns from them
_BEFORE_PRUNING: Final = 5  # finished trials
_ATTEMPTS: Final = 30  # at finding a point that was not tried before
BASELINE: Final = 0


@dataclass(frozen=True, slots=True)
class Tried:
    """One finished trial.

    Attributes:
        number: from 1; 0 is the recipe as planned.
        values: what was tried, by field; empty for a recipe as planned outside of the space.
        state: 'done', 'pruned' (given up early), or 'failed' (diverged, or cannot be trained).
        value: the metric on the validation images on which trials are compared; None unless done.
        curve: after each epoch, a figure of which more is better.
        seconds: it took.
        reason: why it failed.
    """

    number: int
    values: dict[str, Any]
    state: Literal["done", "pruned", "failed"]
    value: float | None = None
    curve: list[float] = field(default_factory=list)
    seconds: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where and by what all trials are compared.

    Attributes:
        recipe: as planned; trials change it.
        rows: training rows, and validation rows divided (see `search_measure`).
        folder: of the search.
        cache: of prepared images, shared by all trials.
        space: what is varied.
        seed: of the search.
        at_once: trials in a round: those that are decided without knowing each other.
    """

    recipe: Recipe
    rows: Manifest
    folder: Path
    cache: Path
    space: tuple[Dimension, ...]
    seed: int
    at_once: int = 1

    @property
    def metric(self) -> Metric | LabelMetric:
        """Return what trials are compared by."""
        name = metric_key(self.recipe.evaluate.metric)
        return metric_for(name, is_multilabel=self.rows.is_multilabel)

    def score(self, value: float) -> float:
        """Return the figure, turned so that more is better."""
        return value if self.metric.better == "higher" else -value

    def trials(self) -> list[Tried]:
        """Return all finished trials in order, the recipe as planned (number 0) first."""
        return [Tried(**read_json(path)) for path in sorted(self.folder.glob("trials/*.json"))]

    def predictions(self, number: int) -> Predictions:
        """Return what a finished trial said of the validation images."""
        return Predictions.load(self.folder / "trials" / f"{number:04d}.parquet")

    def model_folder(self, number: int) -> Path:
        """Return where the network of a trial lies while it may be the best."""
        return self.folder / "models" / f"{number:04d}"

    def best(self, trials: Sequence[Tried]) -> Tried:
        """Return the best finished trial, the earliest of equals."""
        done = [one for one in trials if one.value is not None]
        return max(done, key=lambda one: (self.score(one.value or 0.0), -one.number))


def decided_by(number: int, at_once: int) -> int:
    """Return how many trials, the recipe as planned among them, decide what this one tries.

    Trials are made in rounds of `at_once`: all of a round follow from those before it, so the
    search is the same whoever of them is finished first.
    """
    return (number - 1) // at_once * at_once + 1


def next_round(bench: Bench, first: int) -> range:
    """Return the trials, from `first`, that can be decided on what is known when it is its turn.

    Those are the rest of its round, and all that are drawn at random before the search learns.
    """
    in_space = point_of(bench.recipe, bench.space) is not None
    last_random = _STARTUP - in_space
    end_of_round = decided_by(first, bench.at_once) + bench.at_once - 1
    return range(first, max(end_of_round, last_random) + 1)


def next_point(
    bench: Bench, trials: Sequence[Tried], number: int, taken: Sequence[dict[str, Any]]
) -> dict[str, Any] | None:
    """Return what a trial tries; None when all points were tried.

    Args:
        bench: of the search.
        trials: by which it is decided, as far as they are finished.
        number: of the trial.
        taken: what was tried before, and what is being tried.
    """
    for attempt in range(_ATTEMPTS):
        with quiet_optuna():
            seed = derive_seed(bench.seed, "search", number, attempt) % 2**32
            study = study_of(bench, trials, seed)
            values = dict(study.ask(distributions(bench.space)).params)
        if values not in taken:
            return values
    return None


def hopeless_from(bench: Bench, trials: Sequence[Tried]) -> Callable[[float], bool]:
    """Return a judge that is shown a trial's epochs in turn: whether it is to be given up."""
    with quiet_optuna():
        trial = study_of(bench, trials).ask(distributions(bench.space))
    n_shown = [0]

    def is_hopeless(height: float) -> bool:
        trial.report(height, n_shown[0])
        n_shown[0] += 1
        return trial.should_prune()

    return is_hopeless


def distributions(space: Sequence[Dimension]) -> dict[str, BaseDistribution]:
    """Return the space in optuna's words."""
    from optuna import distributions as d

    made: dict[str, BaseDistribution] = {}
    for one in space:
        if one.kind == "choice":
            made[one.path] = d.CategoricalDistribution(one.choices)
        elif one.kind == "whole number":
            made[one.path] = d.IntDistribution(int(one.low), int(one.high), log=one.is_log)
        else:
            made[one.path] = d.FloatDistribution(one.low, one.high, log=one.is_log)
    return made


def study_of(bench: Bench, trials: Sequence[Tried], seed: int = 0) -> Study:
    """Return the finished trials as a study of optuna, in memory."""
    import optuna

    epochs = bench.recipe.train.epochs
    has_equal_length = not any(one.path == "train.epochs" for one in bench.space)
    pruner: Any = optuna.pruners.NopPruner()
    if has_equal_length:  # epochs of trainings of other lengths cannot be compared
        pruner = optuna.pruners.MedianPruner(_BEFORE_PRUNING, n_warmup_steps=max(1, epochs // 4))
    sampler = optuna.samplers.TPESampler(n_startup_trials=_STARTUP, seed=seed)
    study = optuna.create_study(direction="maximize", sampler=sampler, pruner=pruner)
    known = distributions(bench.space)
    state = optuna.trial.TrialState
    for one in trials:
        if set(one.values) != set(known):
            continue  # the recipe as planned, where it lies outside of the space
        study.add_trial(
            optuna.trial.create_trial(
                state=state.PRUNED if one.value is None else state.COMPLETE,
                value=None if one.value is None else bench.score(one.value),
                params=one.values,
                distributions=known,
                intermediate_values=dict(enumerate(one.curve)),
            )
        )
    return study


def recipe_at(recipe: Recipe, values: dict[str, Any]) -> Recipe:
    """Return the recipe at one point of the space."""
    return with_tables(recipe, settings_of(values, recipe), where="search")


@contextmanager
def quiet_optuna() -> Iterator[None]:
    """Keep optuna from speaking: what a reader should know is told by tamiz."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        yield
