"""Numbers that a recipe refuses."""

from __future__ import annotations

import pytest

from tamiz.core.errors import WrongUse
from tamiz.core.fields import convert
from tamiz.core.recipe import Recipe, recipe_fields
from tamiz.core.recipe_io import parse_setting, tables_from_settings, with_tables


@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e400"])
def test_a_number_that_is_not_finite_is_refused_by_name(value):
    tables = tables_from_settings(dict([parse_setting(f"data.max_megapixels={value}")]))
    with pytest.raises(WrongUse, match=r"data.max_megapixels = .*: a finite number is needed"):
        with_tables(Recipe(), tables)


def test_no_number_field_takes_infinity():
    numbers = [one for one in recipe_fields() if one.type_name == "number"]
    for one in numbers:
        with pytest.raises(WrongUse, match="finite"):
            convert("inf", one)
