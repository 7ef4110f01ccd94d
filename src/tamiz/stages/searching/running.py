"""Doing the trials of a search: one after another, or several at once on the engine in force."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.files import make_folder, write_json
from tamiz.core.language import text
from tamiz.metrics.multilabel import LabelMetric
from tamiz.metrics.registry import Metric
from tamiz.stages.at_once import Trainings, each_training
from tamiz.stages.searching.measure import predict_part
from tamiz.stages.searching.space import point_of
from tamiz.stages.searching.trials import (
    BASELINE,
    Bench,
    Tried,
    decided_by,
    hopeless_from,
    next_point,
    next_round,
    recipe_at,
)
from tamiz.stages.train import train_rows

Ending = Literal["trials", "budget", "stopped", "exhausted"]


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One trial to be made.

    Attributes:
        number: of the trial.
        values: what it tries.
        rivals: finished trials that it is given up beside; None: judged when it is done.
        left_s: seconds of the budget; None: no end.
        must_succeed: whether a fault ends the search.
    """

    number: int
    values: dict[str, Any]
    rivals: Sequence[Tried] | None = None
    left_s: float | None = None
    must_succeed: bool = False


@dataclass(frozen=True, slots=True)
class _Made:
    """What became of an attempt; None in `tried`: the time was up in the middle."""

    tried: Tried | None
    curve: list[float] = field(default_factory=list)


class _GivenUpError(Exception):
    """The trial is hopeless beside the others."""


class _TimeIsUpError(Exception):
    """The budget is spent in the middle of a trial."""


def run_trials(
    bench: Bench, n_trials: int | None, budget_s: float | None, on_event: OnEvent
) -> Ending:
    """Try points until the number or the time is used up; return why it ended.

    The time is that of all trials together, over all sessions, wherever they are made. The recipe
    as planned is tried first, whatever the budget. On any engine the same points are tried, judged
    by the same others.

    Raises:
        WrongUse, WrongData, MachineTrouble: the recipe as planned cannot be trained.
    """
    shutil.rmtree(bench.folder / "now", ignore_errors=True)
    try:
        if not any(one.number == BASELINE for one in bench.trials()):
            planned = point_of(bench.recipe, bench.space) or {}
            _take(bench, [_Attempt(BASELINE, planned, must_succeed=True)], (1, None), on_event)
        while True:
            trials = bench.trials()
            if n_trials is not None and len(trials) - 1 >= n_trials:
                return "trials"
            left = _left(trials, budget_s)
            if left is not None and left <= 0:
                return "budget"
            numbers = next_round(bench, len(trials))
            if n_trials is not None:
                numbers = range(numbers.start, min(numbers.stop, n_trials + 1))
            ending = _round(bench, numbers, (n_trials, budget_s), on_event)
            if ending is not None:
                return ending
    except KeyboardInterrupt:
        return "stopped"
    finally:
        shutil.rmtree(bench.folder / "now", ignore_errors=True)


def _left(trials: Sequence[Tried], budget_s: float | None) -> float | None:
    return None if budget_s is None else budget_s - sum(one.seconds for one in trials)


def _round(
    bench: Bench, numbers: range, limits: tuple[int | None, float | None], on_event: OnEvent
) -> Ending | None:
    """Make the trials of a round that are not made yet; return why the search ends, if it does."""
    n_trials, budget_s = limits
    attempts = _attempts(bench, numbers, budget_s)
    n_made = _take(bench, attempts, (len(numbers), budget_s), on_event, n_trials)
    if n_made == len(numbers):
        return None
    left = _left(bench.trials(), budget_s)
    # Fewer were made because the time was up, or because there was nothing left to try.
    return "exhausted" if left is None or _is_exhausted(bench, numbers.start + n_made) else "budget"


def _is_exhausted(bench: Bench, number: int) -> bool:
    taken = [one.values for one in bench.trials()]
    return next_point(bench, _known(bench, number), number, taken) is None


def _known(bench: Bench, number: int) -> list[Tried]:
    """Return the trials that decide this one, as far as they are finished."""
    n = decided_by(number, bench.at_once)
    return [one for one in bench.trials() if one.number < n]


def _attempts(bench: Bench, numbers: range, budget_s: float | None) -> Iterator[_Attempt]:
    """Yield the trials of a round, each decided when it is asked for; fewer when points run out."""
    taken = [one.values for one in bench.trials()]
    for number in numbers:
        known = _known(bench, number)
        left = _left(bench.trials(), budget_s)
        values = next_point(bench, known, number, taken)
        if values is None or (left is not None and left <= 0):
            return
        taken.append(values)
        is_known = len(known) == decided_by(number, bench.at_once)
        yield _Attempt(number, values, known if is_known else None, left)


def _take(
    bench: Bench,
    attempts: Sequence[_Attempt] | Iterator[_Attempt],
    limits: tuple[int, float | None],
    on_event: OnEvent,
    n_trials: int | None = None,
) -> int:
    """Make these trials and keep them in order, as long as time is left; return how many."""
    n_all, budget_s = limits
    trainings = Trainings("search", bench.folder, n_all, bench.recipe)
    parts = ((f"{one.number:04d}", one) for one in attempts)
    n_made = 0
    work = partial(_attempt, bench)
    with closing(each_training(work, parts, trainings, _without_epochs(on_event))) as results:
        for made in results:
            left = _left(bench.trials(), budget_s)
            if made.tried is None or (left is not None and left <= 0):
                break
            tried = _judged(bench, made.tried, made.curve)
            _keep(bench, tried)
            n_made += 1
            if tried.number != BASELINE:
                _tell(bench, tried, n_trials, on_event)
    return n_made


def _without_epochs(on_event: OnEvent) -> OnEvent:
    def listen(event: Event) -> None:
        if event.kind != "epoch":
            on_event(event)

    return listen


def _attempt(bench: Bench, one: _Attempt, on_event: OnEvent) -> _Made:
    """Train one point; what cannot be trained is a result too."""
    started = time.monotonic()
    curve: list[float] = []
    try:
        return _Made(_train(bench, one, curve, on_event), curve)
    except _TimeIsUpError:
        return _Made(None)
    except _GivenUpError:
        seconds = round(time.monotonic() - started, 3)
        return _Made(Tried(one.number, one.values, "pruned", None, curve, seconds), curve)
    except (WrongData, WrongUse, MachineTrouble) as error:
        if one.must_succeed:
            raise
        seconds = round(time.monotonic() - started, 3)
        failed = Tried(one.number, one.values, "failed", seconds=seconds, reason=str(error))
        return _Made(failed, curve)


def _train(bench: Bench, one: _Attempt, curve: list[float], on_event: OnEvent) -> Tried:
    started = time.monotonic()
    rivals = None if one.must_succeed else one.rivals
    is_hopeless = None if rivals is None else hopeless_from(bench, rivals)

    def listen(event: Event) -> None:
        if one.left_s is not None and time.monotonic() - started > one.left_s:
            raise _TimeIsUpError
        if event.kind == "progress":
            on_event(replace(event, stage="search"))
        if event.kind == "epoch":
            on_event(event)
            curve.append(_height(bench.metric, event.values))
            if is_hopeless is not None and is_hopeless(curve[-1]):
                raise _GivenUpError

    recipe = recipe_at(bench.recipe, one.values)
    now = _now(bench, one.number)
    shutil.rmtree(now, ignore_errors=True)
    bundle, _ = train_rows(recipe, bench.rows, now, listen, cache=bench.cache)
    found = predict_part(bundle, bench.rows, "val", recipe, bench.cache)
    found.save(now / "val.parquet")
    bundle.save(now / "model")
    seconds = round(time.monotonic() - started, 3)
    return Tried(one.number, one.values, "done", bench.metric(found), curve, seconds)


def _now(bench: Bench, number: int) -> Path:
    """Return where a trial is being made."""
    return bench.folder / "now" / f"{number:04d}"


def _height(metric: Metric | LabelMetric, epoch: Any) -> float:
    """Return how good an epoch is, more being better; the same kind of figure for all trials."""
    of_labels = isinstance(metric, LabelMetric)
    figure = None
    if metric.better == "higher":
        figure = epoch.get("val_f1" if of_labels else "val_accuracy")
    if figure is None:
        loss = epoch.get("val_loss")
        figure = -loss if loss is not None else float("nan")
    return float(figure)


def _judged(bench: Bench, tried: Tried, curve: Sequence[float]) -> Tried:
    """Return the trial as it is when judged beside those that decide it.

    One that was made beside them was not given up in time, and is now.
    """
    if tried.number == BASELINE or tried.state == "pruned":
        return tried
    rivals = _known(bench, tried.number)
    is_hopeless = hopeless_from(bench, rivals)
    for epoch, height in enumerate(curve, start=1):
        if is_hopeless(height):
            seconds = tried.seconds
            return Tried(tried.number, tried.values, "pruned", None, list(curve[:epoch]), seconds)
    return tried


def _keep(bench: Bench, made: Tried) -> None:
    """Write the trial, and its network if it is the best so far; the trial's file comes last."""
    now = _now(bench, made.number)
    if made.value is not None:
        make_folder(bench.folder / "trials")
        (now / "val.parquet").replace(bench.folder / "trials" / f"{made.number:04d}.parquet")
        rivals = bench.trials()
        if not rivals or bench.best([*rivals, made]).number == made.number:
            make_folder(bench.folder / "models")
            shutil.rmtree(bench.model_folder(made.number), ignore_errors=True)
            (now / "model").replace(bench.model_folder(made.number))
    write_json(bench.folder / "trials" / f"{made.number:04d}.json", asdict(made))
    shutil.rmtree(now, ignore_errors=True)
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
