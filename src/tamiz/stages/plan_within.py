"""The plan where a time is given: what fits is measured, ways are tried, epochs fill the rest."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.data.run_folder import Run
from tamiz.stages import plan_budget
from tamiz.stages.plan_budget import SAFETY, Load, Rung, highest, last_epochs, with_epochs
from tamiz.stages.plan_choices import Choice, Draft
from tamiz.stages.plan_facts import DataFacts
from tamiz.stages.plan_trials import (
    Trial,
    forget_prepared,
    name_of,
    prepared_names,
    try_out,
)
from tamiz.stages.plan_ways import Way, ways_for

_FROZEN_SHARE: Final = 0.45  # of the time that the one pass of a frozen network may take
_TRIAL_SHARE: Final = 0.25  # of the time, for a trial that has to be repeated afterwards
_ENOUGH_EPOCHS: Final = 20  # of our own network
_LEAST_STOP_S: Final = 10.0  # a stop before the first epoch would leave no model at all
_TIMED_S: Final = 1.5  # per stage that is timed
_TIMED_SHARE: Final = 0.02  # of the whole time, where that is less


@dataclass(frozen=True, slots=True)
class Planned:
    """What was decided.

    Attributes:
        draft: with the epochs that fit.
        load: what it costs; None where it could not be measured.
        trials: in the order of their trying.
        notes: what else there is to say.
        spent_s: by the plan itself.
        is_warm: whether images are prepared already, and features computed.
    """

    draft: Draft
    load: Load | None
    trials: tuple[Trial, ...] = ()
    notes: tuple[Text, ...] = ()
    spent_s: float = 0.0
    is_warm: bool = False


@dataclass(frozen=True, slots=True)
class _Fit:
    """A way that fits: on which rung, at which cost, in how many epochs."""

    way: Way
    rung: Rung
    load: Load
    epochs: int


class Within:
    """A plan in the making; the clock runs from the start."""

    def __init__(
        self,
        facts: DataFacts,
        recipe: Recipe,
        asked: Collection[str],
        run: Run,
        on_event: OnEvent,
    ) -> None:
        self._facts, self._recipe, self._asked = facts, recipe, asked
        self._run, self._on_event = run, on_event
        self._minutes = float(recipe.train.minutes or 0.0)
        self._started = time.monotonic()
        self._train = run.manifest().where(split="train")
        self._known: dict[tuple[object, ...], Load] = {}
        self._notes: list[Text] = []

    def decide(self) -> Planned:
        """Return the way, its epochs and its reasons.

        Raises:
            WrongUse: not even one epoch fits; the least that does is told.
        """
        fits = self._fits()
        trials = self._trials(fits) if len(fits) > 1 else []
        if trials:
            return self._winner(fits, trials)
        fit = self._untried(fits)
        return self._planned(fit, fit.rung.draft, fit.epochs, ())

    def _left(self) -> float:
        return 60 * self._minutes - (time.monotonic() - self._started)

    def _weigh(self, draft: Draft) -> Load:
        recipe = draft.recipe
        key = (recipe.model.name, str(recipe.model.options), recipe.prepare.size_px, draft.name)
        if key not in self._known:
            limit = min(_TIMED_S, _TIMED_SHARE * 60 * self._minutes)
            self._on_event(
                Event("plan", "progress", text("budget.timing", model=recipe.model.name))
            )
            self._known[key] = plan_budget.weigh(draft, self._train, self._facts, limit)
        return self._known[key]

    def _fits(self) -> list[_Fit]:
        ways = ways_for(self._facts, self._recipe, self._asked)
        made = []
        for way in ways:
            found = highest(way.rungs, self._weigh, self._left())
            if found is None:
                name = text(f"budget.way_{way.name}")
                self._notes.append(text("budget.does_not_fit", way=name, minutes=self._least(way)))
            else:
                made.append(_Fit(way, *found))
        if not made:
            least = min(self._least(way) for way in ways)
            raise WrongUse.of(
                "budget.too_small", where="train.minutes", minutes=self._minutes, least=least
            )
        return made

    def _least(self, way: Way) -> float:
        """Return the minutes that an epoch of the cheapest draft needs, rounded up."""
        load = self._weigh(way.rungs[0].draft)
        spent = time.monotonic() - self._started
        return -(-(SAFETY * load.seconds(1) + spent) // 6) / 10

    def _untried(self, fits: Sequence[_Fit]) -> _Fit:
        """Return the way where none can be tried: our own if it gets enough epochs, else frozen.

        sign_digits, 100 px: with 30 epochs our own network was better than a frozen SqueezeNet
        with a linear head (600 images: 100 and 92 %), with a few epochs far worse (10 and 94 %).
        """
        if len(fits) == 1:
            return fits[0]
        self._notes.append(text("budget.not_tried"))
        small = next((fit for fit in fits if fit.way.name == "small"), None)
        if small is not None and small.epochs >= _ENOUGH_EPOCHS:
            return small
        return next((fit for fit in fits if fit.way.name == "frozen"), fits[0])

    def _trials(self, fits: Sequence[_Fit]) -> list[Trial]:
        """Return how each way did; empty where fewer than two can be tried."""
        facts = self._facts
        if facts.is_folded or facts.n_val == 0 or facts.is_multilabel:
            return []
        shares = [(fit, self._trial_epochs(fit)) for fit in fits]
        able = [(fit, epochs) for fit, epochs in shares if epochs > 0]
        if len(able) < 2:
            return []
        made: list[Trial] = []
        able.sort(key=lambda one: one[0].way.name != "frozen")
        for fit, reckoned in able:
            epochs = min(reckoned, self._trial_epochs(fit))
            if epochs < 1:
                continue  # what came before took longer than was reckoned
            self._say(fit.way.name)
            is_whole = fit.way.name == "frozen"
            for draft in fit.way.variants or (fit.rung.draft,):
                tried = draft if is_whole else with_epochs(draft, epochs, text("budget.trial"))
                trial = self._try(tried, epochs, is_whole=is_whole)
                if trial is None:
                    way = text(f"budget.way_{fit.way.name}")
                    self._notes.append(text("budget.too_slow", way=way))
                    break
                made.append(trial)
        return made

    def _try(self, draft: Draft, epochs: int, *, is_whole: bool) -> Trial | None:
        share = _FROZEN_SHARE if is_whole else _TRIAL_SHARE
        limit = min(self._left(), SAFETY * share * 60 * self._minutes)
        if limit <= 0:
            return None
        return try_out(draft, epochs, self._run, self._on_event, limit_s=limit, is_whole=is_whole)

    def _trial_epochs(self, fit: _Fit) -> int:
        """Return how many epochs a trial of this way may have; 0: it cannot be tried."""
        if fit.way.name == "frozen":
            whole = SAFETY * fit.load.seconds(fit.epochs)
            return fit.epochs if whole <= _FROZEN_SHARE * self._left() else 0
        epochs = fit.load.epochs_within(_TRIAL_SHARE * 60 * self._minutes)
        return min(epochs, max(1, fit.epochs // 2)) if self._left() > 0 else 0

    def _say(self, name: str) -> None:
        told = text("budget.trying", way=text(f"budget.way_{name}"))
        self._on_event(Event("plan", "progress", told))

    def _winner(self, fits: Sequence[_Fit], trials: Sequence[Trial]) -> Planned:
        best = max(trials, key=lambda one: one.figure.value)
        fit = next(one for one in fits if one.way.name == _way_of(best))
        names = prepared_names(self._run)
        if best.is_whole:
            epochs, draft = best.epochs, best.draft
        else:
            draft = fit.rung.draft
            epochs = max(1, min(fit.rung.most, fit.load.epochs_within(self._left(), is_warm=True)))
        others = [one for one in trials if _way_of(one) != _way_of(best)]
        if others:
            second = max(others, key=lambda one: one.figure.value)
            why = text(
                f"budget.tried_{best.judged_by}",
                model=name_of(best),
                value=best.figure.value,
                other=name_of(second),
                other_value=second.figure.value,
                n=best.figure.n,
                n_groups=best.figure.n_groups,
            )
            draft = draft.chosen(Choice("model.name", draft.recipe.model.name, why))
        forget_prepared(self._run, names & _names_for(self._run, draft))
        return self._planned(fit, draft, epochs, tuple(trials), is_warm=True)

    def _planned(
        self,
        fit: _Fit,
        draft: Draft,
        epochs: int,
        trials: tuple[Trial, ...],
        *,
        is_warm: bool = False,
    ) -> Planned:
        load, left = fit.load, self._left()
        if epochs != last_epochs(draft) or draft.name != "frozen":
            draft = with_epochs(draft, epochs, self._why_epochs(load, epochs))
        needed = SAFETY * load.seconds(epochs, is_warm=is_warm) + _LEAST_STOP_S
        stop = max(needed, left - (0.0 if is_warm else load.prepare_all_s)) / 60 / load.n_fits
        why = text("budget.max_minutes", minutes=self._minutes)
        draft = draft.chosen(Choice("train.max_minutes", round(stop, 2), why))
        spent = time.monotonic() - self._started
        return Planned(draft, load, trials, tuple(self._notes), spent, is_warm)

    def _why_epochs(self, load: Load, epochs: int) -> Text:
        return text(
            "budget.epochs", n=epochs, seconds=load.epoch_s(), fixed=load.fixed_s(),
            minutes=self._minutes,
        )  # fmt: skip


def _way_of(trial: Trial) -> str:
    return "small" if trial.draft.recipe.model.name == "small" else trial.draft.name


def _names_for(run: Run, draft: Draft) -> set[str]:
    """Return the name of the file with the images as this draft prepares them."""
    from tamiz.formats.reader import policy_from
    from tamiz.stages.plan_trials import rows_of
    from tamiz.stages.preparing import fitted_steps, prepared_name
    from tamiz.steps.apply import input_steps

    rows, policy = rows_of(run), policy_from(draft.recipe.data)
    steps = fitted_steps(input_steps(draft.recipe.prepare), rows.where(split="train"), policy)
    return {prepared_name(rows, steps, policy)}
