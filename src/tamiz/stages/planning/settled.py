"""What a plan that stands leaves open: the epochs, where the stages of the training name them."""

from __future__ import annotations

from dataclasses import replace

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import Tables
from tamiz.data.run_folder import Run
from tamiz.models.backbone import epochs_of_stages


def settled(recipe: Recipe, run: Run) -> Recipe:
    """Return the recipe with the epochs that its stages name, so that it says what is trained.

    The recipe of a model that is trained already stays.
    """
    n = epochs_of_stages(recipe.train.stages)
    if n is None or "train" in run.state().get("stages", {}):
        return recipe
    return replace(recipe, train=replace(recipe.train, epochs=n))


def with_epochs_of_stages(asked: Tables, named: Tables, before: Tables) -> Tables:
    """Return what is asked for, with the epochs that its stages name in place of older ones.

    Args:
        asked: by this command, its recipe file included.
        named: by this command's own options.
        before: by earlier commands in the run.

    Raises:
        WrongUse: the options name other epochs than the stages do.
    """
    train, known = named.get("train", {}), before.get("train", {})
    stages = train.get("stages", known.get("stages"))
    n = epochs_of_stages(stages) if isinstance(stages, list) else None
    if n is None:
        return asked
    if "epochs" in train:
        if train["epochs"] != n:
            words = ", ".join(map(str, stages or []))
            raise WrongUse.of(
                "train.two_epochs", where="train.epochs", asked=train["epochs"], n=n, stages=words
            )
        return asked
    if "stages" in train and "epochs" in {**known, **asked.get("train", {})}:
        return {**asked, "train": {**asked["train"], "epochs": n}}
    return asked
