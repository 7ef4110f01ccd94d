"""What is asked of the evaluation, held against the data before any long work begins."""

from __future__ import annotations

from typing import Final

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import Recipe
from tamiz.data.manifest import Manifest
from tamiz.metrics.decision import MOST_PROBABLE
from tamiz.metrics.operating import check_decision
from tamiz.stages.pieces.subgroups import columns_by

_USABLE: Final = frozenset({None, "train", "val", "test"})  # the fates of images that take part


def check_wishes(recipe: Recipe, manifest: Manifest) -> None:
    """Raise where the recipe's section `evaluate` names what these data do not have.

    Args:
        recipe: as it is in force.
        manifest: of stage `check`: all columns and classes are there, parts may not be.

    Raises:
        WrongUse: a column for subgroups, a class or a cost is unknown, bins are none, or a way to
            decide is asked for where images have several labels.
    """
    columns_by(recipe, manifest)
    options = recipe.evaluate
    if not manifest.is_multilabel:
        fates = manifest.column("fate")
        usable = manifest.take([at for at, fate in enumerate(fates) if fate in _USABLE])
        # Whether there are validation rows is known after the split: `train` looks again.
        check_decision(options, usable.classes(), has_val=True)
    elif options.decide != MOST_PROBABLE or options.abstain or options.positive is not None:
        raise WrongUse.of("operating.several_labels", where="evaluate.decide")
