from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import ModelOptions, Recipe, TrainOptions, recipe_fields
from tamiz.core.recipe_io import with_tables
from tamiz.stages.searching.space import (
    Dimension,
    dimensions,
    parse_budget,
    parse_dimension,
    point_of,
    policy,
    settings_of,
    usual_dimensions,
)

RECIPE = Recipe()


@pytest.mark.parametrize(
    ("words", "seconds"),
    [("2h", 7200), ("30m", 1800), ("90s", 90), ("1h30m", 5400), ("1.5h", 5400), ("2 min", 120),
     (" 1D ", 86_400), ("1h 5s", 3605)],
)  # fmt: skip
def test_a_budget_is_read_with_its_units(words, seconds):
    assert parse_budget(words) == seconds


@pytest.mark.parametrize("words", ["", "2", "h", "-2h", "0s", "2 weeks", "1e3s", "2hx", "inf h"])
def test_what_is_no_span_of_time_is_refused_with_the_way_to_write_it(words):
    with pytest.raises(WrongUse, match=r"no span of time.*2h, 30m, 90s or 1h30m"):
        parse_budget(words)


@given(st.lists(st.tuples(st.integers(1, 999), st.sampled_from("hms")), min_size=1, max_size=4))
def test_a_budget_is_the_sum_of_its_parts(parts):
    unit = {"h": 3600, "m": 60, "s": 1}
    words = "".join(f"{n}{letter}" for n, letter in parts)
    assert parse_budget(words) == sum(n * unit[letter] for n, letter in parts)


@given(st.text(max_size=30))
def test_any_words_are_a_budget_or_refused(words):
    try:
        seconds = parse_budget(words)
    except WrongUse:
        return
    assert 0 < seconds < float("inf")


@given(st.floats(1e-8, 1e6), st.floats(1e-8, 1e6))
def test_a_range_read_back_from_its_words_is_the_same(one, other):
    low, high = min(one, other), max(one, other)
    words = f"train.learning_rate={low!r}..{high!r}"
    if low == high:
        with pytest.raises(WrongUse, match="holds nothing to search in"):
            parse_dimension(words, RECIPE)
        return
    made = parse_dimension(words, RECIPE)
    assert (made.low, made.high) == (low, high)
    assert parse_dimension(str(made), RECIPE) == made


@given(st.sampled_from([one.path for one in recipe_fields()]), st.text(max_size=20))
def test_any_words_are_a_dimension_or_refused(path, values):
    try:
        made = parse_dimension(f"{path}={values}", RECIPE)
    except WrongUse:
        return
    assert made.n_values > 1


def test_wide_ranges_are_walked_in_factors_and_narrow_ones_in_steps():
    assert parse_dimension("train.learning_rate=1e-4..1e-2", RECIPE).is_log
    assert not parse_dimension("train.label_smoothing=0..0.2", RECIPE).is_log
    assert parse_dimension("train.epochs=5..10", RECIPE).kind == "whole number"


def test_choices_are_taken_as_the_field_has_them():
    made = parse_dimension("train.optimiser=adamw,sgd", RECIPE)
    assert made == Dimension("train.optimiser", "choice", choices=("adamw", "sgd"))
    assert parse_dimension("model.options.residual=false,true", RECIPE).choices == ("false", "true")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("train.learning_rate=1e-4..1e9", "at most 1000000"),
        ("train.optimiser=adamw,rmsprop", "adam, adamw, sgd, muon"),
        ("train.learning_rate", "a range or choices are missing"),
        ("train.optimiser=sgd,sgd", "at least two different choices"),
        ("train.epochs=9..3", "holds nothing to search in"),
        ("train.seed=1,2", "cannot be searched over"),
        ("split.seed=1,2", "cannot be searched over"),
        ("prepare.size_px=28,32", "cannot be searched over"),
        ("train.augment=none,blurr", "blurr"),
        ("model.options.width=3,4", "cannot be searched over"),
    ],
)
def test_what_cannot_be_searched_is_refused_and_told(words, told):
    with pytest.raises(WrongUse) as error:
        parse_dimension(words, RECIPE)
    assert told.lower() in str(error.value).lower()


def test_a_field_without_a_usual_range_asks_for_one():
    with pytest.raises(WrongUse, match=r"--field train.schedule_steps=LOW..HIGH"):
        dimensions(["train.schedule_steps"], [], RECIPE, 1000)  # no upper limit
    assert dimensions(["train.focal_gamma"], [], RECIPE, 1000)[0].high == 10.0


def test_the_usual_space_surrounds_the_planned_recipe_and_every_point_is_a_recipe():
    recipe = replace(RECIPE, train=replace(TrainOptions(), augment=[{"name": "flip"}]))
    space = usual_dimensions(recipe, 5000)
    assert {"train.learning_rate", "train.augment", "model.options.dropout"} <= {
        one.path for one in space
    }
    assert point_of(recipe, space) is not None
    for end in (0, -1):
        point = {
            one.path: one.choices[end] if one.choices else (one.low, one.high)[end] for one in space
        }
        with_tables(recipe, settings_of(point, recipe))


def test_named_fields_and_given_ranges_make_the_space_together():
    found = dimensions(["train.weight_decay"], ["train.optimiser=adamw,sgd"], RECIPE, 1000)
    assert [one.path for one in found] == ["train.optimiser", "train.weight_decay"]
    alone = dimensions([], ["train.optimiser=adamw,sgd"], RECIPE, 1000)
    assert [one.path for one in alone] == ["train.optimiser"]


def test_a_model_without_options_offers_none():
    recipe = replace(RECIPE, model=ModelOptions("softmax"))
    assert not [one for one in usual_dimensions(recipe, 100) if one.path.startswith("model")]


def test_policies_are_named_by_their_parts():
    recipe = replace(RECIPE, train=replace(TrainOptions(), augment=[{"name": "flip"}]))
    assert policy("none", recipe) == []
    assert policy("planned+erase", recipe) == [{"name": "flip"}, {"name": "erase"}]


def test_a_recipe_outside_of_the_space_is_no_point_of_it():
    space = [parse_dimension("train.learning_rate=0.1..0.2", RECIPE)]
    assert point_of(RECIPE, space) is None
