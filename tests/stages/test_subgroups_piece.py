from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tamiz.core.errors import WrongUse
from tamiz.core.events import ignore
from tamiz.core.language import set_language, text
from tamiz.core.recipe import DataOptions, EvaluateOptions, Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import Chart, Paragraph, Table
from tamiz.data.run_folder import Run
from tamiz.metrics.intervals import measure
from tamiz.stages.evaluation import Evaluation
from tamiz.stages.pieces.subgroups import columns_by, script_name, subgroups_piece

N = 80


def evaluated(by=(), wrong=range(0), **columns):
    """Return an evaluation of 80 images of 40 patients; those in `wrong` are misjudged."""
    groups = [f"p{at // 2:02d}" for at in range(N)]
    target = np.arange(N) // 4 % 2
    answer = np.array([1 - one if at in wrong else one for at, one in enumerate(target.tolist())])
    p = np.where(answer == 1, 0.8, 0.2)
    rows = Manifest.from_columns(
        {
            "path": [f"{at:02d}.png" for at in range(N)],
            "group": groups,
            "label": [("no", "yes")[one] for one in target],
            **columns,
        },
        Path(),
    )
    predictions = Predictions(
        ("no", "yes"),
        np.array(rows.column("item")),
        np.array(rows.group_keys()),
        target.astype(np.int64),
        np.stack([1 - p, p], 1),
        "test",
    )
    options = EvaluateOptions(by=list(by), resamples=100)
    bundle: Any = SimpleNamespace(is_multilabel=False)
    return Evaluation(
        recipe=replace(Recipe(), evaluate=options),
        run=Run("nowhere"),
        bundle=bundle,
        part="test",
        predictions=predictions,
        val=None,
        rows=rows,
        measured=measure(predictions, options),
    )


def half(first, second):
    return [first if at < N // 2 else second for at in range(N)]


def words_of(piece):
    return " ".join(str(one.text) for one in piece.summary if isinstance(one, Paragraph))


def test_without_columns_and_centres_there_is_nothing_to_say():
    assert subgroups_piece(evaluated(), ignore).sections == ()
    nobody = evaluated(centre=[None] * N)
    assert subgroups_piece(nobody, ignore).sections == ()


def test_centres_are_compared_without_being_asked_for():
    piece = subgroups_piece(evaluated(centre=half("a", "b"), wrong=range(0, 80, 7)), ignore)
    assert list(piece.values["subgroups"]) == ["centre"]
    said = [str(block.text) for block in piece.sections[1].blocks if isinstance(block, Paragraph)]
    assert any("Mean over 2 subgroups" in one for one in said)


def test_a_subgroup_that_fails_is_a_finding_with_its_interval():
    piece = subgroups_piece(evaluated(["sex"], wrong=range(40, 70), sex=half("F", "M")), ignore)
    column = piece.values["subgroups"]["sex"]
    assert column["worst"] == "M"
    assert column["p_corrected"] < 0.05
    assert column["levels"]["M"]["accuracy"]["n_groups"] == 20
    (finding,) = piece.findings
    assert "'M'" in str(finding.what)
    assert " to " in str(finding.what)


def test_where_nothing_differs_the_worst_is_called_chance():
    scattered = evaluated(["sex"], wrong=range(0, 80, 10), sex=half("F", "M"))
    piece = subgroups_piece(scattered, ignore)
    assert piece.findings == ()
    assert "looks worse than the rest by chance alone" in words_of(piece)


def test_p_is_corrected_for_the_number_of_columns():
    columns = {name: half("x", "y") for name in ("one", "two", "three")}
    wrong = range(36, 70, 3)
    alone = subgroups_piece(evaluated(["one"], wrong, **columns), ignore).values["subgroups"]
    all_three = subgroups_piece(evaluated(list(columns), wrong, **columns), ignore)
    found = all_three.values["subgroups"]["one"]
    assert found["p"] == alone["one"]["p"]
    assert found["p_corrected"] == pytest.approx(min(1, 3 * found["p"]))


def test_small_subgroups_and_absent_classes_are_explained():
    sex = ["F" if at < 4 else "M" for at in range(N)]  # two patients, all of them 'no'
    piece = subgroups_piece(evaluated(["sex"], wrong=range(0, 80, 9), sex=sex), ignore)
    tables = [one for one in piece.sections[1].blocks if isinstance(one, Table)]
    assert tables[0].rows[0][5] is None or "F" not in str(tables[0].rows[0][0])
    remarks = " ".join(str(cell) for row in tables[1].rows for cell in row)
    assert "groups: 2, too few" in remarks
    assert "has no 'yes'" in remarks


def test_levels_stand_in_the_chart_in_the_order_of_the_table():
    ages = [at for at in range(N)]  # noqa: C416
    piece = subgroups_piece(evaluated(["age:20"], wrong=range(5), age=ages), ignore)
    (chart,) = (one for one in piece.sections[1].blocks if isinstance(one, Chart))
    assert chart.series[0].x == ("0 to 20", "20 to 40", "40 to 60", "60 to 80")


def test_one_value_and_no_value_are_said_and_not_tested():
    same = evaluated(["sex", "age"], sex=["F"] * N, age=[None] * N)
    (section,) = subgroups_piece(same, ignore).sections
    said = " ".join(str(block.text) for block in section.blocks if isinstance(block, Paragraph))
    assert "every row has the same value, 'F'" in said
    assert "age: no row of this part states a value" in said


def test_a_column_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(WrongUse, match=r"no column 'sez'.*did you mean 'sex'.*columns are: sex"):
        subgroups_piece(evaluated(["sez"], sex=half("F", "M")), ignore)
    with pytest.raises(WrongUse, match="but their class and group"):
        subgroups_piece(evaluated(["sex"]), ignore)
    with pytest.raises(WrongUse, match="no bins of numbers"):
        subgroups_piece(evaluated(["sex:x"], sex=half("F", "M")), ignore)


@pytest.mark.parametrize("asked", ["centre", "center_id", "clinic"])
def test_the_centre_goes_by_any_of_its_names(asked):
    one = evaluated(["x"], centre=half("a", "b"))
    recipe = replace(
        one.recipe, data=DataOptions(centre="clinic"), evaluate=EvaluateOptions(by=[asked])
    )
    assert [by.column for by in columns_by(recipe, one.rows)] == ["centre"]


def test_a_name_with_a_colon_is_a_column_where_there_is_one():
    one = evaluated(["age:10"], **{"age:10": half("a", "b")})
    assert [by.bins for by in columns_by(one.recipe, one.rows)] == [None]


def test_names_in_files_do_not_depend_on_the_language():
    set_language("es")
    assert script_name(text("subgroups.between", low=40.0, high=50.0)) == "40..50"
    assert script_name(text("subgroups.below", high=40.0)) == "..40"
    assert script_name(text("subgroups.not_stated")) == "not_stated"
    piece = subgroups_piece(evaluated(["sex"], wrong=range(9), sex=half("F", None)), ignore)
    assert set(piece.values["subgroups"]["sex"]["levels"]) == {"F", "not_stated"}
    assert "los subgrupos difieren" in words_of(piece)
