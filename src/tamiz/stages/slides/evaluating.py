"""What `evaluate` measures where the model reads slides: its answers and those of baselines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tamiz.core.events import OnEvent
from tamiz.core.recipe import Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.metrics.baselines import even_predictions, prior_predictions
from tamiz.stages.embedding import bags_of
from tamiz.stages.slides.training import embedding_of, slide_options, slide_predictions
from tamiz.stages.training_rows import target_indices, training_rows

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle


def predict_slides(
    recipe: Recipe, bundle: Bundle, manifest: Manifest, on_event: OnEvent
) -> tuple[dict[str, Predictions], Mapping[str, Predictions]]:
    """Return the model's answers on val and test, and the baselines' on test, a row per slide.

    The baselines: the best constant (every class alike where classes weigh alike, else the
    training part's frequencies), and a linear model on the mean of a slide's tiles.

    Raises:
        WrongData: the test part has a class that was not trained.
        UnreadableItem: a slide cannot be read.
    """
    from tamiz.engine.mil import MilTask, predict_mil, train_mil

    how = embedding_of(bundle)
    rows, n_train = training_rows(manifest)
    test = manifest.where(split="test")
    bags, _ = bags_of(rows, how, on_event)
    test_bags, _ = bags_of(test, how, on_event)
    positions = np.arange(len(rows), dtype=np.int64)
    val_at = positions[n_train:]
    found = {}
    if len(val_at):
        found["val"], _ = slide_predictions(bundle, rows.take(val_at.tolist()), bags.take(val_at))
    found["test"], _ = slide_predictions(bundle, test, test_bags)
    targets = target_indices(rows, list(bundle.classes))
    like = found["test"]
    options = replace(
        slide_options(recipe.model.name, recipe.model.options), pooling="plain-mean", members=1
    )
    task = MilTask(
        bags, targets, rows.group_keys(), positions[:n_train], val_at, len(bundle.classes)
    )
    trained = train_mil(task, options, seed=recipe.train.seed, threads=recipe.train.threads)
    mean, _ = predict_mil(trained.weights, options, test_bags, len(bundle.classes))
    constant = "even" if options.balance else "prior"
    prior = prior_predictions(targets[:n_train], like)
    return found, {
        constant: even_predictions(like) if options.balance else prior,
        "mean-pooling": replace(like, probabilities=mean, bundle="baseline:mean-pooling"),
    }
