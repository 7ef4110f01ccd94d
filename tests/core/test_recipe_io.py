from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongUse
from tamiz.core.language import text
from tamiz.core.recipe import Recipe, recipe_fields
from tamiz.core.recipe_io import (
    load_recipe,
    parse_setting,
    recipe_to_toml,
    save_recipe,
    tables_from_settings,
    with_tables,
)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
values = st.one_of(st.booleans(), st.integers(-(2**40), 2**40), st.floats(allow_nan=False), words)


def test_a_recipe_written_and_read_again_is_the_same_recipe(tmp_path):
    recipe = with_tables(
        Recipe(),
        {
            "prepare": {"steps": [{"name": "grey"}, {"name": "resize", "fit": "pad"}]},
            "model": {"options": {"widths": [16, 32]}},
            "data": {"source": 'a "strange"\\ñandú folder', "label": "diagnóstico"},
        },
    )
    save_recipe(recipe, tmp_path / "recipe.toml")
    assert load_recipe(tmp_path / "recipe.toml") == recipe


@given(words, st.dictionaries(words.filter(bool), values, max_size=5))
def test_any_text_and_any_plug_in_options_survive_the_way_through_toml(source, options):
    recipe = with_tables(
        Recipe(), {"data": {"source": source or "x"}, "model": {"options": options}}
    )
    if recipe.data.source.lower() == "none":
        return
    assert with_tables(Recipe(), tomllib.loads(recipe_to_toml(recipe))) == recipe


def test_every_field_stands_in_the_file_with_its_reason_or_its_help():
    written = recipe_to_toml(Recipe(), {"train.epochs": text("plan.asked")})
    assert "epochs = 12  # set by you" in written
    for one in recipe_fields():
        assert f"{one.name} = " in written or one.type_name in {"table", "list of tables"}


def test_all_faults_of_a_recipe_are_told_together_with_what_is_allowed():
    wrong: dict[str, dict[str, object]] = {
        "train": {"epochs": 0, "epoch": 3, "seed": "x", "schedule": "sine"},
        "trian": {},
        "data": {"label": 7},
    }
    with pytest.raises(WrongUse) as error:
        with_tables(Recipe(), wrong, where="recipe.toml")
    told = "\n".join(error.value.details)
    assert str(error.value).startswith("recipe.toml: 6 values of the recipe are wrong")
    assert "train.epochs = 0: must be at least 1" in told
    assert "there is no field 'train.epoch'; did you mean 'train.epochs'?" in told
    assert 'train.seed = "x": must be a whole number' in told
    assert "must be one of constant, one-cycle" in told
    assert "there is no field 'trian'; did you mean 'train'?" in told
    assert "data.label = 7: must be a text in quotes" in told


def test_numbers_from_a_command_line_are_understood_and_not_a_number_is_refused():
    tables = tables_from_settings(dict(map(parse_setting, ["train.epochs=20", "data.label=class"])))
    recipe = with_tables(Recipe(), tables)
    assert recipe.train.epochs == 20
    assert recipe.data.label == "class"
    with pytest.raises(WrongUse):
        with_tables(Recipe(), {"train": {"learning_rate": float("nan")}})


def test_a_setting_reaches_into_a_plug_ins_own_table():
    tables = tables_from_settings(dict([parse_setting("model.options.widths=[8, 16]")]))
    assert with_tables(Recipe(), tables).model.options == {"widths": [8, 16]}


@pytest.mark.parametrize("words", ["epochs=3", "train.epochs", "=", "train.epochs:3"])
def test_a_setting_without_section_or_value_is_refused_with_an_example(words):
    with pytest.raises(WrongUse, match=r"--set train\.epochs=20"):
        parse_setting(words)


def test_a_recipe_that_is_not_toml_names_the_line(tmp_path):
    (tmp_path / "recipe.toml").write_text("[train]\nepochs = = 3\n")
    with pytest.raises(WrongUse, match="line 2"):
        load_recipe(tmp_path / "recipe.toml")


def test_the_first_page_holds_a_dozen_fields_and_all_fit_a_few_pages():
    fields = list(recipe_fields())
    assert 8 <= sum(one.is_first_page for one in fields) <= 14
    assert len(fields) <= 120
