"""What a person chose in a run, apart from what tamiz planned; another run may begin with it."""

from __future__ import annotations

from typing import Any

from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import Tables, recipe_to_tables, with_tables
from tamiz.data.run_folder import Run


def decided_by_hand(run: Run) -> set[str]:
    """Return the dotted names of the fields that a person chose: on a command line or in the file.

    A field of recipe.toml that differs from what the last plan wrote was edited.
    """
    asked = run.state().get("asked", {})
    chosen = {f"{section}.{name}" for section, values in asked.items() for name in values}
    return chosen | set(_edited(run))


def chosen_in(run: Run) -> Tables:
    """Return what a person chose in the run, with its source; edits of recipe.toml come last."""
    made: Tables = {
        section: dict(values) for section, values in run.state().get("asked", {}).items()
    }
    edited = _edited(run)
    tables = recipe_to_tables(run.recipe()) if edited else {}
    for path in edited:
        section, _, name = path.partition(".")
        made.setdefault(section, {})[name] = tables[section][name]
    return made


def data_chosen_in(run: Run) -> dict[str, Any]:
    """Return the section `data` of what was asked of the run."""
    found: dict[str, Any] = run.state().get("asked", {}).get("data", {})
    return found


def changes(old: Recipe, new: Recipe) -> list[str]:
    """Return the dotted names of the fields in which two recipes differ."""
    before, after = recipe_to_tables(old), recipe_to_tables(new)
    return [
        f"{section}.{name}"
        for section, values in after.items()
        for name, value in values.items()
        if before[section][name] != value
    ]


def _edited(run: Run) -> list[str]:
    planned = run.state().get("planned")
    if planned is None or not run.recipe_path.is_file():
        return []
    return changes(with_tables(Recipe(), planned), run.recipe())
