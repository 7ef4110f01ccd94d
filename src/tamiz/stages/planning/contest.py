"""Which way is best: finished models, or at least long trials, compared on the validation part.

A short trial favours what learns fast: a frozen network has a good head after one pass, a network
of one's own needs its epochs. So ways are not judged by short trials of unlike length. What is
cheap is trained in full first, then the others get the time that is left, and what was trained in
full is compared; of the chosen one nothing is done again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tamiz.core.language import Text, text
from tamiz.stages.planning.ahead import folder_for
from tamiz.stages.planning.budget import SAFETY, START_S, Load, Rung, highest, with_epochs
from tamiz.stages.planning.choices import Choice, Draft
from tamiz.stages.planning.clock import Clock
from tamiz.stages.planning.trials import Terms, Trial, try_out
from tamiz.stages.planning.ways import Way

_CHEAP: Final = 0.5  # of the time: what takes more leaves too little for another way
_TRIALS: Final = 0.4  # of the time that trials may take which are not whole trainings
_TUNED: Final = 0.4  # of what is left, for the whole of a fine-tuning
_LEAST_TUNED: Final = 2  # epochs of the whole network
_LEAST_TRIED: Final = 4  # epochs of a trial between sizes
_LEAST_STEPS: Final = 100  # of it: after fewer a network has hardly begun to learn
_LEAST_SHARE: Final = 0.25  # of the training images in such a trial
_LEAST_AHEAD: Final = 3  # epochs of our own network worth comparing with a finished one


@dataclass(frozen=True, slots=True)
class Fit:
    """A way that fits: on which rung, at which cost, in how many epochs."""

    way: Way
    rung: Rung
    load: Load
    epochs: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the comparison gave.

    Attributes:
        fit: the way, as it fits into the time that is left.
        draft: of it.
        epochs: of its last stage.
        trials: in the order of their trying.
        best: the chosen way's trial; None where it was not tried.
        folder: with the checkpoints of the finished training; None: it is still to be made.
    """

    fit: Fit
    draft: Draft
    epochs: int
    trials: tuple[Trial, ...] = ()
    best: Trial | None = None
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class _Done:
    """A way that was trained in full."""

    fit: Fit
    trial: Trial
    finish_s: float
    folder: Path | None = None


def compare(fits: Mapping[str, Fit], clock: Clock) -> Outcome:
    """Return the best of the ways that fit, by the validation part.

    Args:
        fits: by their names; at least one.
        clock: with the time.

    Raises:
        WrongUse, WrongData, MachineTrouble: as in training.
    """
    trials: list[Trial] = []
    done: list[_Done] = []
    own = next((fits[name] for name in ("small", "asked") if name in fits), None)
    if "frozen" in fits and own is not None:
        done += _frozen(fits["frozen"], clock, trials)
    if "tuned" in fits and own is not None:
        done += _tuned(fits["tuned"], clock, trials)
    if own is None:
        other = next(iter(fits.values()))
        return Outcome(other, other.rung.draft, other.epochs)
    best = max(done, key=lambda one: one.trial.figure.value, default=None)
    finish_s = best.finish_s if best else 0.0
    fit, tried = _sized(own, clock, finish_s, trials)
    is_behind = best is not None and (tried is None or tried.figure.value < best.trial.figure.value)
    if best is None or not is_behind:
        return Outcome(fit, fit.rung.draft, fit.epochs, tuple(trials), tried)
    ahead = _ahead(fit, clock, finish_s)
    if ahead is None:
        clock.note("budget.no_time_beside", fit.way.name)
    else:
        trials.append(ahead.trial)
        best = max((ahead, best), key=lambda one: one.trial.figure.value)
    made = best.trial
    return Outcome(best.fit, made.draft, made.epochs, tuple(trials), made, best.folder)


def _frozen(fit: Fit, clock: Clock, trials: list[Trial]) -> list[_Done]:
    """Return the frozen network with its best head; nothing where it takes most of the time."""
    load = fit.load
    if SAFETY * load.seconds(fit.epochs) > _CHEAP * clock.whole_s:
        clock.note("budget.too_dear", "frozen", seconds=load.seconds(fit.epochs))
        return []
    found: list[Trial] = []
    head_s = START_S + fit.epochs * load.epoch_s()
    for number, draft in enumerate(fit.way.variants or (fit.rung.draft,)):
        limit = SAFETY * (head_s if number else load.trial_s(fit.epochs))
        if number and limit + load.after_s > _TRIALS * clock.left_s:
            break
        _say(clock, fit)
        trial = try_out(draft, fit.epochs, clock.run, Terms(limit, is_whole=True), clock.on_event)
        if trial is None:
            clock.note("budget.too_slow", "frozen")
            break
        found.append(trial)
    trials += found
    if not found:
        return []
    best = max(found, key=lambda one: one.figure.value)
    return [_Done(fit, best, SAFETY * (head_s + load.after_s))]


def _tuned(fit: Fit, clock: Clock, trials: list[Trial]) -> list[_Done]:
    """Return the fine-tuned network; nothing where too few epochs fit into its part."""
    seconds = _TUNED * clock.left_s
    epochs = min(fit.rung.most, fit.load.epochs_within(seconds))
    if epochs < _LEAST_TUNED:
        clock.note("budget.too_dear", "tuned", seconds=fit.load.seconds(_LEAST_TUNED))
        return []
    made = _whole(fit, epochs, clock, seconds - SAFETY * fit.load.after_s)
    if made is None:
        clock.note("budget.too_slow", "tuned")
        return []
    trials.append(made.trial)
    return [made]


def _whole(fit: Fit, epochs: int, clock: Clock, limit_s: float) -> _Done | None:
    """Train a way in full, as it would be trained afterwards; None: the time was over before."""
    _say(clock, fit)
    why = text("budget.max_minutes", minutes=clock.minutes)
    draft = with_epochs(fit.rung.draft, epochs, epochs_words(fit.load, epochs, clock.minutes))
    draft = draft.chosen(Choice("train.max_minutes", round(max(limit_s, 1.0) / 60, 3), why))
    folder = folder_for(clock.run, fit.way.name)
    terms = Terms(limit_s, is_whole=True, folder=folder)
    trial = try_out(draft, epochs, clock.run, terms, clock.on_event)
    if trial is None:
        return None
    return _Done(fit, trial, SAFETY * (START_S + fit.load.after_s), folder)


def _ahead(fit: Fit, clock: Clock, finish_s: float) -> _Done | None:
    """Train our own network in full with the time that is left beside another finished one."""
    left = clock.left_s - max(finish_s, SAFETY * (START_S + fit.load.after_s))
    load, is_warm = fit.load, clock.is_prepared(fit.rung.draft)
    left += SAFETY * load.after_s  # it is in `left` already, and `epochs_within` counts it
    epochs = min(fit.rung.most, load.epochs_within(left, is_warm=is_warm))
    if epochs < min(_LEAST_AHEAD, fit.rung.most):
        return None
    return _whole(fit, epochs, clock, left - SAFETY * load.after_s)


def _sized(fit: Fit, clock: Clock, aside_s: float, trials: list[Trial]) -> tuple[Fit, Trial | None]:
    """Return the way on the rung that does best in trials of the same steps, and its trial.

    The same images and epochs for both: with the same seconds the smaller input would always have
    learnt more so far. The larger one is only among them where enough epochs fit in the end.

    Args:
        fit: a way with rungs; where it has one, there is nothing to try.
        clock: with the time.
        aside_s: seconds that another way may still need.
        trials: what is tried is added.
    """
    left = clock.left_s - aside_s
    found = highest(fit.way.rungs, clock.weigh, left)
    if found is None:
        return fit, None
    fit = Fit(fit.way, *found)
    rungs = (fit.rung, fit.way.rungs[max(0, fit.way.rungs.index(fit.rung) - 2)])
    if rungs[0] is rungs[1]:
        return fit, None
    seconds = min(_TRIALS * clock.whole_s - clock.spent_s, _TRIALS * left)
    terms = _terms(rungs, clock, seconds)
    if terms is None:
        clock.note("budget.sizes_not_tried", fit.way.name)
        return fit, None
    made: list[tuple[Rung, Trial]] = []
    for rung in rungs:
        trial = _short(rung, terms, clock, fit)
        if trial is None:
            clock.note("budget.too_slow", fit.way.name)
            return fit, None
        made.append((rung, trial))
        trials.append(trial)
    rung, best = max(made, key=lambda one: one[1].figure.value)  # of equal ones the first
    load, left = clock.weigh(rung.draft), clock.left_s - aside_s
    epochs = load.epochs_within(left, is_warm=clock.is_prepared(rung.draft))
    return Fit(fit.way, rung, load, max(1, min(rung.most, epochs))), best


def _short(rung: Rung, terms: tuple[int, float], clock: Clock, fit: Fit) -> Trial | None:
    epochs, share = terms
    _say(clock, fit)
    draft = with_epochs(rung.draft, epochs, text("budget.trial"))
    limit = SAFETY * SAFETY * clock.weigh(rung.draft).trial_s(epochs, share)
    return try_out(draft, epochs, clock.run, Terms(limit, share=share), clock.on_event)


def _terms(rungs: Sequence[Rung], clock: Clock, seconds: float) -> tuple[int, float] | None:
    """Return epochs and share of the training images of trials; None: they would be too short."""
    loads = [clock.weigh(rung.draft) for rung in rungs]
    most = min(rung.most for rung in rungs)

    def cost(epochs: int, share: float = 1.0) -> float:
        return SAFETY * sum(load.trial_s(epochs, share) for load in loads)

    epochs = min(most, int((seconds - cost(0)) / max(cost(1) - cost(0), 1e-9)))
    batch = rungs[0].draft.recipe.train.batch_size or 32
    in_epoch = max(1.0, loads[0].n_train / batch)
    least = min(max(_LEAST_TRIED, math.ceil(_LEAST_STEPS / in_epoch)), most)
    if epochs >= least:
        return epochs, 1.0
    share = (seconds - cost(least, 0.0)) / max(cost(least) - cost(least, 0.0), 1e-9)
    is_long = share >= _LEAST_SHARE and share * least * in_epoch >= _LEAST_STEPS
    return (least, share) if is_long else None


def epochs_words(load: Load, epochs: int, minutes: float) -> Text:
    """Return why there are so many epochs."""
    return text(
        "budget.epochs", n=epochs, seconds=load.epoch_s(), fixed=load.fixed_s(), minutes=minutes
    )


def _say(clock: Clock, fit: Fit) -> None:
    clock.say(text("budget.trying", way=text(f"budget.way_{fit.way.name}")))
