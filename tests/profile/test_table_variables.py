"""Each column of a table gets a class, a type and a reason; the user has the last word."""

from __future__ import annotations

import csv
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongUse
from tamiz.core.language import set_language
from tamiz.profile.table_names import order_of
from tamiz.profile.variables import describe


def one(cells, name="x", **options):
    return describe({name: cells}, **options)[0]


def kind_of(cells, name="x", role=""):
    found = one(cells, name, roles={name: role})
    return found.kind, found.storage, found.is_identifier


@pytest.mark.parametrize("name", ["center_id", "centro", "Hospital", "scanner number", "siteId"])
def test_numbers_of_centres_are_names(name):
    assert kind_of(["1", "2", "11"] * 40, name) == ("nominal", "integer", False)


@pytest.mark.parametrize("name", ["days in hospital", "device_count", "ward_temperature"])
def test_what_is_measured_in_a_place_is_no_place(name):
    cells = [f"{i % 37}.{i % 10}" if "temp" in name else str(i % 37) for i in range(200)]
    assert one(cells, name).kind in {"discrete", "continuous"}


@pytest.mark.parametrize(
    "cells",
    [
        [f"{i:06d}" for i in range(100, 160)],
        [f"{i * 977:06x}" for i in range(60)],
        ["00e100", "1e5000", "91b9d3", "006388", "12e45"] + [f"{i:06x}" for i in range(40)],
    ],
    ids=["leading zeros", "hex", "looks like powers of ten"],
)
def test_ids_that_look_like_numbers_stay_text(cells):
    found = one(cells)
    assert (found.kind, found.storage, found.is_identifier) == ("nominal", "text", True)
    assert found.numbers is None
    assert dict(found.top).keys() <= set(cells)


def test_few_codes_with_leading_zeros_are_a_category_kept_as_text():
    assert kind_of(["01", "02", "03"] * 30) == ("nominal", "text", False)


def test_an_id_by_name_or_by_role_is_an_identifier_even_when_it_is_a_number():
    cells = [str(1000 + i * 7) for i in range(50)]
    assert kind_of(cells, "patient_id") == ("nominal", "text", True)
    assert kind_of(cells, "whatever", role="group") == ("nominal", "text", True)


def test_words_that_never_repeat_are_an_identifier_and_long_ones_are_prose():
    assert kind_of([f"scan-{i}" for i in range(40)]) == ("nominal", "text", True)
    prose = [f"The patient was seen on day {i} and felt a little better than before" for i in "ab"]
    notes = [f"{words} {i}" for i in range(20) for words in prose]
    assert kind_of(notes) == ("nominal", "text", False)


def test_a_running_number_names_the_rows():
    assert kind_of([str(i) for i in range(30)]) == ("nominal", "text", True)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["high", "low", "medium", "low"], ("low", "medium", "high")),
        (["Grave", "leve", "Moderada"], ("leve", "Moderada", "Grave")),
        (["Stage IV", "stage I", "Stage II"], ("stage I", "Stage II", "Stage IV")),
        (["grade 3", "grade 1"], ("grade 1", "grade 3")),
        (["L", "S", "M"], ("S", "M", "L")),
        (["80+", "0-9", "10-19"], ("0-9", "10-19", "80+")),
        (["bueno", "malo", "regular"], ("malo", "regular", "bueno")),
    ],
)
def test_ranks_in_words_have_their_order(cells, order):
    found = one(cells * 5)
    assert (found.kind, found.levels) == ("ordinal", order)
    assert order[0] in str(found.reason)


def test_ranks_in_numbers_are_known_by_their_name():
    assert one(["3", "1", "2"] * 9, "tumour_grade").levels == ("1", "2", "3")
    assert one(["III", "I", "II"] * 9, "estadio").levels == ("I", "II", "III")


@pytest.mark.parametrize("cells", [["M", "F"], ["M", "S"], ["cat", "dog"], ["T1", "T2"]])
def test_words_without_an_order_get_none(cells):
    assert order_of(cells, "x") == ()
    assert one(cells * 20).kind == "nominal"


def test_small_counts_are_discrete_and_many_decimals_continuous():
    assert one(["0", "1", "2", "0", "0"] * 20, "image_num").kind == "discrete"
    assert one([f"{i / 7:.3f}" for i in range(200)]).kind == "continuous"
    assert one([f"{i % 60 + 20}" for i in range(200)], "age").kind == "discrete"
    assert one(["65.0", "70.0", "81.0"] * 20, "age").kind == "discrete"
    assert one(["0.25", "0.5"] * 100).kind == "discrete"


def test_sex_in_numbers_is_no_amount():
    assert one(["1", "2"] * 60, "sex").kind == "nominal"


def test_few_numbers_far_apart_are_codes_unless_they_share_a_step():
    assert one(["3", "17", "204"] * 50).kind == "nominal"
    assert one(["80", "100", "120", "140"] * 50).kind == "discrete"


@pytest.mark.parametrize("cells", [["yes", "no"], ["Sí", "No"], ["0", "1"], ["TRUE", "FALSE"]])
def test_yes_and_no_are_answers(cells):
    assert kind_of(cells * 20) == ("nominal", "yes-no", False)


@pytest.mark.parametrize(
    "cells",
    [
        ["2020-01-31", "2021-12-01"],
        ["31/01/2020", "1/2/21"],
        ["January 22, 2020", "Mar 4, 2020"],
        ["22 de enero de 2020", "3 feb 2021"],
        ["2020-01-31 10:22", "2020-02-01T10:22:03Z"],
    ],
)
def test_dates_are_known(cells):
    assert kind_of(cells * 5)[:2] == ("discrete", "date")


def test_dates_of_dicom_and_years_are_known_by_their_name():
    assert kind_of(["20200131", "20211230"] * 9, "StudyDate")[1] == "date"
    assert "year" in str(one(["1998", "2003", "2011"] * 9, "year").reason)


def test_empty_cells_and_words_for_nothing_are_counted_apart():
    found = one(["1.5", "", "  ", "NA", "n/a", "?", "2.5", "NA"])
    assert found.n_missing == 2
    assert dict(found.missing_words) == {"NA": 2, "n/a": 1, "?": 1}
    assert (found.n_absent, found.n_present, found.n_unique) == (6, 2, 2)
    assert found.numbers is not None
    assert found.numbers.mean == 2.0


def test_a_column_of_nothing_is_empty():
    found = one(["", " ", "NA"])
    assert (found.storage, found.n_unique, found.top) == ("empty", 0, ())


def test_one_value_is_constant_and_all_different_ones_are_unique():
    assert one(["images"] * 5).is_constant
    assert not one(["a", "b"]).is_constant
    assert one(["a", "b", ""]).is_unique


def test_figures_are_those_of_the_numbers():
    numbers = one(["-1", "0", "3", "6", "x"] + ["6"] * 40).numbers
    assert numbers is not None
    assert (numbers.n, numbers.minimum, numbers.maximum, numbers.n_negative) == (44, -1, 6, 1)
    assert numbers.median == 6
    assert numbers.sd == pytest.approx(statistics.stdev([-1, 0, 3, 6] + [6] * 40))


def test_a_decimal_comma_is_a_decimal_sign():
    numbers = one([f"{i},5" for i in range(30)]).numbers
    assert numbers is not None
    assert numbers.mean == 15.0


def test_numbers_beyond_all_bounds_do_not_spoil_the_figures():
    numbers = one(["1.5", "2.5", "1.0e+999"] * 20).numbers
    assert numbers is not None
    assert (numbers.n, numbers.maximum) == (40, 2.5)


def test_mixed_types_are_counted_with_the_first_of_each():
    found = one(["65", "old", "2020-01-01", "70", "unsure", "71", "72"])
    assert found.is_mixed
    assert [(t.name, t.n, t.example) for t in found.types] == [
        ("number", 4, "65"),
        ("text", 2, "old"),
        ("date", 1, "2020-01-01"),
    ]


def test_a_column_of_lists_is_said_to_be_one():
    for cells in (["[1, 2]", "[3]"], ["a|b", "c|d|e"], ["a;b", "c"]):
        found = one(cells * 10)
        assert found.n_lists > 0
        assert found.kind == "nominal"
    assert one(["{'a': 1}"] * 5).storage == "list"


def test_the_user_decides_and_the_reason_says_so():
    found = one([str(i % 50) for i in range(200)], "age", corrections={"age": "continuous"})
    assert (found.kind, found.is_corrected) == ("continuous", True)
    assert "you decided" in str(found.reason)
    assert found.numbers is not None
    assert one(["1", "2"], "k", corrections={"k": "identifier"}).is_identifier


def test_a_correction_of_nothing_is_refused():
    with pytest.raises(WrongUse, match=r"no column 'aeg'.*age"):
        describe({"age": ["1"]}, corrections={"aeg": "nominal"})
    with pytest.raises(WrongUse, match=r"'numeric' is no class.*continuous"):
        describe({"age": ["1"]}, corrections={"age": "numeric"})


def test_odd_names_and_odd_letters_are_borne():
    columns = {"a\nb": ["1"], "🙂": ["x\ud800"], "<b>bold</b>": ["<script>"], "": ["[1]"]}
    found = describe(columns)
    assert [variable.name for variable in found] == list(columns)


def test_no_rows_and_no_columns_are_borne():
    assert describe({}) == ()
    assert one([]).storage == "empty"


def test_memory_is_the_text_and_eight_bytes_for_each_cell():
    assert one(["ab", "ñ", ""]).memory_bytes == 4 + 24


def test_two_hundred_thousand_rows_are_no_burden():
    n = 200_000
    found = describe(
        {
            "id": [f"{i:x}" for i in range(n)],
            "value": [f"{i % 977}.5" for i in range(n)],
            "sex": ["M", "F"] * (n // 2),
        }
    )
    assert [(one.is_identifier, one.kind) for one in found] == [
        (True, "nominal"),
        (False, "continuous"),
        (False, "nominal"),
    ]
    assert found[2].top == (("M", n // 2), ("F", n // 2))


@given(st.lists(st.text(max_size=8), max_size=30))
def test_cells_are_never_lost(cells):
    found = one(cells)
    assert found.n_present + found.n_absent == len(cells)
    assert found.n_unique <= found.n_present
    assert sum(n for _, n in found.top) <= found.n_present
    assert sum(kind.n for kind in found.types) == found.n_present


@given(st.lists(st.sampled_from(["1", "2.5", "a", "", "NA", "low", "high"]), max_size=20))
def test_the_order_of_rows_changes_no_class(cells):
    there, back = one(cells), one(cells[::-1])
    assert (there.kind, there.storage, there.n_unique) == (back.kind, back.storage, back.n_unique)


def test_reasons_are_said_in_both_languages():
    from tamiz.core.catalogue.profile import TEXTS

    for language in ("en", "es"):
        set_language(language)
        for cells in (["a"], ["1"], ["1.5"], [""], ["[1]"], ["2020-01-01"], ["yes", "no"]):
            assert str(one(cells).reason).strip()
    assert {name for name in TEXTS if name.endswith("_fix")} <= {
        "no_such_column_fix",
        "no_such_kind_fix",
    }


@pytest.mark.shared_data
def test_the_table_of_the_stroke_slides(shared_data):
    with (shared_data / "stroke" / "train.csv").open(newline="") as file:
        head, *rows = csv.reader(file)
    columns = dict(zip(head, map(list, zip(*rows, strict=True)), strict=True))
    found = {variable.name: variable for variable in describe(columns)}
    assert found["center_id"].kind == "nominal"
    assert found["center_id"].n_unique == 11
    assert found["image_num"].kind == "discrete"
    for name in ("image_id", "patient_id"):
        assert (found[name].is_identifier, found[name].storage) == (True, "text")
    assert found["patient_id"].n_unique == 632
    assert found["label"].top == (("CE", 547), ("LAA", 207))
