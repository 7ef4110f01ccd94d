"""The plan where a time is given: what fits is measured, ways are tried, epochs fill the rest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.stages.planning.ahead import forget_ahead
from tamiz.stages.planning.budget import SAFETY, START_S, Load, highest, last_epochs, with_epochs
from tamiz.stages.planning.choices import Choice, Draft
from tamiz.stages.planning.clock import Clock, prepared_for
from tamiz.stages.planning.contest import Fit, Outcome, compare, epochs_words
from tamiz.stages.planning.trials import Trial, forget_prepared, name_of
from tamiz.stages.planning.ways import NO_FILE, Way, ways_for

_LEAST_STOP_S: Final = 5.0  # a stop before the first epoch would leave no model at all
_TUNED_PASSES: Final = 9  # passes that a fine-tuning costs at least: 3 epochs, forth and back


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
        folder: with the checkpoints of the training where the plan made it already; else ''.
    """

    draft: Draft
    load: Load | None
    trials: tuple[Trial, ...] = ()
    notes: tuple[Text, ...] = ()
    spent_s: float = 0.0
    is_warm: bool = False
    folder: str = ""

    @property
    def rest_s(self) -> float:
        """Return the seconds that are still needed, as they are reckoned; 0: not known."""
        if self.load is None:
            return 0.0
        if self.folder:
            return START_S + self.load.after_s
        return self.load.seconds(last_epochs(self.draft), is_warm=self.is_warm)


def plan_within(recipe: Recipe, asked: Collection[str], clock: Clock) -> Planned:
    """Return the way that the validation part favours, its epochs and its reasons.

    Args:
        recipe: as far as it is not open.
        asked: fields that the user fixed.
        clock: with the time, the data and the run.
    """
    facts = clock.facts
    forget_ahead(clock.run)
    fits = _fits(ways_for(facts, recipe, asked), clock)
    if facts.is_folded or facts.n_val == 0 or facts.is_multilabel:
        fit = _untried(fits, recipe, clock)
        return _planned(Outcome(fit, fit.rung.draft, fit.epochs), clock)
    return _planned(compare(fits, clock), clock)


def _fits(ways: list[Way], clock: Clock) -> dict[str, Fit]:
    """Return the ways of which an epoch fits, by name; where there is none, the least training."""
    made: dict[str, Fit] = {}
    for way in ways:
        if way.name == "tuned" and "frozen" in made and _is_hopeless(made["frozen"], clock):
            seconds = _TUNED_PASSES * _pass_s(made["frozen"])
            clock.note("budget.too_dear", "tuned", seconds=seconds)
            continue
        found = highest(way.rungs, clock.weigh, clock.left_s)
        if found is None:
            clock.note("budget.does_not_fit", way.name, minutes=_least(way, clock))
        else:
            made[way.name] = Fit(way, *found)
    if not made:
        way = min(ways, key=lambda way: _least(way, clock))
        least = _least(way, clock)
        clock.note("budget.least", way.name, minutes=clock.minutes, least=least)
        made[way.name] = Fit(way, way.rungs[0], clock.weigh(way.rungs[0].draft), 1)
    return made


def _pass_s(frozen: Fit) -> float:
    load = frozen.load
    return load.cost.once(load.n_train + load.n_val)


def _is_hopeless(frozen: Fit, clock: Clock) -> bool:
    """Return whether fine-tuning cannot fit, seeing what a pass of the network costs."""
    return _TUNED_PASSES * _pass_s(frozen) > clock.left_s


def _least(way: Way, clock: Clock) -> float:
    """Return the minutes that an epoch of the cheapest draft needs, rounded up to a tenth."""
    load = clock.weigh(way.rungs[0].draft)
    reserve = 60 * clock.minutes - clock.whole_s
    return -(-(SAFETY * load.seconds(1) + clock.spent_s + reserve) // 6) / 10


def _untried(fits: dict[str, Fit], recipe: Recipe, clock: Clock) -> Fit:
    """Return the way where nothing can be compared: what would be done without a time, if it fits.

    That is the frozen network where weights were given for it, else our own network.
    """
    if len(fits) == 1:
        return next(iter(fits.values()))
    clock.notes.append(text("budget.not_tried"))
    wanted = "frozen" if recipe.model.weights not in NO_FILE else "small"
    return fits.get(wanted) or next(iter(fits.values()))


def _planned(outcome: Outcome, clock: Clock) -> Planned:
    fit, epochs, best = outcome.fit, outcome.epochs, outcome.best
    is_finished = best is not None and best.is_whole
    draft = _with_reason(outcome)
    is_warm = clock.is_prepared(draft) if outcome.trials else False
    kept = {prepared_for(clock.run, draft)} if is_warm else set()
    forget_prepared(clock.run, kept)
    if not is_finished and (epochs != last_epochs(draft) or draft.name != "frozen"):
        draft = with_epochs(draft, epochs, epochs_words(fit.load, epochs, clock.minutes))
    if outcome.folder is None:
        draft = _stopped(draft, fit.load, is_warm, clock)
    folder = outcome.folder.name if outcome.folder else ""
    notes = tuple(clock.notes)
    return Planned(
        draft, fit.load, outcome.trials, notes, clock.spent_s, is_warm and not folder, folder
    )


def _stopped(draft: Draft, load: Load, is_warm: bool, clock: Clock) -> Draft:  # noqa: FBT001
    """Return the draft with a stop, so that what follows the training fits into the time, too.

    A pass of a frozen network cannot be stopped: its seconds count, and some epochs must follow.
    """
    prepare = 0.0 if is_warm else load.prepare_all_s
    left = clock.left_s / load.n_fits - prepare - START_S - load.after_s
    least = _LEAST_STOP_S + SAFETY * load.cost.once(load.n_train + load.n_val)
    why = text("budget.max_minutes", minutes=clock.minutes)
    return draft.chosen(Choice("train.max_minutes", round(max(left, least) / 60, 2), why))


def _with_reason(outcome: Outcome) -> Draft:
    """Return the draft; its network has both figures as its reason, if others were tried."""
    best, draft = outcome.best, outcome.draft
    others = [one for one in outcome.trials if best is not None and one is not best]
    if best is None or not others:
        return draft
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
    return draft.chosen(Choice("model.name", draft.recipe.model.name, why))
