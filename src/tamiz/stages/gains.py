"""What an option of prediction is worth, measured on the same images with and without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from tamiz.core.events import OnEvent
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Estimate, Paragraph
from tamiz.data.run_folder import Run
from tamiz.metrics.comparing import difference, metric_for, verdict
from tamiz.metrics.report_blocks import metric_name, to_values
from tamiz.models.ensemble import is_mirroring, without_mirroring
from tamiz.models.registry import MODELS
from tamiz.stages.row_predictions import answers_about

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

Option = Literal["mirrored", "ensemble"]


def gain_of(
    option: Option, with_it: Sequence[Predictions], without: Sequence[Predictions], recipe: Recipe
) -> tuple[Paragraph, dict[str, Any]]:
    """Return one sentence and the figures: the difference that `option` makes, with its interval.

    Args:
        option: 'mirrored' (an image and its mirror image) or 'ensemble' (the mean of networks).
        with_it: predictions with the option.
        without: of the same images without it; of several, their mean figure counts.
        recipe: says which metric.
    """
    metric = metric_for(recipe.evaluate.metric, is_multilabel=with_it[0].is_multilabel)
    found = difference(with_it, without, metric, recipe.evaluate)
    shown = verdict(found, metric.better)
    words = metric_name(metric)
    sentence = Paragraph(
        text(
            f"folds.gain_{option}",
            metric=words,
            difference=difference_in_words(found),
            verdict=text(f"folds.verdict_{shown.replace(' ', '_')}"),
            n=found.n,
            n_groups=found.n_groups,
        )
    )
    values = to_values({metric.name: found})
    return sentence, {name: {**one, "verdict": shown} for name, one in values.items()}


def mirror_gain(
    recipe: Recipe, run: Run, bundle: Bundle, val: Predictions | None, on_event: OnEvent
) -> tuple[list[Block], dict[str, Any]]:
    """Return what looking at mirror images too is worth on the validation part.

    Nothing where the bundle does not do so, or where there is no such part.

    Args:
        recipe: says which metric.
        run: whose validation rows are predicted again, each image looked at once.
        bundle: the model.
        val: its answers about the same rows.
        on_event: told about progress.
    """
    if val is None or not is_mirroring(bundle) or MODELS.get(bundle.model).reads == "slides":
        return [], {}
    rows = run.manifest().where(split="val")
    plain = answers_about(without_mirroring(bundle), rows, recipe, None, on_event)
    sentence, values = gain_of("mirrored", [val], [plain], recipe)
    return [sentence], {"mirrored": values}


def difference_in_words(found: Estimate) -> Text:
    """Return '+0.012 (-0.003 to +0.027)'."""
    if found.low is None or found.high is None:
        return text("folds.difference_alone", value=found.value)
    return text("folds.difference", value=found.value, low=found.low, high=found.high)
