"""Labels parted by a sign, one per column or one per row: the sets, and what is told of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import DataOptions
from tamiz.data.label_sets import join_labels, labels_in, membership
from tamiz.data.manifest import Manifest
from tamiz.inputs.find import find
from tamiz.inputs.several_labels import sets_of_texts
from tamiz.testing.pictures import png
from tamiz.testing.sources import write_files

LABELS = st.sets(st.text("abcñ -", min_size=1).filter(lambda s: s.strip() == s and s != "-"))


def source(tmp_path, table, n=4, **more):
    """Return a folder of `n` pictures i0.png, i1.png, ... beside `table`."""
    files = {f"i{number}.png": png(number) for number in range(n)}
    return write_files(tmp_path / "in", {**files, "labels.csv": table.encode(), **more})


def found(folder, **options):
    return find(DataOptions(source=str(folder), **options))


def told(result):
    return "\n".join(str(one.what) for one in result.findings)


@given(LABELS)
def test_a_set_of_labels_is_one_text_and_comes_back(labels):
    assert set(labels_in(join_labels(labels))) == labels
    assert join_labels(sorted(labels, reverse=True)) == join_labels(labels)


@given(st.lists(LABELS, min_size=1))
def test_texts_parted_by_a_sign_give_the_sets(sets):
    read = sets_of_texts([";".join(sorted(one)) for one in sets], ";")
    for joined, labels in zip(read.joined, sets, strict=True):
        folded = {" ".join(label.split()).casefold() for label in labels}
        assert (set() if joined is None else {x.casefold() for x in labels_in(joined)}) == folded


def test_labels_are_parted_and_empty_cells_are_unknown_while_a_dash_says_none(tmp_path):
    made = found(
        source(tmp_path, "file,label\ni0.png,hand|finger\ni1.png,finger\ni2.png,\ni3.png,-\n"),
        label_separator="|",
    )
    manifest = made.manifest
    assert manifest.is_multilabel
    assert manifest.column("label") == ["finger|hand", "finger", None, "-"]
    assert manifest.label_sets() == [("finger", "hand"), ("finger",), None, ()]
    assert manifest.classes() == ["finger", "hand"]


def test_stray_spaces_and_case_are_put_right_and_told(tmp_path):
    made = found(
        source(tmp_path, "file,label\ni0.png,Hand ;finger\ni1.png,hand\ni2.png,hand\ni3.png,\n"),
        label_separator=";",
    )
    assert made.manifest.column("label") == ["finger|hand", "hand", "hand", None]
    assert "1 label is written with stray spaces or another case" in told(made)
    assert "'Hand ' (1) is 'hand'" in told(made)


def test_a_gap_between_signs_is_passed_over_and_told():
    read = sets_of_texts(["a;;b", "c;"], ";")
    assert read.joined == ["a|b", "c"]
    assert "2 rows have a separator with nothing beside it" in str(read.findings[0].what)


def test_a_separator_that_is_nowhere_is_told_with_the_sign_that_is():
    read = sets_of_texts(["a,b", "b,c", "c"], ";")
    assert "no label holds the separator ';'" in str(read.findings[0].what)
    assert "',' stands in 2 labels" in str(read.findings[0].advice)
    assert read.findings[0].command == "tamiz run {source} --label-separator ','"


def test_a_tab_may_be_named():
    assert sets_of_texts(["a\tb"], "tab").joined == ["a|b"]


def test_labels_that_would_be_mixed_up_are_refused():
    with pytest.raises(WrongData, match=r"'a\|b' cannot be a label"):
        sets_of_texts(["a|b;c"], ";")
    with pytest.raises(WrongData, match="names labels and '-'"):
        sets_of_texts(["a;-"], ";")


def test_columns_of_one_and_zero_are_labels_and_no_longer_columns(tmp_path):
    table = "file,hand,finger,age\ni0.png,1,1.0,3\ni1.png,0,0,4\ni2.png,True,false,5\ni3.png,,,6\n"
    made = found(source(tmp_path, table), label_columns=["hand", "finger"])
    assert made.manifest.column("label") == ["finger|hand", "-", "hand", None]
    assert made.manifest.free_column_names == ["file", "age"]  # a label is no clue to itself


def test_columns_of_labels_hold_bits_only_and_the_line_is_named(tmp_path):
    folder = source(tmp_path, "file,hand,finger\ni0.png,1,0\ni1.png,2,0\n")
    with pytest.raises(WrongData, match="column 'hand' holds '2'") as caught:
        found(folder, label_columns=["hand", "finger"])
    assert "labels.csv:3" in str(caught.value)
    half = source(tmp_path / "half", "file,hand,finger\ni0.png,1,\n")
    with pytest.raises(WrongData, match="column 'finger' holds ''"):
        found(half, label_columns=["hand", "finger"])


def test_columns_that_are_not_there_or_one_label_are_refused(tmp_path):
    folder = source(tmp_path, "file,hand,Hand\ni0.png,1,0\n")
    with pytest.raises(WrongUse, match="did you mean 'hand'"):
        found(folder, label_columns=["hands"])
    with pytest.raises(WrongData, match="name the same label"):
        found(folder, label_columns=["hand", "Hand"])


def test_rows_of_one_file_put_their_labels_together(tmp_path):
    table = "file,label,patient\ni0.png,hand,p\ni1.png,finger,q\ni0.png,Finger,p\ni2.png,,r\n"
    made = found(source(tmp_path, table), repeated="labels")
    assert made.manifest.column("label")[:3] == ["Finger|hand", "Finger", None]
    assert "1 image has several rows" in told(made)
    with pytest.raises(WrongData, match="different labels") as caught:
        found(source(tmp_path / "again", table))
    assert "--repeated labels" in str(caught.value)


def test_rows_and_columns_can_be_combined_with_a_separator(tmp_path):
    table = "file,label\ni0.png,a;b\ni0.png,c\ni1.png,-\ni1.png,a\ni2.png,-\n"
    made = found(source(tmp_path, table), repeated="labels", label_separator=";")
    assert made.manifest.column("label") == ["a|b|c", "a", "-"]


def test_class_folders_and_names_can_be_parted_too(tmp_path):
    files = {"hand+finger/a.png": png(1), "hand/b.png": png(2), "none/c.png": png(3)}
    made = found(write_files(tmp_path / "in", files), label_separator="+")
    assert made.manifest.column("label") == ["finger|hand", "hand", "none"]
    named = write_files(tmp_path / "n", {"x_a+b.png": png(1), "y_b.png": png(2)})
    made = found(named, label_separator="+", label_from_name=r"_([a-z+]+)\.")
    assert made.manifest.column("label") == ["a|b", "b"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"label_columns": ["hand"], "label": "label"}, "--label-columns and --label "),
        ({"label_columns": ["hand"], "label_separator": ";"}, "--label-separator"),
        ({"repeated": "labels", "label_from_name": "(.)"}, "--repeated and --label-from-name"),
        ({"label_separator": ""}, "sign between labels is empty"),
    ],
)
def test_two_ways_of_saying_it_and_an_empty_sign_are_refused(tmp_path, options, words):
    folder = source(tmp_path, "file,label,hand\ni0.png,a,1\n")
    with pytest.raises(WrongUse, match=words):
        found(folder, **options)


def test_a_manifest_of_several_labels_keeps_them_over_any_way_it_goes(tmp_path):
    manifest = Manifest.from_columns(
        {"path": ["a", "b", "c"], "label": ["x|y", "-", None]}, tmp_path, is_multilabel=True
    )
    for made in (manifest.take([0, 1, 2]), manifest.where(frame=0), manifest.with_columns({})):
        assert made.label_sets() == [("x", "y"), (), None]
    manifest.save(tmp_path / "m.parquet")
    assert Manifest.load(tmp_path / "m.parquet").label_sets() == manifest.label_sets()
    plain = Manifest.from_columns({"path": ["a"], "label": ["x|y"]}, tmp_path)
    assert plain.label_sets() == [("x|y",)]
    assert plain.classes() == ["x|y"]
    assert plain.digest() != manifest.digest()


def test_membership_is_a_table_of_yes_and_no():
    assert membership([("b",), (), ("a", "b")], ["a", "b"]).tolist() == [
        [False, True],
        [False, False],
        [True, True],
    ]
