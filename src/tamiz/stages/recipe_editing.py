"""A recipe edited field by field: what is in force, why, what is wrong, and the file that is kept.

The file holds what a person chose and nothing else, so that the plan of the next run is free in
all the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tamiz.core.fields import FieldFacts
from tamiz.core.files import locked, write_text
from tamiz.core.language import Text
from tamiz.core.recipe import DataOptions, Recipe
from tamiz.core.recipe_io import Tables, load_tables, recipe_to_tables, tables_to_toml, with_tables
from tamiz.data.run_folder import Run
from tamiz.stages.faults import check_recipe
from tamiz.stages.pipeline import merge_tables, recipe_of


@dataclass(frozen=True, slots=True)
class Edited:
    """The recipe of the next run.

    Attributes:
        chosen: what a person chose, by section and name.
        planned: what the last plan wrote; None where there is no plan.
        reasons: the plan's, by dotted name.
    """

    chosen: Tables
    planned: Tables | None
    reasons: Mapping[str, Text]

    @classmethod
    def load(cls, path: Path, look: Run) -> Edited:
        """Return the recipe in `path`, on top of the plan of a run that looked at the data.

        Raises:
            WrongUse: the file is no recipe.
            WrongData: the run's state is damaged.
        """
        state = look.state()
        has_plan = "plan" in state.get("stages", {}) and state.get("planned") is not None
        stored = state.get("reasons", {}) if has_plan else {}
        return cls(
            chosen=load_tables(path) if path.is_file() else {},
            planned=state["planned"] if has_plan else None,
            reasons={name: Text(key, values) for name, (key, values) in stored.items()},
        )

    def value_of(self, one: FieldFacts) -> Any:
        """Return the value in force: chosen, planned, or the default."""
        for tables in (self.chosen, self.planned or {}, recipe_to_tables(Recipe())):
            if one.name in tables.get(one.section, {}):
                return tables[one.section][one.name]
        return one.default

    def other_value(self, one: FieldFacts) -> Any:
        """Return the value that is in force when nobody chooses."""
        return Edited({}, self.planned, self.reasons).value_of(one)

    def is_chosen(self, one: FieldFacts) -> bool:
        """Return whether a person chose this field's value."""
        return one.name in self.chosen.get(one.section, {})

    def with_value(self, one: FieldFacts, value: Any) -> Edited:
        """Return the recipe with this value; what nobody needs to choose is not kept."""
        section = {k: v for k, v in self.chosen.get(one.section, {}).items() if k != one.name}
        if value != self.other_value(one):
            section[one.name] = value
        rest = {k: v for k, v in self.chosen.items() if k != one.section}
        return Edited(
            rest | ({one.section: section} if section else {}), self.planned, self.reasons
        )

    def recipe(self, where: str) -> Recipe:
        """Return the whole recipe.

        Raises:
            WrongUse: any value is wrong; every fault is named, one detail each.
        """
        base = self.planned or {}
        recipe = with_tables(Recipe(), base, self.chosen, where=where)
        check_recipe(recipe, where=where)
        return recipe

    def save(self, path: Path) -> None:
        """Write what was chosen, checked first; an empty choice leaves an empty file.

        Raises:
            WrongUse: any value is wrong, or the file cannot be written.
        """
        self.recipe(str(path))
        write_text(path, tables_to_toml(self.chosen))


def data_options_of(look: Run) -> DataOptions:
    """Return how the run reads its files."""
    return recipe_of(look, look.state().get("asked", {})).data


def forget_plan(look: Run) -> None:
    """Let a run that only looks be planned afresh; what it measured stays.

    Raises:
        WrongUse: another process works in it, or it holds a model.
    """
    with locked(look.folder):
        asked = merge_tables({"data": look.state().get("asked", {}).get("data", {})})
        look.forget("plan")
        look.remember(
            asked={"data": {"source": asked["data"].get("source", "")}},
            planned=None,
            reasons={},
            overruled=[],
        )
        look.recipe_path.unlink(missing_ok=True)
