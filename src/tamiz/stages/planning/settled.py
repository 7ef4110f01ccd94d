"""What a plan that stands leaves open: the epochs, where the stages of the training name them."""

from __future__ import annotations

from dataclasses import replace

from tamiz.core.recipe import Recipe
from tamiz.data.run_folder import Run
from tamiz.models.backbone import epochs_of_stages


def settled(recipe: Recipe, run: Run) -> Recipe:
    """Return the recipe with the epochs that its stages name, so that it says what is trained.

    What was asked for by name stays, and so does the recipe of a model that is trained already.
    """
    n = epochs_of_stages(recipe.train.stages)
    state = run.state()
    is_fixed = "epochs" in state.get("asked", {}).get("train", {})
    if n is None or is_fixed or "train" in state.get("stages", {}):
        return recipe
    return replace(recipe, train=replace(recipe.train, epochs=n))
