"""The trials of a search: which point is tried next, how it did, and when it is given up.

Every finished trial is a file of its own, written whole; a killed one leaves none and is repeated.
What is tried next follows from the finished trials and the seed alone, so a search that was
interrupted goes on as if it had not been.
"""

from __future__ import annotations

import shutil
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.files import read_json, write_json
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import with_tables
from tamiz.core.seeds import derive_seed
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.metrics.registry import METRICS, Metric
from tamiz.metrics.report_blocks import metric_key
from tamiz.stages.search_measure import predict_part
from tamiz.stages.search_space import Dimension, point_of, settings_of
from tamiz.stages.train import train_rows

if TYPE_CHECKING:
    from optuna import Study, Trial
    from optuna.distributions import BaseDistribution

    from tamiz.models.bundle import Bundle

Ending = Literal["trials", "budget", "stopped", "exhausted"]
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
    """

    recipe: Recipe
    rows: Manifest
    folder: Path
    cache: Path
    space: tuple[Dimension, ...]
    seed: int

    @property
    def metric(self) -> Metric:
        """Return what trials are compared by."""
        return METRICS.get(metric_key(self.recipe.evaluate.metric))

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


class _GivenUpError(Exception):
    """The trial is hopeless beside the others."""


class _TimeIsUpError(Exception):
    """The budget is spent in the middle of a trial."""


def run_trials(
    bench: Bench, n_trials: int | None, budget_s: float | None, on_event: OnEvent
) -> Ending:
    """Try points until the number or the time is used up; return why it ended.

    The time counts all sessions. The recipe as planned is tried first, whatever the budget.

    Raises:
        WrongUse, WrongData, MachineTrouble: the recipe as planned cannot be trained.
    """
    try:
        if not any(one.number == BASELINE for one in bench.trials()):
            planned = point_of(bench.recipe, bench.space) or {}
            _keep(bench, *_train(bench, BASELINE, planned, _Limits(), on_event))
        while True:
            trials = bench.trials()
            left = None if budget_s is None else budget_s - sum(one.seconds for one in trials)
            if n_trials is not None and len(trials) - 1 >= n_trials:
                return "trials"
            if left is not None and left <= 0:
                return "budget"
            point = next_point(bench, trials)
            if point is None:
                return "exhausted"
            values, is_hopeless = point
            limits = _Limits(None if left is None else time.monotonic() + left, is_hopeless)
            made, bundle = _attempt(bench, len(trials), values, limits, on_event)
            _keep(bench, made, bundle)
            _tell(bench, made, n_trials, on_event)
    except _TimeIsUpError:
        return "budget"
    except KeyboardInterrupt:
        return "stopped"
    finally:
        shutil.rmtree(bench.folder / "now", ignore_errors=True)


def next_point(
    bench: Bench, trials: Sequence[Tried]
) -> tuple[dict[str, Any], Callable[[list[float]], bool]] | None:
    """Return what to try next and the judge of its curve; None when all points were tried."""
    known = [one.values for one in trials]
    for attempt in range(_ATTEMPTS):
        with quiet_optuna():
            trial, study = _asked(bench, trials, attempt)
        values = dict(trial.params)
        if values not in known:
            return values, _judge(study, trial)
    return None


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


def _asked(bench: Bench, trials: Sequence[Tried], attempt: int) -> tuple[Trial, Study]:
    seed = derive_seed(bench.seed, "search", len(trials), attempt) % 2**32
    study = study_of(bench, trials, seed)
    return study.ask(distributions(bench.space)), study


def _judge(study: Study, trial: Trial) -> Callable[[list[float]], bool]:
    def is_hopeless(curve: list[float]) -> bool:
        trial.report(curve[-1], len(curve) - 1)
        return trial.should_prune()

    del study  # kept alive by the trial
    return is_hopeless


@dataclass(frozen=True, slots=True)
class _Limits:
    """When a trial is ended from outside."""

    deadline: float | None = None
    is_hopeless: Callable[[list[float]], bool] = lambda _curve: False


def _attempt(
    bench: Bench, number: int, values: dict[str, Any], limits: _Limits, on_event: OnEvent
) -> tuple[Tried, Bundle | None]:
    """Train one point; what cannot be trained is a result too."""
    started = time.monotonic()
    try:
        return _train(bench, number, values, limits, on_event)
    except (WrongData, WrongUse, MachineTrouble) as error:
        seconds = round(time.monotonic() - started, 3)
        return Tried(number, values, "failed", seconds=seconds, reason=str(error)), None


def _train(
    bench: Bench, number: int, values: dict[str, Any], limits: _Limits, on_event: OnEvent
) -> tuple[Tried, Bundle | None]:
    started = time.monotonic()
    curve: list[float] = []

    def listen(event: Event) -> None:
        if limits.deadline is not None and time.monotonic() > limits.deadline:
            raise _TimeIsUpError
        if event.kind == "progress":
            on_event(replace(event, stage="search"))
        if event.kind == "epoch":
            curve.append(_height(bench.metric, event.values))
            if limits.is_hopeless(curve):
                raise _GivenUpError

    recipe = recipe_at(bench.recipe, values)
    now = bench.folder / "now"
    shutil.rmtree(now, ignore_errors=True)
    try:
        bundle, _ = train_rows(recipe, bench.rows, now, listen, cache=bench.cache)
    except _GivenUpError:
        seconds = round(time.monotonic() - started, 3)
        return Tried(number, values, "pruned", None, curve, seconds), None
    found = predict_part(bundle, bench.rows, "val", recipe, bench.cache)
    found.save(bench.folder / "trials" / f"{number:04d}.parquet")
    seconds = round(time.monotonic() - started, 3)
    return Tried(number, values, "done", bench.metric(found), curve, seconds), bundle


def recipe_at(recipe: Recipe, values: dict[str, Any]) -> Recipe:
    """Return the recipe at one point of the space."""
    return with_tables(recipe, settings_of(values, recipe), where="search")


def _height(metric: Metric, epoch: Any) -> float:
    """Return how good an epoch is, more being better; the same kind of figure for all trials."""
    figure = epoch.get("val_accuracy") if metric.is_share else None
    if figure is None:
        loss = epoch.get("val_loss")
        figure = -loss if loss is not None else float("nan")
    return float(figure)


def _keep(bench: Bench, made: Tried, bundle: Bundle | None) -> None:
    """Write the trial, and its network if it is the best so far; the trial's file comes last."""
    if bundle is not None:
        rivals = bench.trials()
        is_best = not rivals or bench.best([*rivals, made]).number == made.number
        if is_best:
            bundle.save(bench.model_folder(made.number))
    write_json(bench.folder / "trials" / f"{made.number:04d}.json", asdict(made))
    best = bench.best(bench.trials()).number
    for folder in (bench.folder / "models").iterdir():
        if folder.name not in {f"{BASELINE:04d}", f"{best:04d}"}:
            shutil.rmtree(folder, ignore_errors=True)


def _tell(bench: Bench, made: Tried, n_trials: int | None, on_event: OnEvent) -> None:
    best = bench.best(bench.trials())
    values = {"number": made.number, "total": n_trials or "?", "best": f"{best.value:.4f}"}
    if made.value is None:
        words = text(f"search.told_{made.state}", **values)
    else:
        words = text("search.told_done", value=f"{made.value:.4f}", **values)
    on_event(Event("search", "note", words, made.number, n_trials))


@contextmanager
def quiet_optuna() -> Iterator[None]:
    """Keep optuna from speaking: what a reader should know is told by tamiz."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        yield
