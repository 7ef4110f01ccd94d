"""Options of slide models are checked before any slide is read."""

from __future__ import annotations

import pytest

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import ModelOptions, Recipe
from tamiz.stages.faults import check_recipe


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"embed": []}, "no descriptor is named"),
        ({"embed": ["nope"]}, "there is no descriptor called 'nope'"),
        ({"embed": ["lbp", "lbp"]}, "lbp"),
        ({"downsample": 0.5}, "would make pixels out of nothing"),
        ({"tile_px": 3}, "model.options.tile_px"),
    ],
)
def test_wrong_options_are_told_with_the_recipe(options, words):
    with pytest.raises(WrongUse, match="recipe: ") as error:
        check_recipe(Recipe(model=ModelOptions("mil", options)))
    assert words in str(error.value)


def test_usual_options_are_right():
    check_recipe(Recipe(model=ModelOptions("mil", {})))
