"""The time that a plan has: what is left of it, and what each way was measured to cost."""

from __future__ import annotations

import time
from typing import Final

from tamiz.core.events import Event, OnEvent
from tamiz.core.language import Text, text
from tamiz.data.run_folder import Run
from tamiz.stages.planning import budget as plan_budget
from tamiz.stages.planning.budget import Load
from tamiz.stages.planning.choices import Draft
from tamiz.stages.planning.facts import DataFacts
from tamiz.stages.planning.trials import prepared_names, rows_of

_RESERVE: Final = 0.05  # of the time, which nothing is planned for
_TIMED_S: Final = 1.5  # per stage that is timed
_TIMED_SHARE: Final = 0.015  # of the whole time, where that is less


class Clock:
    """Runs from the start of the plan; knows the costs that were measured so far."""

    def __init__(
        self, facts: DataFacts, run: Run, minutes: float, on_event: OnEvent, *, started: float
    ) -> None:
        """Start.

        Args:
            facts: of the data.
            run: that is planned.
            minutes: for the plan and all that training takes.
            on_event: told what is timed and tried.
            started: when the plan began, by `time.monotonic`.
        """
        self.facts, self.run, self.minutes = facts, run, minutes
        self.on_event = on_event
        self.notes: list[Text] = []
        self._started = started
        self._train = run.manifest().where(split="train")
        self._known: dict[tuple[object, ...], Load] = {}

    @property
    def whole_s(self) -> float:
        """Return the seconds that may be used, less a reserve."""
        return (1 - _RESERVE) * 60 * self.minutes

    @property
    def spent_s(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self._started

    @property
    def left_s(self) -> float:
        """Return the seconds that are left, less the reserve; below 0: overdrawn."""
        return self.whole_s - self.spent_s

    def weigh(self, draft: Draft) -> Load:
        """Return what a draft costs here, measured when it is first asked for."""
        recipe = draft.recipe
        key = (recipe.model.name, str(recipe.model.options), recipe.prepare.size_px, draft.name)
        if key not in self._known:
            limit = min(_TIMED_S, _TIMED_SHARE * 60 * self.minutes)
            self.say(text("budget.timing", model=recipe.model.name))
            self._known[key] = plan_budget.weigh(draft, self._train, self.facts, limit)
        return self._known[key]

    def is_prepared(self, draft: Draft) -> bool:
        """Return whether the images lie there as this draft prepares them."""
        return prepared_for(self.run, draft) in prepared_names(self.run)

    def say(self, what: Text) -> None:
        """Tell what is going on."""
        self.on_event(Event("plan", "progress", what))

    def note(self, key: str, way: str, **values: object) -> None:
        """Add a sentence about a way to the report."""
        self.notes.append(text(key, way=text(f"budget.way_{way}"), **values))


def prepared_for(run: Run, draft: Draft) -> str:
    """Return the name of the file with the images as this draft prepares them."""
    from tamiz.formats.reader import policy_from
    from tamiz.stages.preparing import fitted_steps, prepared_name
    from tamiz.steps.apply import input_steps

    rows, policy = rows_of(run), policy_from(draft.recipe.data)
    steps = fitted_steps(input_steps(draft.recipe.prepare), rows.where(split="train"), policy)
    return prepared_name(rows, steps, policy)
